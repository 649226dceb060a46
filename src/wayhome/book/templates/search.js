// Filters the list of every entry as you type. All words must match; accents and case do not count.
(function () {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const box = document.getElementById("words");
  const told = document.getElementById("told");
  const groups = [...document.querySelectorAll("[data-group]")];
  const entries = [...document.querySelectorAll("[data-entry]")];
  const texts = entries.map((entry) => plain(entry.textContent));

  function filter() {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    entries.forEach((entry, number) => {
      const fits = words.every((word) => texts[number].includes(word));
      entry.hidden = !fits;
      shown += fits;
    });
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-entry]:not([hidden])");
    }
    told.textContent = words.length ? `${shown} of ${entries.length} entries fit.` : "";
  }

  box.value = new URLSearchParams(location.search).get("q") || "";
  box.addEventListener("input", filter);
  box.form.addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
