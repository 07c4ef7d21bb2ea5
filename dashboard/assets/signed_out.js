/* Who is no longer signed in is shown the page for signing in, and comes back to this one. */
(function () {
  "use strict";
  const ask = window.fetch;
  window.fetch = async function () {
    const answer = await ask.apply(this, arguments);
    if (answer.status === 401 && new URL(answer.url).origin === window.location.origin) {
      const here = window.location.pathname + window.location.search;
      window.location.assign("/login?next=" + encodeURIComponent(here));
    }
    return answer;
  };
})();
