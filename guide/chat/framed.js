// The chat within a frame of another page. That page is told of Escape and of the quick exit, and of nothing else.
const guideFrame = (() => {
  const LEAVES_MS = 300;
  const framed = parent !== window;
  // Where the page around us comes from, once it has said hello. The browser shows us only within pages that the
  // operator has listed (frame-ancestors), so it is one of those.
  let embedder = "";
  const tell = (message) => embedder && parent.postMessage(message, embedder);

  addEventListener("message", (event) => {
    if (framed && event.source === parent && event.data?.guide === "hello") embedder = event.origin;
  });

  // Once the page can be used. Nobody is named yet, so nothing is said but that.
  const announce = (_, watching) => {
    if (!document.querySelector("#question textarea")) return;
    watching.disconnect();
    parent.postMessage({ guide: "here" }, "*");
  };
  if (framed) new MutationObserver(announce).observe(document, { childList: true, subtree: true });

  // `used`: it has closed something here.
  const escaped = (used) => tell({ guide: "escape", used });

  // The page around us leaves when it is told, and takes this frame away; where it doesn't, the frame moves it.
  const leaveTo = (address) => {
    tell({ guide: "leave" });
    setTimeout(() => {
      try {
        top.location.replace(address);
      } catch {
        location.replace("about:blank"); // a frame may not always move the page around it
      }
    }, embedder ? LEAVES_MS : 0);
  };

  return { framed, escaped, leaveTo };
})();
