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
  if (form.dataset.makes) makes(form, form.dataset.makes, (mark) => { form.action = withMark(form.action, mark); });
  else busy(form, "Working; this may take a while", 800);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  document.querySelectorAll("[data-busy]").forEach((note) => note.remove());
});

// A file that has to be made first: the page stays, so it tells that it is being made.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[download]");
  if (link) makes(link, `The ${link.textContent.trim().split(/\s/)[0]} is being made`, (mark) => { link.href = withMark(link.href, mark); });
});

function withMark(address, mark) {
  const to = new URL(address, location.href);
  to.searchParams.set("done", mark);
  return to.href;
}

// The server sets a cookie with the mark when the file comes.
function makes(place, text, ask) {
  const mark = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  ask(mark);
  const note = busy(place, `${text}; this takes a while`, 0);
  const until = Date.now() + 600000;
  const watch = setInterval(() => {
    if (!document.cookie.includes(`kneetrack-done=${mark}`) && Date.now() < until) return;
    clearInterval(watch);
    note.remove();
    delete place.dataset.sent;
    document.cookie = "kneetrack-done=; Path=/; Max-Age=0; SameSite=Strict";
  }, 250);
}

// A line beside what was pressed, for as long as it takes.
function busy(place, text, after_ms) {
  const note = document.createElement("p");
  note.className = "busy";
  note.dataset.busy = "";
  note.setAttribute("role", "status");
  place.insertAdjacentElement(place.tagName === "FORM" ? "beforeend" : "afterend", note);
  setTimeout(() => { note.textContent = `${text} …`; }, after_ms);
  return note;
}
