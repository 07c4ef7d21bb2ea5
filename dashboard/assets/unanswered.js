/* A server that does not answer is said on the page that asked it, until it answers again. */
(function () {
  "use strict";
  const ask = window.fetch;

  function say(lost) {
    const place = document.getElementById("said");
    if (!place || (!lost && !place.dataset.lost)) return;
    place.textContent = lost ? place.dataset.offline : "";
    place.classList.toggle("wrong", lost);
    if (lost) place.dataset.lost = "yes";
    else delete place.dataset.lost;
  }

  window.fetch = async function () {
    let answer;
    try {
      answer = await ask.apply(this, arguments);
    } catch (error) {
      if (error.name !== "AbortError") say(true);
      throw error;
    }
    say(false);
    return answer;
  };
})();
