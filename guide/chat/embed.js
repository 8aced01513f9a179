// Guide on another website; docs/embed.md shows how. Guide serves this followed by its words and colours, as `own`.
// It keeps nothing, and of what is said in the frame it learns nothing: only of Escape and of the quick exit.
((own) => {
  const NEUTRAL = "https://www.wikipedia.org/";
  const ESCAPES = 3, ESCAPE_SPAN_MS = 2000, PATIENCE_MS = 15000;
  const script = document.currentScript;
  const home = new URL(".", script.src);
  const { inline, target } = script.dataset;

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };
  const link = (address, words) =>
    make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);

  const frame = make("iframe", { title: own.title, referrerpolicy: "no-referrer" });
  const told = make("div", { class: "told", role: "status" });
  const close = make("button", { type: "button", class: "close" }, own.close);
  const dialog = make("dialog", { "aria-label": own.title, "aria-modal": "true" });

  // ── the frame and this page ──────────────────────────────────────────────────────────────────────────────────────
  const load = () => {
    if (frame.src) return;
    frame.src = home.href;
    setTimeout(() => here || told.replaceChildren(own.absent, link(home.href, own.alone), link(own.lines, own.help)), PATIENCE_MS);
  };

  let here = false;
  addEventListener("message", (event) => {
    if (event.origin !== home.origin || event.source !== frame.contentWindow) return;
    const { guide: said, used } = event.data ?? {};
    if (said === "here") {
      here = true;
      told.replaceChildren();
      // So that the frame knows to whom it speaks.
      frame.contentWindow.postMessage({ guide: "hello" }, home.origin);
      // Whoever has gone elsewhere meanwhile stays there.
      if (dialog.open && root.activeElement === close) frame.focus();
    } else if (said === "leave") {
      leave();
    } else if (said === "escape") {
      if (!used) dialog.close();
      escaped();
    }
  });

  // ── the quick exit ───────────────────────────────────────────────────────────────────────────────────────────────
  const leave = () => {
    document.title = "";
    document.body.replaceChildren();
    location.replace(NEUTRAL);
  };

  let escapes = [];
  const recent = () => escapes.filter((then) => performance.now() - then < ESCAPE_SPAN_MS);
  const escaped = () => {
    escapes = [...recent(), performance.now()];
    if (escapes.length >= ESCAPES) leave();
  };
  // The first closes the panel, and the others are pressed here. The page's own use of the key is none of ours.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (dialog.open || recent().length)) escaped();
  }, true);

  // ── what is drawn ────────────────────────────────────────────────────────────────────────────────────────────────
  const holder = make("div", { lang: own.language, class: "guide" });
  const root = holder.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet(); // a page's policy may forbid style elements
  styles.replaceSync(own.styles);
  root.adoptedStyleSheets = [styles];

  const panel = () => {
    const opener = make("button", { type: "button", class: "opener", "aria-haspopup": "dialog" }, own.open);
    const page = document.documentElement;
    let overflow = "";
    opener.addEventListener("click", () => {
      overflow = page.style.overflow;
      page.style.overflow = "hidden";
      load();
      dialog.showModal();
      if (here) frame.focus();
      else close.focus();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      page.style.overflow = overflow;
      opener.focus(); // Safari doesn't focus a button that is clicked, and so wouldn't come back to it
    });
    dialog.append(make("div", { class: "bar" }, make("strong", {}, own.title), close), told, frame);
    return [opener, dialog];
  };

  const draw = () => {
    if (inline === undefined && target === undefined) {
      root.append(...panel());
      document.body.append(holder);
      return;
    }
    const place = target ? document.querySelector(target) : null;
    if (target && !place) return console.error(`Guide: nothing on this page is ${target}, which data-target names.`);
    holder.classList.add("inline");
    root.append(told, frame);
    if (place) place.append(holder);
    else script.after(holder);
    load();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", draw);
  else draw();
})
