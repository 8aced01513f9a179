// The connection to the server. Once it is lost, what was sent waits in the page until the server is there again, and goes
// out then, once; meanwhile the page shows the help lines that it holds. Gradio alone would load the page anew, and the
// conversation would be gone. What is asked while the page's language and country are still on their way waits, too.
const guideConnection = (() => {
  const FIRST_REST_MS = 500, LONGEST_REST_MS = 8000, LOOKS_AFTER_MS = 15000, HEALTH_MS = 10000;
  const NOBODY_BEHIND_THE_PROXY = [502, 503, 504], ANOTHER_PAGE = 409;
  const BOX = "#question textarea", PRESSED = "[data-ask], [data-withdraw], [data-as-typed]", ASKS = `#ask, ${PRESSED}`;
  const send = window.fetch.bind(window);
  const byId = (id) => document.getElementById(id);
  const root = location.origin + location.pathname.replace(/\/?$/, "/");
  const page = () => document.querySelector("meta[name=guide-page]")?.content || "";
  const isEvent = (input) => String(input.url || input).split("?")[0].endsWith("/gradio_api/run/predict");

  let waiting = null, hurry = () => {}, held = 0, old = false;

  // ── what a person sees of it ─────────────────────────────────────────────────────────────────────────────────────
  const part = (kind, words, name) =>
    Object.assign(document.createElement(kind), { textContent: words, className: name });
  const reload = (words) => {
    const button = part("button", words, "button");
    button.type = "button";
    button.addEventListener("click", () => location.reload());
    return button;
  };

  // All of it stands in the page: the words in the bar on top, the lines in the panel behind “Need help now?”.
  const draw = () => {
    const notice = byId("lost");
    if (!notice) return;
    keepBox();
    notice.hidden = !waiting && !old;
    const [said, lines] = notice.children, words = notice.dataset;
    said.replaceChildren();
    lines.replaceChildren(part("summary", words.help, ""));
    if (notice.hidden) return;
    const shown = document.querySelectorAll(".country-lines:not([hidden]) > :is(h3, .lines)");
    lines.append(...[...shown].map((one) => one.cloneNode(true)));
    said.append(
      part("p", old ? words.renewed : words.lost, "lost-title"),
      part("p", old ? words.renewedWords : held ? words.kept : words.wait, ""),
      ...(old ? [reload(words.reload)] : []),
    );
  };

  // ── one thing after another ──────────────────────────────────────────────────────────────────────────────────────
  // The page's first event brings its language and country; others are chosen. What is asked or chosen meanwhile waits
  // until that is there: it would be drawn over, and asked without it. The last of a kind counts.
  let isSettled = false;
  const later = new Map();
  const inTurn = (kind, does) => {
    if (!isSettled) {
      later.delete(kind);
      later.set(kind, does);
      return keepBox();
    }
    isSettled = kind === "ask";
    does();
  };
  const settled = () => {
    isSettled = true;
    while (isSettled && later.size) {
      const kind = [...later.keys()].find((one) => one !== "ask") || "ask";
      const does = later.get(kind);
      later.delete(kind);
      keepBox();
      inTurn(kind, does);
    }
  };

  const keepBox = () => {
    const box = document.querySelector(BOX);
    if (box) box.readOnly = Boolean(held) || later.has("ask");
  };

  // One message waits, not two: nothing more is asked until it has been answered.
  const ask = (event) => {
    const asks = event.type === "click" ? event.target.closest(ASKS) : event.target.matches(BOX);
    if (!asks || (event.type === "keydown" && (event.key !== "Enter" || event.shiftKey))) return;
    const waits = held || old || later.has("ask");
    if (!waits && (isSettled || event.target.closest(PRESSED))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waits || !document.querySelector(BOX).value.trim()) return;
    guidePage.asking();
    inTurn("ask", () => byId("ask").click());
  };
  ["click", "keydown"].forEach((kind) => window.addEventListener(kind, ask, true));
  document.addEventListener("change", (event) => event.target.id === "country" && setTimeout(draw));

  // ── until it is back ─────────────────────────────────────────────────────────────────────────────────────────────
  // A hotel's page for signing in answers too: only Guide says that it is well.
  const isUp = async () => {
    try {
      const response = await send(`${root}health`, { cache: "no-store", signal: AbortSignal.timeout(HEALTH_MS) });
      return (await response.json()).status === "ok";
    } catch {
      return false;
    }
  };

  const rest = (time) => new Promise((rested) => (hurry = rested, setTimeout(rested, time)));
  const watch = async () => {
    for (let time = FIRST_REST_MS; ; time = Math.min(LONGEST_REST_MS, time * 1.5)) {
      await rest(time);
      if (await isUp()) break;
    }
    waiting = null;
    draw();
  };
  const back = () => {
    if (!waiting) {
      waiting = watch();
      draw();
    }
    return waiting;
  };
  addEventListener("offline", async () => (await isUp()) || back());
  addEventListener("online", () => hurry());
  document.addEventListener("visibilitychange", () => hurry());

  // ── what Gradio sends ────────────────────────────────────────────────────────────────────────────────────────────
  // The answer, or nothing if nobody is there to give one: a request that hangs is given up once the server doesn't say
  // that it is well either.
  const attempt = async (input, options) => {
    const controller = new AbortController();
    const looking = setInterval(async () => (await isUp()) || controller.abort(), LOOKS_AFTER_MS);
    try {
      const response = await send(input, { ...options, signal: controller.signal });
      return NOBODY_BEHIND_THE_PROXY.includes(response.status) ? null : response;
    } catch {
      return null;
    } finally {
      clearInterval(looking);
    }
  };

  // In the order in which they came: what was chosen last counts.
  let last = Promise.resolve();
  const again = async (input, options) => {
    held += 1;
    draw();
    let response = null;
    for (const before = last; !response; ) {
      await back();
      await before;
      response = await attempt(input, options);
    }
    held -= 1;
    draw();
    return response;
  };

  window.fetch = async (input, options) => {
    if (!isEvent(input)) return send(input, options);
    const marked = { ...options, headers: new Headers(options?.headers) };
    marked.headers.set("X-Guide-Page", page());
    let response = waiting ? null : await attempt(input, marked);
    if (!response) response = await (last = again(input, marked));
    if (response.status !== ANOTHER_PAGE) return response;
    // Another version of Guide, whose page has other parts: nothing more can be asked from this one.
    old = true;
    draw();
    return new Promise(() => {});
  };

  return { inTurn, settled };
})();
