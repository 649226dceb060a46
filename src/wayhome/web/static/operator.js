// Keys for a hotline worker with the phone in the other hand. Everything works without them too.
"use strict";
(() => {
  const form = document.querySelector("form[data-keys]");
  if (!form) return;
  const inField = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "radio";
  const choose = (radio) => { radio.checked = true; radio.focus(); };
  const press = (value) => {
    const said = form.querySelector(`[name=said][value=${value}]`);
    if (said?.type === "radio") choose(said);
    else said?.click();
  };
  document.addEventListener("keydown", (event) => {
    if (inField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "u") press("unknown");
    if (event.key === "r") press("declined");
    const place = Number(event.key) - 1;
    if (!(place >= 0)) return;
    const radios = form.querySelectorAll("input[type=radio]");
    if (radios[place]) choose(radios[place]);
  });
  (form.querySelector("select, input:not([type=hidden])"))?.focus();
})();
