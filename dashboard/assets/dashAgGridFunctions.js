/* Cells and orders of the list of targets. */
(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const make = function () { return window.React.createElement.apply(null, arguments); };

  // A row of a long list has no data until its block has come.
  cells.StatusCell = function (cell) {
    return !cell.data ? null : make("span", { className: cell.data.badge },
      make("span", { className: "shape", "aria-hidden": "true" }), make("span", null, cell.value));
  };

  cells.TargetLink = function (cell) {
    return !cell.data ? null : make("a", { href: cell.data.href, tabIndex: -1 }, cell.value);
  };

  cells.LatestCell = function (cell) {
    return !cell.data ? null : make("span", null, cell.value,
      cell.data.latest_period ? make("span", { className: "soft" }, " · " + cell.data.latest_period) : null);
  };

  const byNumber = function (field) {
    return function (a, b, one, other) {
      const x = one.data[field], y = other.data[field];
      if (x === y) return 0;
      if (x === null || x === undefined) return 1;
      if (y === null || y === undefined) return -1;
      return x - y;
    };
  };
  functions.byStatus = byNumber("status_order");
  functions.byAttainment = byNumber("attainment");
  functions.byLatest = byNumber("latest_value");
})();
