// Leave now: takes the place of this page in the history, and goes at once. Escape twice does it too.
"use strict";
(() => {
  const link = document.getElementById("leave");
  const go = () => {
    document.documentElement.hidden = true;
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
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
