// Parts of a page that come as finished HTML (components/still.py): put in their place, and their links followed.
(function () {
  "use strict";
  const REACHED = "a[href], button, summary, [tabindex]";

  // What a reader has reached and opened stays so when the parts of a page come anew: in the same task and the same order.
  const left = [];

  function leave(place) {
    left.push({
      path: window.location.pathname,
      reached: Array.from(place.querySelectorAll(REACHED)).indexOf(document.activeElement),
      opened: Array.from(place.querySelectorAll("details"), function (part) { return part.open; }),
    });
    setTimeout(function () { left.length = 0; });
  }

  function fill(place, html) {
    const was = left.shift();
    place.innerHTML = html;
    if (!was || was.path !== window.location.pathname) return;
    const folds = place.querySelectorAll("details");
    if (folds.length === was.opened.length) folds.forEach(function (part, n) { part.open = was.opened[n]; });
    const found = was.reached < 0 ? null : place.querySelectorAll(REACHED)[was.reached];
    if (found) found.focus({ preventScroll: true });
  }

  function Still(props) {
    const ref = window.React.useRef(null);
    window.React.useLayoutEffect(function () {
      const place = ref.current;
      fill(place, props.html);
      return function () { leave(place); };
    }, [props.html]);
    return window.React.createElement("div", { className: "still", ref: ref });
  }

  window.dabiao_parts = { Still: Still };

  // A link within the program changes the address alone; the page's own listener takes it from there.
  document.addEventListener("click", function (event) {
    const link = event.target.closest && event.target.closest("a[data-inside]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.history.pushState({}, "", link.getAttribute("href"));
    window.dispatchEvent(new PopStateEvent("popstate"));
    window.scrollTo(0, 0);
  });
})();
