// Leave now: takes the place of this page in the history, and goes at once. Escape twice does it too.
"use strict";
(() => {
  const go = () => {
    document.documentElement.hidden = true;
    location.replace(document.getElementById("leave").href);
  };
  // On the document: what stands in it may be replaced (send.js).
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#leave")) return;
    event.preventDefault();
    go();
  });
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < 1500) go();
    last = event.timeStamp;
  });
  // A page that the browser kept in memory is fetched again, so that nothing that was left shows.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
