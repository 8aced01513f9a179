// The pictures of a quotation's pages: fetched from this server when somebody unfolds them, and only then.
(() => {
  const show = async (folder) => {
    const { article, passage, pages, points, drawing, fault } = folder.dataset;
    const status = folder.querySelector("[role=status]");
    const language = document.querySelector("[data-ui-language]")?.dataset.uiLanguage ?? "";
    folder.dataset.asked = "";
    status.textContent = drawing;
    for (const page of pages.split(" ").map(Number)) {
      let found = {};
      try {
        const body = JSON.stringify({ article, passage, page, points, language });
        const headers = { "Content-Type": "application/json" };
        const response = await fetch("chat/page", { method: "POST", headers, body });
        found = await response.json();
      } catch {
        found.error = fault;
      }
      if (!found.picture) {
        status.textContent = found.error || fault;
        delete folder.dataset.asked; // whoever opens it once more asks once more
        return;
      }
      const picture = document.createElement("img");
      picture.src = found.picture;
      picture.alt = found.alt;
      folder.append(picture);
    }
    status.textContent = "";
  };

  document.addEventListener(
    "toggle",
    (event) => {
      const folder = event.target;
      if (folder.matches?.(".page-picture") && folder.open && !("asked" in folder.dataset)) {
        folder.querySelectorAll("img").forEach((old) => old.remove());
        show(folder);
      }
    },
    true, // it doesn't bubble
  );
})();
