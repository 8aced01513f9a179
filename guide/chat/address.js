// The address of the page: the styles open the article and the help lines while it names them or a place in them. The
// first of those is one step in the browser's history, so that its Back leads to the conversation and not off the page.
// All else replaces the address, so that after a quick exit no "back" leads here.
const guideAddress = (() => {
  const TRAVELS_MS = 300;
  const byId = (id) => document.getElementById(id);
  const isOver = (id) => Boolean(byId(id)?.closest("#reading, #help"));
  const isNamedOver = () => Boolean(history.state?.over);
  let over = isNamedOver(), naming = false, then = null, closed = () => {}, opened = () => {};

  const name = (id) => {
    const state = history.state;
    naming = true;
    location.replace(`${location.href.split("#")[0]}#${id}`);
    history.replaceState(state, "");
    naming = false;
  };

  // Names `id`, and then does what is to be done there.
  const goTo = (id, done = () => {}) => {
    const arrive = () => {
      name(id);
      done();
    };
    if (over && !isOver(id)) {
      then = arrive;
      return history.back();
    }
    if (!over && isOver(id) && location.hash !== `#${id}`) {
      history.pushState({ over: true }, "");
      over = true;
    }
    arrive();
  };

  // A browser may also tell of what was named just now.
  addEventListener("popstate", () => {
    if (naming || over === isNamedOver()) return;
    over = !over;
    const next = then || closed;
    then = null;
    if (over) opened();
    else next();
  });

  // Leaves the page for another address, which takes the place of its only step.
  const leaveFor = (address) => {
    const leave = () => location.replace(address);
    if (!over) return leave();
    then = leave;
    history.back();
    setTimeout(leave, TRAVELS_MS);
  };

  return { goTo, leaveFor, onBack: (does) => (closed = does), onForward: (does) => (opened = does) };
})();
