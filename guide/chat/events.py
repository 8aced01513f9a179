"""What turns a press or a choice within our own HTML into an event of its Gradio component."""

# Gradio runs these where an element is drawn; a name in quotation marks after `trigger` becomes an event of it.
SENDS_QUESTION = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (button) { guidePage.asking(); trigger("ask", { question: button.dataset.ask }); }
});
"""
SENDS_WITHDRAWAL = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-withdraw]");
  if (button) { guidePage.askingAgain(button); trigger("withdraw", { turn: button.dataset.withdraw }); }
});
"""
SENDS_AS_TYPED = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-as-typed]");
  if (button) { guidePage.askingAgain(button); trigger("typed", { turn: button.dataset.asTyped }); }
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
  guidePage.switching();
  trigger("language", { language: button.dataset.language });
});
"""
SENDS_COUNTRY = """
element.addEventListener("change", (event) => {
  if (event.target.id !== "country") return;
  guidePage.showCountry(event.target.value);
  trigger("country", { country: event.target.value });
});
"""
SENDS_COUNTRY_OF_CARD = """
element.addEventListener("change", (event) => {
  const choice = event.target.closest("select.country-of-card");
  if (!choice) return;
  guidePage.askingAgain(choice);
  guidePage.choseCountry(choice.value);
  trigger("country", { country: choice.value, turn: choice.dataset.turn });
});
"""
SENDS_ARTICLE = """
element.addEventListener("change", (event) => {
  if (event.target.id !== "article-asked") return;
  guideReading.chose(event.target.value);
  trigger("article", { article: event.target.value });
});
"""
