// A chart as a picture: drawn again off the page with its title, its legend and a plain ground, and saved. Nothing is sent.
(function () {
  "use strict";
  const WIDTH = 1200;
  const SCALE = 2; // pixels of the file for one of the drawing
  const TITLE_SIZE = 20;
  const LINE = 20; // height of a line of the legend

  // Where the first chart of a visit stands, Dash fetches plotly: from the address of our bundle, not of the whole.
  const bundle = document.querySelector('meta[name="charts"]').content;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: function () { return bundle; }, set: function () {} });

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function picture(plot, title, source) {
    const height = (plot.layout.height || 380) + 150;
    const margin = Object.assign({ l: 0, r: 0, t: 0, b: 0 }, plot.layout.margin);
    const named = plot.data.filter(function (trace) { return trace.name; }).length;
    const rows = Math.ceil(named / 3);
    const data = plot.data.map(function (trace) {
      return Object.assign({}, trace, { showlegend: Boolean(trace.name) });
    });
    const note = {
      text: source, x: 0, y: 0, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top", showarrow: false,
      yshift: -margin.b - 20 - rows * LINE, font: { size: 12, color: colour("--soft") },
    };
    const layout = Object.assign({}, plot.layout, {
      width: WIDTH, height: height, paper_bgcolor: colour("--surface"), plot_bgcolor: colour("--surface"),
      margin: { l: margin.l + 30, r: margin.r + 30, t: margin.t + 60, b: margin.b + 50 + rows * LINE, pad: 0 },
      title: { text: title, x: 0.02, xanchor: "left", y: 0.98, yanchor: "top", font: { size: TITLE_SIZE, color: colour("--ink") } },
      showlegend: named > 0,
      legend: { orientation: "h", x: 0, xanchor: "left", y: 0, yanchor: "top", yref: "paper", font: { size: 13 } },
      annotations: (plot.layout.annotations || []).concat([note]),
    });
    layout.legend.y = -(margin.b + 8) / (height - layout.margin.t - layout.margin.b);
    return window.Plotly.toImage({ data: data, layout: layout }, { format: "png", width: WIDTH, height: height, scale: SCALE });
  }

  // A chart that the server has drawn comes along as the picture that it is to be.
  function painted(svg) {
    const image = new Image();
    image.src = "data:image/svg+xml," + encodeURIComponent(svg);
    return image.decode().then(function () {
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * SCALE;
      canvas.height = image.naturalHeight * SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL("image/png");
    });
  }

  function drawn(button) {
    if (button.dataset.picture) return painted(button.dataset.picture);
    const plot = document.querySelector("#" + CSS.escape(button.dataset.png) + " .js-plotly-plot");
    return plot && window.Plotly ? picture(plot, button.dataset.title, button.dataset.source) : null;
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("[data-png]");
    const made = button && drawn(button);
    if (!made) return;
    button.setAttribute("aria-busy", "true");
    made.then(function (url) {
      const link = document.createElement("a");
      link.href = url;
      link.download = button.dataset.title.replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 80) + ".png";
      link.click();
    }).finally(function () { button.removeAttribute("aria-busy"); });
  });
})();
