// Answers read aloud by the browser's own voice. Only voices that are on the device are used: others would send the words
// away. A button is there only where there is such a voice for every language of its answer.
const guideAloud = (() => {
  // The help card first, then the reply, then the words that are quoted; nothing that only stands around them.
  const CARD = ".care > h3, .care-words p, .care-reminder > span, .kindly, .lines .line-name, .lines .way[href^='tel:']";
  const REPLY = ".reply > p";
  const QUOTED = "blockquote p, blockquote li, blockquote th, blockquote td, .criteria > blockquote";
  const speech = window.speechSynthesis;
  let speaking = null, voices = [];

  const voiceFor = (language) => {
    const [alone] = language.toLowerCase().split("-");
    const fitting = voices.filter((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === alone);
    const same = (voice) => voice.lang.toLowerCase().replace("_", "-") === language.toLowerCase();
    return fitting.find(same) || fitting.find((voice) => voice.default) || fitting[0];
  };
  const languageOf = (element) => element.closest("[lang]:not([lang=''])")?.lang || "";

  // What is heard of a turn, in this order. What is folded is left out until somebody unfolds it.
  const parts = (turn) =>
    [CARD, REPLY, QUOTED].flatMap((kind) =>
      [...turn.querySelectorAll(kind)]
        .filter((element) => element.checkVisibility() && !element.querySelector("p, li, td"))
        .map((element) => ({ words: wordsOf(element), language: languageOf(element) }))
        .filter((part) => part.words),
    );
  const wordsOf = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".unseen").forEach((unseen) => unseen.remove());
    copy.querySelectorAll(".hours").forEach((hours) => hours.prepend(", "));
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  const stop = () => {
    if (!speaking) return;
    const button = speaking;
    speaking = null;
    speech.cancel();
    button.textContent = button.dataset.read;
  };

  const read = (button) => {
    const heard = parts(button.closest(".turn"));
    stop();
    if (!heard.length) return;
    speaking = button;
    button.dataset.read = button.textContent;
    button.textContent = button.dataset.stop;
    heard.forEach(({ words, language }, place) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.voice = voiceFor(language);
      utterance.lang = utterance.voice.lang;
      const end = () => speaking === button && stop();
      if (place === heard.length - 1) utterance.onend = end;
      utterance.onerror = end;
      speech.speak(utterance);
    });
  };

  // Shows each button that can do what it says; stops where the answer that is read is drawn anew.
  const settle = () => {
    if (speaking && !speaking.isConnected) stop();
    document.querySelectorAll(".read-aloud:not([data-seen])").forEach((button) => {
      const heard = parts(button.closest(".turn"));
      button.hidden = !heard.length || !heard.every((part) => voiceFor(part.language));
      button.dataset.seen = "";
    });
  };

  // Browsers may find their voices only after the page is there.
  const find = () => {
    voices = speech.getVoices().filter((voice) => voice.localService === true);
    document.querySelectorAll(".read-aloud").forEach((button) => delete button.dataset.seen);
    settle();
  };

  if (!speech || !window.SpeechSynthesisUtterance) return { settle() {}, stop() {} };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".read-aloud");
    if (button) button === speaking ? stop() : read(button);
  });
  speech.addEventListener("voiceschanged", find);
  addEventListener("pagehide", stop);
  voices = speech.getVoices().filter((voice) => voice.localService === true);
  return { settle, stop };
})();
