// The menu: where the reader is, groups that fold again, and on a phone the whole list behind one button.
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
    document.querySelectorAll(".menu-group").forEach(function (group) {
      group.classList.toggle("holds-current", Boolean(group.querySelector("[aria-current]")));
    });
    fold(null);
    unfoldAll(false);
  }

  function fold(except) {
    document.querySelectorAll(".menu-group[open]").forEach(function (group) {
      if (group !== except) group.open = false;
    });
  }

  function unfoldAll(open) {
    const button = document.getElementById("menu-toggle");
    if (button) button.setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("click", function (event) {
    const at = event.target.closest ? event.target : document.body;
    fold(at.closest("a") ? null : at.closest(".menu-group"));
    const button = at.closest("#menu-toggle");
    if (button) unfoldAll(button.getAttribute("aria-expanded") !== "true");
    else if (!at.closest(".menu")) unfoldAll(false);
  });

  document.addEventListener("focusin", function (event) {
    fold(event.target.closest(".menu-group"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const group = document.querySelector(".menu-group[open]");
    const button = document.getElementById("menu-toggle");
    if (group) {
      group.open = false;
      group.querySelector("summary").focus();
    } else if (button && button.getAttribute("aria-expanded") === "true") {
      unfoldAll(false);
      button.focus();
    }
  });

  new MutationObserver(mark).observe(document.documentElement, { childList: true, subtree: true });
})();
