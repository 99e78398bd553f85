"use strict";
// What every page may use. No page needs it to work.

document.addEventListener("htmx:sendError", () => say("The server did not answer. Is it still running?", true));
document.addEventListener("htmx:responseError", () => { const box = document.getElementById("problem"); if (box) setTimeout(() => box.scrollIntoView({ block: "nearest" }), 50); });
document.addEventListener("htmx:timeout", () => say("The server took too long to answer.", true));
// What is only asked for, such as how far a clip is, takes no message away before it was read;
// an answer takes away that there was none.
document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.requestConfig.verb !== "get") document.getElementById("problem")?.replaceChildren(); });
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) document.querySelector("#problem [data-silence]")?.remove(); });

// Says what went wrong, one line each. silence: only that no answer came.
function say(text, silence = false) {
  const box = document.getElementById("problem");
  if (!box) return;
  const notice = document.createElement("div");
  notice.className = "notice problem";
  notice.toggleAttribute("data-silence", silence);
  for (const line of [text].flat()) {
    const words = document.createElement("p");
    words.textContent = line;
    notice.append(words);
  }
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
