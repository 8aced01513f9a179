// What is read: an article comes from the server when it is opened, and so do places that a search finds and names of
// articles. Nothing of it is kept but in the page.
const guideReading = (() => {
  const GIVE_UP_MS = 15000, REST_MS = 250, BESIDE_PX = 16;
  const byId = (id) => document.getElementById(id);
  const head = () => document.querySelector("#reading-head .tools")?.dataset;
  const isPlace = (id) => /^(p|section|source)-/.test(id);
  const isShown = () => Boolean(byId("reading")?.checkVisibility());
  const isBeside = () => isShown() && getComputedStyle(byId("reading")).position === "sticky";

  // What the server says, or an error whose message is a sentence for people; `gone` if trying again is of no use.
  const ask = async (what, asked, controller) => {
    const end = setTimeout(() => controller.abort(), GIVE_UP_MS);
    const root = location.origin + location.pathname.replace(/\/?$/, "/");
    const language = document.querySelector("[data-ui-language]")?.dataset.uiLanguage || "";
    try {
      const response = await fetch(`${root}chat/${what}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ language, ...asked }),
        signal: controller.signal,
      });
      const said = await response.json();
      if (!response.ok) throw Object.assign(new Error(said.error), { gone: response.status === 404, told: true });
      return said;
    } finally {
      clearTimeout(end);
    }
  };

  const says = (place, sentence, again) => {
    if (!place) return;
    place.replaceChildren(...(sentence ? [Object.assign(document.createElement("span"), { textContent: sentence })] : []));
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet try-again";
    button.textContent = head().again;
    button.addEventListener("click", again);
    place.append(" ", button);
  };

  // ── opening an article ───────────────────────────────────────────────────────────────────────────────────────────
  let opened = "", outline = "", drawn = "", wanted = null, offered = false;
  let goOn = () => {}; // with the way to a place whose article hasn't come

  // Forgets what is being opened: somebody has gone on.
  const leave = () => {
    if (!wanted) return;
    wanted.abort();
    wanted = null;
    says(byId("opening"), "");
  };

  // Whether the article with `place` stands in the page now.
  const open = async (place, again) => {
    leave();
    const controller = (wanted = new AbortController());
    drawn = head().stamp;
    says(byId("opening"), head().opening);
    try {
      const said = await ask("article", { place }, controller);
      if (wanted !== controller) return false;
      fill(said);
      says(byId("opening"), "");
      return true;
    } catch (error) {
      if (wanted !== controller) return false;
      if (error.gone && isOpened(place)) clear();
      const sentence = error.told ? error.message : head().notFetched;
      says(byId("opening"), sentence, error.gone ? null : again);
      byId("opening").scrollIntoView({ block: "nearest" });
      return false;
    } finally {
      if (wanted === controller) wanted = null;
    }
  };

  const isOpened = (place) => place === `source-${opened}`;
  const clear = () => {
    opened = "";
    offered = true; // what is said of it stays until somebody opens another
    byId("opened").replaceChildren();
    byId("outline")?.replaceChildren();
  };

  const fill = (said) => {
    const target = document.querySelector("#opened :target")?.id;
    const answers = [...document.querySelectorAll("#opened .point.answers")].map((point) => point.id);
    byId("opened").innerHTML = said.html;
    byId("outline").innerHTML = outline = said.outline;
    opened = said.article;
    // Drawn anew, it is as it was.
    answers.forEach((id) => byId(id)?.classList.add("answers"));
    if (target && byId(target)) guidePage.goTo(target);
    highlight();
  };

  // The way to a place of the page: at once if it is there, otherwise once its article has come.
  const lead = async (id, link) => {
    leave();
    goOn = () => {};
    if (byId(id) || !isPlace(id)) {
      guidePage.follow(id, link);
      settle();
      return;
    }
    goOn = () => lead(id, link);
    // On a narrow page the article is a drawer.
    if (!isShown()) guidePage.goTo("reading");
    if (!(await open(id, goOn))) return;
    goOn = () => {};
    const field = document.activeElement;
    guidePage.follow(id, link);
    // Who has begun to type meanwhile goes on typing.
    if (field.matches("#question textarea")) field.focus({ preventScroll: true });
  };

  // ── going along with the conversation ────────────────────────────────────────────────────────────────────────────
  // An answer's words are shown in the article beside it, where there is room: the address and the focus stay where they
  // are. Not while somebody reads there: has scrolled, pressed or typed in it since the question was asked.
  let reads = false;
  ["wheel", "touchmove", "pointerdown", "keydown"].forEach((kind) =>
    document.addEventListener(kind, (event) => (reads ||= Boolean(event.target.closest?.("#reading"))), { passive: true }),
  );
  const asking = () => (reads = false);
  const isRead = () =>
    reads || byId("reading").contains(document.activeElement) || byId("reading").contains(getSelection().focusNode);

  const beside = async (link) => {
    document.querySelectorAll("#opened .quoted").forEach((passage) => passage.classList.remove("quoted"));
    if (!link || !isBeside() || isRead()) return;
    const id = link.getAttribute("href").slice(1);
    if (!byId(id) && !(await open(id, () => beside(link)))) return;
    if (!byId(id) || isRead() || document.querySelector("#reading :target")) return;
    guidePage.markPoints(link);
    byId(id).classList.add("quoted");
    const reading = byId("reading"), head = byId("reading-head").offsetHeight;
    const downTo = (place) => place.getBoundingClientRect().top - reading.getBoundingClientRect().top - head - BESIDE_PX;
    const heading = byId(id).previousElementSibling;
    const start = downTo(heading?.matches(":is(h3, h4, h5, h6)") ? heading : byId(id));
    const words = downTo(byId(id).querySelector(".point.answers") || byId(id));
    // From the beginning, where the words that answer are then in view too.
    reading.scrollBy({ top: words - start < (reading.clientHeight - head) / 2 ? start : words });
  };

  // An article that is asked alone stands beside the conversation, where there is room.
  const nameChosen = (article, name) => {
    byId("article-asked").value = article;
    byId("article-named").textContent = name;
    document.querySelector(".picker").classList.toggle("chosen", Boolean(article));
  };
  const chose = (article, name) => {
    nameChosen(article, name);
    if (article && isShown()) openBeside(article);
    if (byId("find")?.value) find();
  };
  const openBeside = (article) => open(`source-${article}`, () => openBeside(article));

  // ── when the page is drawn, or a part of it anew ─────────────────────────────────────────────────────────────────
  let linked = location.hash.slice(1);

  const settle = () => {
    const words = head();
    if (!words?.stamp || !byId("opened")) return;
    // A link to a passage from elsewhere.
    if (linked && (isPlace(linked) || byId(linked))) {
      const id = linked;
      linked = "";
      return void lead(id, document.createElement("a"));
    }
    if (wanted) return;
    if (opened) {
      // The articles or the language have changed.
      if (drawn !== words.stamp) openBeside(opened);
      else if (!byId("outline").firstChild) byId("outline").innerHTML = outline;
    } else if (words.only && !offered && isShown()) {
      offered = true;
      openBeside(words.only);
    }
  };

  // ── search within all articles ───────────────────────────────────────────────────────────────────────────────────
  let finding = null, resting = 0, places = [], shown = -1;

  const find = async () => {
    finding?.abort();
    const words = byId("find").value.trim();
    highlight();
    if (words.length < 2) return showFound({ says: "", html: "" });
    const controller = (finding = new AbortController());
    const roles = document.querySelector("#conversation [data-roles]")?.dataset.roles;
    const asked = {
      words,
      article: byId("article-asked")?.value || "",
      country: byId("country")?.value || "",
      ...(roles === undefined ? {} : { roles: roles.split(" ").filter(Boolean) }),
    };
    try {
      const said = await ask("find", asked, controller);
      if (finding === controller) showFound(said);
    } catch (error) {
      if (finding !== controller) return;
      showFound({ says: "", html: "" });
      says(byId("found"), error.told ? error.message : head().notSearched, find);
    }
  };

  const showFound = (said) => {
    byId("results").innerHTML = said.html;
    says(byId("found"), said.says);
  };

  // The words found in the article that is open, without touching it.
  const highlight = () => {
    places = [];
    shown = -1;
    const wanted = byId("find")?.value.trim().toLowerCase() || "";
    const article = document.querySelector("#opened .source");
    if (wanted.length > 1 && article && window.CSS?.highlights) {
      const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, Math.min(at + wanted.length, node.length));
          places.push(range);
        }
      }
    }
    window.CSS?.highlights?.set("found", new Highlight(...places));
    window.CSS?.highlights?.delete("found-here");
  };

  const next = () => {
    if (!places.length) return byId("results").querySelector("a")?.click();
    shown = (shown + 1) % places.length;
    window.CSS.highlights.set("found-here", new Highlight(places[shown]));
    places[shown].startContainer.parentElement.scrollIntoView({ block: "center" });
  };

  // ── names of articles ────────────────────────────────────────────────────────────────────────────────────────────
  let naming = null;

  const names = async (field) => {
    naming?.abort();
    const controller = (naming = new AbortController());
    const holder = field.closest(".names");
    const status = holder.querySelector("[role=status]");
    try {
      const said = await ask("names", { words: field.value, purpose: holder.dataset.for }, controller);
      if (naming !== controller) return;
      holder.querySelector(".name-list").innerHTML = said.html;
      says(status, said.says);
    } catch (error) {
      if (naming === controller) says(status, error.told ? error.message : head().notSearched, () => names(field));
    }
  };

  document.addEventListener("input", (event) => {
    const field = event.target;
    const look = field.id === "find" ? find : field.matches(".find-name") ? () => names(field) : null;
    if (!look) return;
    clearTimeout(resting);
    resting = setTimeout(look, REST_MS);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "find" && event.key === "Enter") next();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-choose]");
    if (!button) return;
    const picker = button.closest(".picker");
    nameChosen(button.dataset.choose, button.textContent);
    picker.open = false;
    picker.querySelector("summary").focus();
    byId("article-asked").dispatchEvent(new Event("change", { bubbles: true }));
  });
  addEventListener("resize", () => settle());

  return { asking, beside, chose, lead, leave, resume: () => goOn(), settle };
})();
