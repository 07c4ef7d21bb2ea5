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

  // A day's name for those who do not see the calendar, as it is said in the page's language.
  window.dashMantineFunctions = Object.assign({}, window.dashMantineFunctions, {
    dayName: function (day) {
      const date = new Date(String(day).slice(0, 10) + "T00:00:00");
      const form = { year: "numeric", month: "long", day: "numeric", weekday: "long" };
      return { "aria-label": date.toLocaleDateString(document.documentElement.lang || "zh-CN", form) };
    },
  });

  // A typed day counts when its box is left or on Enter; one that is picked counts at once.
  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest(".mantine-DateInput-day")) return;
    window.setTimeout(function () {
      const box = document.activeElement;
      if (box && box.matches("[data-dates-input]")) box.blur();
    });
  });
})();
