"use strict";
// What every page may use. No page needs it to work.

document.addEventListener("htmx:sendError", () => say("The server did not answer. Is it still running?"));
document.addEventListener("htmx:responseError", () => { const box = document.getElementById("problem"); if (box) setTimeout(() => box.scrollIntoView({ block: "nearest" }), 50); });
document.addEventListener("htmx:timeout", () => say("The server took too long to answer."));
document.addEventListener("htmx:beforeRequest", () => { const box = document.getElementById("problem"); if (box) box.replaceChildren(); });

function say(text) {
  const box = document.getElementById("problem");
  if (!box) return;
  const notice = document.createElement("div");
  notice.className = "notice problem";
  notice.textContent = text;
  box.replaceChildren(notice);
}

// A button pressed twice sends its form once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));
