// The wall: one view after another, a clock, and a new page when the data have changed.
(function () {
  "use strict";

  const HELD = 30; // seconds for which a key or the mouse keeps a view
  const CHECK = 60; // seconds between two questions whether the data have changed

  let wall = null, views = [], at = 0, stood = 0, held = 0, paused = false, asked = 0;

  function part(name) { return wall.querySelector("." + name); }

  function show(next) {
    at = (next + views.length) % views.length;
    stood = 0;
    views.forEach(function (view, n) { view.classList.toggle("shown", n === at); });
    part("wall-place").textContent = at + 1 + " / " + views.length;
  }

  function tell() {
    part("wall-paused").hidden = !paused && held <= 0;
    wall.classList.toggle("held", paused || held > 0);
  }

  function clock() {
    const now = new Date(), zone = wall.dataset.zone, lang = document.documentElement.lang;
    const say = function (form) { return new Intl.DateTimeFormat(lang, Object.assign({ timeZone: zone }, form)).format(now); };
    part("wall-clock").textContent = say({ hour: "2-digit", minute: "2-digit", hour12: false });
    part("wall-date").textContent = say({ year: "numeric", month: "long", day: "numeric", weekday: "long" });
    return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
  }

  function renew(today) {
    fetch("/readyz", { cache: "no-store" })
      .then(function (answer) { return answer.json(); })
      .then(function (said) {
        if (!wall) return;
        part("wall-lost").hidden = said.status === "ready";
        const fresh = said.data_version === wall.dataset.version && today === wall.dataset.day;
        if (said.status === "ready" && !fresh) window.location.reload();
      })
      .catch(function () { if (wall) part("wall-lost").hidden = false; });
  }

  function tick() {
    const found = document.querySelector(".wall");
    if (found !== wall) start(found);
    if (!wall) return;
    const today = clock();
    if ((asked += 1) >= CHECK) { asked = 0; renew(today); }
    if (held > 0) held -= 1;
    tell();
    if (paused || held > 0 || document.hidden || views.length < 2) return;
    if ((stood += 1) >= Number(wall.dataset.seconds)) show(at + 1);
  }

  function start(found) {
    wall = found;
    if (!wall) return;
    views = Array.from(wall.querySelectorAll(".wall-view"));
    asked = 0; held = 0; paused = false;
    show(0);
    clock();
  }

  function hold() { if (wall) { held = HELD; tell(); } }

  function toggle() { paused = !paused; held = 0; stood = 0; tell(); }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  }

  const DO = {
    previous: function () { show(at - 1); hold(); },
    next: function () { show(at + 1); hold(); },
    pause: toggle,
    full: full,
  };
  const KEYS = { ArrowLeft: "previous", ArrowRight: "next", PageUp: "previous", PageDown: "next", " ": "pause", f: "full" };

  document.addEventListener("keydown", function (event) {
    if (!wall || event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.target.closest && event.target.closest("button, a");
    const action = event.key === " " && pressed ? null : KEYS[event.key];
    if (!action) return hold();
    event.preventDefault();
    DO[action]();
  });
  document.addEventListener("click", function (event) {
    const button = wall && event.target.closest && event.target.closest("[data-wall]");
    if (button) DO[button.dataset.wall]();
  });
  document.addEventListener("pointermove", hold, { passive: true });
  window.setInterval(tick, 1000);
})();
