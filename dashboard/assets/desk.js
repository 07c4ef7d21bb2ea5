// Forms of the pages of data, jobs and alerts: sent as they are, files piece by piece; the answer is said and the page follows.
(function () {
  "use strict";
  const NONE = { said: "" };
  let saidOn = []; // the page on which something was said, and the one to which it leads

  function say(text, wrong) {
    const place = document.getElementById("said");
    if (!place) return;
    place.textContent = text || "";
    place.classList.toggle("wrong", Boolean(wrong && text));
    saidOn = text ? [window.location.pathname] : [];
  }

  function go(href) {
    const to = new URL(href, window.location.href);
    if (to.href === window.location.href) return;
    window.dash_clientside.set_props("url", { pathname: to.pathname, search: to.search });
    saidOn.push(to.pathname);
  }

  async function send(action, data, busy) {
    if (busy.getAttribute("aria-busy") === "true") return;
    busy.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(action, { method: "POST", body: data, credentials: "same-origin" });
      const found = await answer.json().catch(function () { return NONE; });
      say(found.said || (answer.ok ? "" : String(answer.status)), !answer.ok);
      if (answer.ok && found.href) go(found.href);
      if (answer.ok) window.dash_clientside.set_props("acted", { data: Date.now() });
    } catch (_error) {
      const place = document.getElementById("said");
      say(place ? place.dataset.offline : "", true);
    } finally {
      busy.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.classList.contains("act")) {
      event.preventDefault();
      send(form.getAttribute("action"), new FormData(form, event.submitter), form);
    } else if (form.classList.contains("narrow")) {
      event.preventDefault();
      const to = new URL(window.location.href);
      to.searchParams.delete("page");
      new FormData(form).forEach(function (value, name) {
        if (value) to.searchParams.set(name, value);
        else to.searchParams.delete(name);
      });
      go(to.href);
    }
  }, true);

  // The upload's own reading of a file as text is passed by: it would have to hold the file three times over.
  function bring(event) {
    const box = event.target.closest && event.target.closest("#data-upload");
    if (!box) return;
    const files = event.dataTransfer ? event.dataTransfer.files : event.target.files;
    event.stopPropagation();
    event.preventDefault();
    const file = (files || [])[0];
    if (!file) return;
    const rules = document.getElementById("data-upload-rules").dataset;
    if (file.size > Number(rules.limit)) {
      say(rules.toolarge, true);
    } else {
      const data = new FormData();
      data.append("file", file, file.name);
      say(rules.reading);
      send("/do/data/bring", data, box);
    }
    if (event.target.value) event.target.value = "";
  }
  document.addEventListener("change", bring, true);
  document.addEventListener("drop", bring, true);

  new MutationObserver(function () {
    const field = document.querySelector("#data-upload input[type=file]:not([aria-hidden])");
    if (field) {
      field.setAttribute("aria-hidden", "true");
      field.tabIndex = -1;
      field.accept = document.getElementById("data-upload-rules").dataset.accept;
    }
    if (saidOn.length && !saidOn.includes(window.location.pathname)) say("");
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    desk: {
      // Nothing is asked for while nobody looks, nor while someone fills in a form that would be made anew.
      tick: function () {
        const filling = document.querySelector("#desk details[open] form.act");
        return document.hidden || filling ? window.dash_clientside.no_update : Date.now();
      },
    },
  });
})();
