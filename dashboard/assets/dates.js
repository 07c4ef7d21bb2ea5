// Calendars: the words of a Chinese one, where the component library looks for them, and when a day counts as chosen.
(function () {
  "use strict";
  const digits = ["日", "一", "二", "三", "四", "五", "六"];
  const months = Array.from({ length: 12 }, function (_, n) { return n + 1 + "月"; });
  window["dayjs_locale_zh-cn"] = {
    name: "zh-cn",
    weekdays: digits.map(function (d) { return "星期" + d; }),
    weekdaysShort: digits.map(function (d) { return "周" + d; }),
    weekdaysMin: digits,
    months: months,
    monthsShort: months,
    weekStart: 1,
    yearStart: 4,
    ordinal: function (n) { return n + "日"; },
    formats: { LT: "HH:mm", LTS: "HH:mm:ss", L: "YYYY/MM/DD", LL: "YYYY年M月D日", LLL: "YYYY年M月D日 HH:mm", LLLL: "YYYY年M月D日dddd HH:mm" },
    relativeTime: {},
  };

  // A typed day counts when its box is left or on Enter; one that is picked counts at once.
  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest(".mantine-DateInput-day")) return;
    window.setTimeout(function () {
      const box = document.activeElement;
      if (box && box.matches("[data-dates-input]")) box.blur();
    });
  });
})();
