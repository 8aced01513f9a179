"""What turns a press or a choice within our own HTML into an event of its Gradio component."""

# Gradio runs these where an element is drawn; a name in quotation marks after `trigger` becomes an event of it. What
# comes while a choice or the page's first event is on its way waits for it; see `connection.js`.
SENDS_QUESTION = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (!button) return;
  const question = button.dataset.ask;
  guidePage.asking();
  guideConnection.inTurn("ask", () => trigger("ask", { question }));
});
"""
SENDS_WITHDRAWAL = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-withdraw]");
  if (!button) return;
  const turn = button.dataset.withdraw;
  guidePage.askingAgain(button);
  guideConnection.inTurn("ask", () => trigger("withdraw", { turn }));
});
"""
SENDS_AS_TYPED = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-as-typed]");
  if (!button) return;
  const turn = button.dataset.asTyped;
  guidePage.askingAgain(button);
  guideConnection.inTurn("ask", () => trigger("typed", { turn }));
});
"""
OPENS_SURVEY = """
element.addEventListener("toggle", (event) => {
  if (event.target.id === "explore" && event.target.open && !event.target.querySelector(".map")) trigger("survey", {});
}, true);
"""
SENDS_LANGUAGE = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-language]");
  if (!button) return;
  const language = button.dataset.language;
  guideConnection.inTurn("language", () => {
    guidePage.switching();
    trigger("language", { language });
  });
});
"""
SENDS_COUNTRY = """
element.addEventListener("change", (event) => {
  if (event.target.id !== "country") return;
  const country = event.target.value;
  guidePage.showCountry(country);
  guideConnection.inTurn("country", () => {
    guidePage.choseCountry(country);
    trigger("country", { country });
  });
});
"""
SENDS_COUNTRY_OF_CARD = """
element.addEventListener("change", (event) => {
  const choice = event.target.closest("select.country-of-card");
  if (!choice) return;
  const country = choice.value, turn = choice.dataset.turn;
  guidePage.askingAgain(choice);
  guideConnection.inTurn("ask", () => {
    guidePage.choseCountry(country);
    trigger("country", { country, turn });
  });
});
"""
SENDS_ARTICLE = """
element.addEventListener("change", (event) => {
  if (event.target.id !== "article-asked") return;
  const article = event.target.value, name = document.getElementById("article-named").textContent;
  guideConnection.inTurn("article", () => {
    guideReading.chose(article, name);
    trigger("article", { article });
  });
});
"""
# Once Gradio has done with the event: it drops one that comes while another of its kind is on its way.
SETTLED = "() => { setTimeout(guideConnection.settled); }"
"""Follows an event that others wait for, and lets them go on."""
