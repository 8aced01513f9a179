// The little that HTML and CSS can't do: the way back from a citation, the quick exit, what moves when an answer comes.
// Nothing here reads or writes storage, and nothing leaves for another address but the quick exit.
const guidePage = (() => {
  const NEUTRAL = "https://www.wikipedia.org/";
  const ESCAPES = 3, ESCAPE_SPAN_MS = 2000, REST_MS = 300, COVERED_PX = 60;
  const byId = (id) => document.getElementById(id);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  let cameFrom = null;

  // ── links within the page ────────────────────────────────────────────────────────────────────────────────────────
  const goTo = guideAddress.goTo;

  const back = () => {
    guideReading.leave();
    const place = cameFrom && cameFrom.isConnected ? cameFrom : byId("question");
    goTo(place.closest("[id]").id, () => {
      const field = place.matches("a, button, textarea") ? place : place.querySelector("textarea");
      if (!field) return;
      field.focus({ preventScroll: true });
      field.scrollIntoView({ block: "center" });
    });
  };
  guideAddress.onBack(back);
  guideAddress.onForward(() => guideReading.resume());

  const markPoints = (link) => {
    document.querySelectorAll(".point.answers").forEach((point) => point.classList.remove("answers"));
    const points = (link.dataset.points || "").split(" ").filter(Boolean).map(byId).filter(Boolean);
    points.forEach((point) => point.classList.add("answers"));
  };

  const follow = (id, link) => {
    markPoints(link);
    goTo(id);
  };

  document.addEventListener("click", (event) => {
    const leave = event.target.closest(".leave");
    if (leave) return exit();
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.classList.contains("back")) return back();
    if (!link.closest("#reading, #help")) cameFrom = link;
    link.closest("details.contents")?.removeAttribute("open");
    guideReading.lead(link.getAttribute("href").slice(1), link);
  });

  // ── the quick exit ───────────────────────────────────────────────────────────────────────────────────────────────
  const exit = () => {
    guideAloud.stop();
    document.title = "";
    document.body.replaceChildren();
    // Within another page that one leaves too, and holds the steps back.
    if (guideFrame.framed) guideFrame.leaveTo(NEUTRAL);
    else guideAddress.leaveFor(NEUTRAL);
  };

  let escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = performance.now();
    escapes = [...escapes.filter((then) => now - then < ESCAPE_SPAN_MS), now];
    if (escapes.length >= ESCAPES) return exit();
    const menu = document.querySelector("details.menu[open]");
    const opened = document.querySelector("#help:target, #reading:target, #reading :target");
    guideFrame.escaped(Boolean(menu || opened));
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (opened) back();
  });

  // ── menus, and what a phone leaves to see ────────────────────────────────────────────────────────────────────────
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // How high the bar and the question box are, and what a keyboard on the screen covers: the styles keep clear of it.
  const measure = () => {
    const view = window.visualViewport;
    const covered = view && view.scale < 1.01 ? document.documentElement.clientHeight - view.height - view.offsetTop : 0;
    const sizes = { keyboard: covered > COVERED_PX ? covered : 0 };
    for (const [name, part] of [["bar", byId("masthead")], ["composer", byId("composer")]]) {
      if (part) sizes[name] = part.clientHeight;
    }
    for (const [name, size] of Object.entries(sizes)) {
      document.documentElement.style.setProperty(`--${name}`, `${Math.round(size)}px`);
    }
  };
  const sized = new ResizeObserver(measure);
  const watchSizes = () => ["masthead", "composer"].map(byId).forEach((part) => part && sized.observe(part));
  ["resize", "scroll"].forEach((kind) => window.visualViewport?.addEventListener(kind, () => measure()));

  // ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────
  const GIVE_UP_MS = 15000;
  const asking = () => {
    guideReading.leave();
    guideReading.asking();
    guideAloud.stop();
    byId("conversation")?.classList.add("asking");
    setTimeout(answered, GIVE_UP_MS);
  };
  const answered = () => byId("conversation")?.classList.remove("asking");
  const typed = () => document.querySelector("#question textarea")?.value.trim();

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("#question textarea") && typed()) asking();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#ask") && typed()) asking();
    if (event.target.closest(".print")) print();
    if (event.target.closest(".print-sheet")) {
      document.body.classList.add("printing-sheet");
      print();
      document.body.classList.remove("printing-sheet");
    }
  });

  // “That isn't what I meant”, “Search it as I typed it”: the turn is drawn anew in its place. Who pressed the button
  // reads on from there.
  let pressed = null;
  const askingAgain = (button) => {
    pressed = { button, turn: button.closest(".turn").id, country: button.matches("select") ? button.value : null };
    asking();
  };
  const answeredAgain = () => {
    if (!pressed) return;
    // Drawn anew, the choice of a country may be the same element: then it names the country that was chosen.
    const { button, country } = pressed;
    if (button.isConnected && (country === null || button.dataset.country !== country)) return;
    const turn = byId(pressed.turn), kind = country === null ? ".kindly, .as-typed, .not-meant" : ".country-of-card";
    pressed = null;
    answered();
    if (!turn) return;
    turn.scrollIntoView({ block: "start" });
    turn.querySelector(kind)?.focus({ preventScroll: true });
  };

  // A message of many lines is folded; its button is there only where it has something to show.
  const folded = () => {
    document.querySelectorAll(".show-all[aria-expanded=false]").forEach((button) => {
      const words = button.previousElementSibling.querySelector(".asked-words");
      const hides = words.scrollHeight > words.clientHeight + 1;
      if (button.hidden === hides) button.hidden = !hides;
    });
  };
  addEventListener("resize", () => folded());
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".show-all");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    button.dataset.all ||= button.textContent;
    button.textContent = open ? button.dataset.less : button.dataset.all;
    if (!open) button.closest(".turn").scrollIntoView({ block: "start" });
  });

  // A long message must not push the numbers to call off the first screen.
  const startOf = (turn) => {
    const danger = turn.querySelector(":is(.care-abuse, .care-crisis, .care-emergency) > h3");
    const asked = turn.querySelector(".asked");
    return danger && asked.offsetHeight > innerHeight / 6 ? danger : turn;
  };

  let turns = 0;
  const arrived = () => {
    answeredAgain();
    folded();
    const all = document.querySelectorAll("#conversation .turn");
    if (all.length <= turns) return;
    turns = all.length;
    answered();
    closeSurvey();
    const field = document.querySelector("#question textarea");
    const typing = document.activeElement === field && !matchMedia("(pointer: coarse)").matches;
    const place = startOf(all[turns - 1]);
    // Naming the answer in the address closes the article's drawer and takes the last citation's colour away.
    const shown = () => {
      // Who types goes on typing; a phone's keyboard would cover the answer.
      if (typing) field.focus({ preventScroll: true });
      else field?.blur();
      guideReading.beside(all[turns - 1].querySelector(".cite[data-points]"));
    };
    if (location.hash) return goTo(place.id, shown);
    place.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    shown();
  };

  // ── what can be done with a passage of the article ───────────────────────────────────────────────────────────────
  // One row of tools, which comes to the passage that is pointed at, focused or tapped.
  const tools = document.createElement("div");
  tools.className = "passage-tools";

  const showTools = (passage) => {
    const words = document.querySelector("#reading-head .tools")?.dataset;
    if (!words || (tools.previousElementSibling === passage && tools.dataset.turns === String(turns))) return;
    tools.dataset.turns = turns;
    tools.replaceChildren();
    const quoted = new Map();
    document.querySelectorAll(`#conversation .cite[href="#${passage.id}"]`).forEach((link) => {
      const turn = link.closest(".turn");
      if (!quoted.has(turn)) quoted.set(turn, link);
    });
    const all = [...document.querySelectorAll("#conversation .turn")];
    quoted.forEach((link, turn) => {
      const way = document.createElement("a");
      way.href = `#${turn.id}`;
      way.textContent = words.quoted.replace("{numbers}", all.indexOf(turn) + 1);
      tools.append(way);
    });
    const ask = document.createElement("button");
    ask.type = "button";
    ask.className = "ask";
    ask.textContent = words.askAbout;
    ask.dataset.ask = passage.dataset.question || words.about.replace("{section}", passage.dataset.section);
    tools.append(ask);
    // Beside the passage, not in it: what a citation opens is the quoted words and nothing else.
    passage.after(tools);
  };
  const passageOf = (event) => event.target.closest?.("#article .passage");
  ["focusin", "click"].forEach((kind) =>
    document.addEventListener(kind, (event) => passageOf(event) && showTools(passageOf(event))),
  );
  // They move the text below: only where the pointer rests.
  document.addEventListener("pointerover", (event) => {
    const passage = passageOf(event);
    if (passage) setTimeout(() => passage.matches(":hover") && showTools(passage), REST_MS);
  });

  // ── the map and the table: drawn anew for the next question when they are opened again ───────────────────────────
  const closeSurvey = () => {
    const folder = byId("explore");
    if (!folder) return;
    folder.open = false;
    folder.querySelectorAll(".map, .legend, .scores").forEach((part) => part.remove());
  };

  // ── help lines of a country ──────────────────────────────────────────────────────────────────────────────────────
  const showCountry = (code) => {
    document.querySelectorAll(".country-lines").forEach((lines) => (lines.hidden = lines.dataset.country !== code));
  };
  // A country chosen on a card is the panel's too.
  const choseCountry = (code) => {
    byId("country").value = code;
    showCountry(code);
  };
  const fillCountries = () => {
    const all = byId("country");
    document.querySelectorAll(".country-of-card").forEach((choice) => {
      if (!all || pressed?.button === choice) return;
      if (choice.dataset.named !== document.documentElement.lang) {
        choice.replaceChildren(...[...all.options].map((option) => option.cloneNode(true)));
        choice.dataset.named = document.documentElement.lang;
      }
      choice.value = choice.dataset.country;
    });
  };

  // ── when the page is there ───────────────────────────────────────────────────────────────────────────────────────
  const settle = () => {
    const language = document.querySelector("[data-ui-language]")?.dataset.uiLanguage;
    if (language && document.documentElement.lang !== language) document.documentElement.lang = language;
    if (language) {
      localise("span[data-language]", "language", language);
      localise("#country option:not([value=''])", "region", language);
      localise("span[data-region]", "region", language);
    }
    fillCountries();
    switched(language);
    guideReading.settle();
    arrived();
    guideAloud.settle();
    watchSizes();
  };

  // The server names countries in English, and languages by their codes; the browser knows their names in every language.
  const localise = (elements, type, language) => {
    const names = new Intl.DisplayNames([language], { type });
    document.querySelectorAll(elements).forEach((element) => {
      if (element.dataset.named === language) return;
      element.dataset.named = language;
      const code = element.dataset.language || element.dataset.region || element.value;
      try {
        element.textContent = names.of(code);
      } catch {
        // No code that the browser knows: what stands there says it too.
      }
    });
  };

  // The bar is drawn anew in the language that was chosen; who chose it goes on from there.
  let choosing = "";
  const switching = () => (choosing = document.querySelector("[data-ui-language]")?.dataset.uiLanguage || "");
  const switched = (language) => {
    if (!choosing || choosing === language) return;
    choosing = "";
    document.querySelector(".languages > summary")?.focus({ preventScroll: true });
  };

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paper = () => getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  const tint = () => {
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", paper());
  };
  dark.addEventListener("change", tint);

  // Gradio names it from the root of the address, where another site may stand.
  const nameManifest = () => document.querySelector("link[rel=manifest]")?.setAttribute("href", "manifest.json");

  const watch = () => {
    tint();
    nameManifest();
    // A keyboard on the screen makes the page lower, where a browser can do that.
    const view = document.querySelector("meta[name=viewport]");
    if (view) view.content = "width=device-width, initial-scale=1, interactive-widget=resizes-content";
    new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
    settle();
  };
  // Once the other script is there too.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", watch);
  else setTimeout(watch);

  return { asking, askingAgain, choseCountry, follow, goTo, markPoints, showCountry, switching };
})();
