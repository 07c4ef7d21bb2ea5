// The menu says where the reader is: the entry of the page in hand, or of the list that it belongs to.
(function () {
  "use strict";
  const LIST = { plan: "/plans", target: "/plans", region: "/regions", unit: "/units", indicator: "/indicators" };
  let marked = null;

  function mark() {
    const path = window.location.pathname;
    const links = document.querySelectorAll(".menu a");
    if (!links.length || (marked === path && document.querySelector(".menu a[aria-current]"))) return;
    marked = path;
    const first = path.split("/")[1];
    const wanted = LIST[first] || "/" + first;
    links.forEach(function (link) {
      if (new URL(link.href).pathname === wanted) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  new MutationObserver(mark).observe(document.documentElement, { childList: true, subtree: true });
})();
