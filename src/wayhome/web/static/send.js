// Sends a form from its page: where the line breaks, what was typed still stands there. Nothing is
// stored. Without this script the browser sends the form by itself.
"use strict";
(() => {
  const PATIENCE = 90_000; // milliseconds without a sign of life
  const place = () => document.getElementById("sending");
  const tell = (text) => { if (place().textContent !== text) place().textContent = text; };
  let isSending = false;

  const show = (page) => {
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    document.body.replaceWith(document.adoptNode(page.body));
    scrollTo(0, 0);
    const first = document.querySelector("[role=alert]") || document.getElementById("content");
    first.tabIndex = -1;
    first.focus();
  };

  const send = (form, pressed) => {
    const data = new FormData(form), request = new XMLHttpRequest();
    if (pressed?.name) data.append(pressed.name, pressed.value);
    const hasFile = form.querySelector("input[type=file]");
    let patience;
    const wait = () => {
      clearTimeout(patience);
      patience = setTimeout(() => request.abort(), PATIENCE);
    };
    const end = () => { clearTimeout(patience); isSending = false; };
    const stay = (text) => {
      end();
      form.removeAttribute("aria-busy");
      tell(text);
      place().scrollIntoView({ block: "nearest" });
    };

    request.upload.onprogress = ({ loaded, total }) => {
      wait();
      const tenths = total ? Math.floor((10 * loaded) / total) : 0;
      if (hasFile && tenths < 10) tell(place().dataset.part.replace("#", 10 * tenths));
    };
    request.upload.onload = () => { wait(); if (hasFile) tell(place().dataset.looking); };
    request.onerror = request.onabort = () => stay(place().dataset.notSent);
    request.onload = () => {
      // Whoever has pressed Leave now goes there, whatever comes back.
      if (document.documentElement.hidden) return;
      const goTo = request.getResponseHeader("Go-To"), page = request.response;
      if (goTo) { end(); location.assign(goTo); return; }
      if (!page?.body || request.status >= 500) { stay(place().dataset.notSent); return; }
      const fault = page.getElementById("fault-page");
      if (fault) { stay(fault.textContent); return; }
      end();
      show(page);
    };
    tell("");
    isSending = true;
    form.setAttribute("aria-busy", "true");
    request.open("POST", form.getAttribute("action") || location.href);
    request.setRequestHeader("X-Stay", "1");
    request.responseType = "document";
    wait();
    request.send(data);
  };

  document.addEventListener("submit", (event) => {
    // Old browsers do not tell which button was pressed.
    if (event.target.method !== "post" || !("submitter" in event)) return;
    event.preventDefault();
    if (!isSending) send(event.target, event.submitter);
  });
})();
