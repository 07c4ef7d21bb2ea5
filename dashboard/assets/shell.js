/* What the browser does by itself: theme, title, day, print, and Enter on a linked grid cell. No data is touched here. */
(function () {
  "use strict";
  const COOKIE = "dabiao_theme";

  function remembered() {
    const found = document.cookie.match(/(?:^|; )dabiao_theme=(light|dark)/);
    return found ? found[1] : null;
  }

  function remember(theme) {
    document.cookie = COOKIE + "=" + theme + "; path=/; max-age=31536000; samesite=lax";
    document.documentElement.setAttribute("data-mantine-color-scheme", theme);
    document.documentElement.setAttribute("data-ag-theme-mode", theme);
  }

  let followed = null;

  // Before the program asks for its layout, so that the server already answers in the system's theme.
  remember(remembered() || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    dabiao: {
      setTitle: function (title) {
        if (title) document.title = title;
        return window.dash_clientside.no_update;
      },
      toggleTheme: function (clicks, theme) {
        if (!clicks) return [window.dash_clientside.no_update, window.dash_clientside.no_update];
        const next = theme === "dark" ? "light" : "dark";
        remember(next);
        return [next, next];
      },
      // A chosen day goes into the address; a box that only says what the address already says moves nothing.
      showDay: function (day, today) {
        const skip = window.dash_clientside.no_update;
        const address = new URL(window.location.href);
        const named = address.searchParams.get("as_of");
        const shown = /^\d{4}-\d\d-\d\d$/.test(named || "") && named <= today ? named : today;
        if (!day || day === shown) return skip;
        if (day === today) address.searchParams.delete("as_of");
        else address.searchParams.set("as_of", day);
        window.location.assign(address.href);
        return skip;
      },
      // The last argument is what is in hand; the others are clicks, which are empty when a button has only just appeared.
      pressed: function () {
        const skip = window.dash_clientside.no_update;
        const what = (window.dash_clientside.callback_context.triggered || [])[0];
        const place = arguments[arguments.length - 1];
        if (!what || !what.value || !place) return skip;
        return { button: what.prop_id.split(".")[0], review: place.review, index: place.index, at: Date.now() };
      },
      // The proposal in hand: its quote comes into view; after a decision the reader's focus goes to the next one.
      followReview: function (place, done) {
        const skip = window.dash_clientside.no_update;
        if (!place) return skip;
        window.requestAnimationFrame(function () {
          const quote = document.querySelector(".plan-text mark.current");
          const pane = document.querySelector(".plan-text");
          if (quote && pane && pane.scrollHeight > pane.clientHeight) {
            const offset = quote.getBoundingClientRect().top - pane.getBoundingClientRect().top;
            pane.scrollTop += offset - pane.clientHeight / 3;
          }
          const line = document.querySelector(".proposal.current");
          const list = document.querySelector(".proposals");
          if (line && list) list.scrollTop += line.getBoundingClientRect().top - list.getBoundingClientRect().top - 60;
          const heading = document.getElementById("proposal-heading");
          if (heading && done && done !== followed) heading.focus({ preventScroll: true });
          followed = done;
        });
        return place.index;
      },
    },
  });

  // A page moved to without reloading starts at its top, and a reader's focus goes to its content.
  let path = window.location.pathname;
  new MutationObserver(function () {
    if (window.location.pathname === path) return;
    path = window.location.pathname;
    window.scrollTo(0, 0);
    const main = document.getElementById("main");
    if (main) main.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });

  // An address may name a place in a plan's text: it is there only after the page has been made.
  let sought = null;
  new MutationObserver(function () {
    const name = decodeURIComponent(window.location.hash.slice(1));
    if (!name.startsWith("in-") || sought === window.location.href) return;
    const place = document.getElementById(name);
    if (!place) return;
    sought = window.location.href;
    place.scrollIntoView({ block: "center" });
  }).observe(document.documentElement, { childList: true, subtree: true });

  // The upload's own field is invisible: the button before it is what a keyboard or a screen reader reaches.
  new MutationObserver(function () {
    const field = document.querySelector("#review-upload input[type=file]:not([aria-hidden])");
    const notice = document.getElementById("review-too-large");
    if (!field || !notice) return;
    field.setAttribute("aria-hidden", "true");
    field.tabIndex = -1;
    field.accept = notice.dataset.accept;
  }).observe(document.documentElement, { childList: true, subtree: true });

  // A file that would be refused is not sent at all.
  function refuseLarge(event) {
    const box = event.target.closest && event.target.closest("#review-upload");
    const notice = document.getElementById("review-too-large");
    if (!box || !notice) return;
    const files = event.dataTransfer ? event.dataTransfer.files : event.target.files;
    const large = Array.from(files || []).some(function (file) { return file.size > Number(notice.dataset.limit); });
    notice.hidden = !large;
    if (!large) return;
    event.stopPropagation();
    event.preventDefault();
    if (event.target.value) event.target.value = "";
  }
  document.addEventListener("change", refuseLarge, true);
  document.addEventListener("drop", refuseLarge, true);

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-print]")) window.print();
  });

  window.addEventListener("load", function () {
    if (document.querySelector("[data-print-at-once]")) window.print();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.classList || !event.target.classList.contains("ag-cell")) return;
    const link = event.target.querySelector("a[href]");
    if (link) link.click();
  });

  function resize() {
    document.querySelectorAll(".js-plotly-plot").forEach(function (plot) {
      if (window.Plotly) window.Plotly.Plots.resize(plot);
    });
  }

  // The list as a plain table: the grid draws its rows only after the printer has looked.
  function cell(name, row) {
    const td = document.createElement("td");
    if (name === "status") {
      const badge = td.appendChild(document.createElement("span"));
      badge.className = row.badge;
      badge.appendChild(document.createElement("span")).className = "shape " + (row.badge.match(/is-\w+/) || [""])[0];
      badge.append(row.status);
    } else {
      td.textContent = row[name] + (name === "latest" && row.latest_period ? " · " + row.latest_period : "");
    }
    return td;
  }

  function listOnPaper() {
    const grid = document.getElementById("targets-grid");
    const api = grid && window.dash_ag_grid && window.dash_ag_grid.getApi("targets-grid");
    if (!api) return;
    const table = document.createElement("table");
    table.className = "plain list-on-paper";
    const head = table.createTHead().insertRow();
    const columns = api.getAllDisplayedColumns();
    columns.forEach(function (column) {
      head.appendChild(document.createElement("th")).textContent = api.getDisplayNameForColumn(column, "header");
    });
    const body = table.createTBody();
    function add(node) {
      if (!node.data) return;
      const row = body.insertRow();
      columns.forEach(function (column) { row.appendChild(cell(column.getColId(), node.data)); });
    }
    if (api.getGridOption("rowModelType") === "infinite") api.forEachNode(add);
    else api.forEachNodeAfterFilterAndSort(add);
    grid.closest("section").appendChild(table);
  }

  // What is folded stays folded on paper: what the reader wants of it is opened before.
  window.addEventListener("beforeprint", function () {
    listOnPaper();
    resize();
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll(".list-on-paper").forEach(function (table) { table.remove(); });
    resize();
  });
})();
