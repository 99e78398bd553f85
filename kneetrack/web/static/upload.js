"use strict";
// Sends clips in pieces, one after the other; goes on where it was when the connection broke.

(() => {
  const chooser = document.getElementById("chooser");
  if (!chooser) return;
  const base = `/sessions/${chooser.dataset.session}/upload`;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const PIECE = 8 * 1024 * 1024;
  const WAITS_S = [1, 2, 4, 8, 15, 30];
  // Names of files stay in this tab of the browser: they may tell who it is.
  const NAMES = `kneetrack-names-${chooser.dataset.session}`;
  const names = new Map(JSON.parse(sessionStorage.getItem(NAMES) || "[]"));
  const waiting = [];
  let busy = false;
  chooser.hidden = false;

  const input = document.getElementById("files");
  input.addEventListener("change", async () => {
    const files = [...input.files], wanted = new URLSearchParams(location.search);
    input.value = "";
    const wrong = [];
    for (const file of files) {
      try {
        const form = new URLSearchParams({ name: file.name, size: file.size, modified: file.lastModified });
        if (files.length === 1 && wanted.get("step") && wanted.get("view")) form.set("take", `${wanted.get("step")}:${wanted.get("view")}`);
        const begun = await ask(`${base}/begin`, { method: "POST", body: form });
        names.set(begun.id, file.name);
        sessionStorage.setItem(NAMES, JSON.stringify([...names]));
        if (begun.offset < file.size && !waiting.some((w) => w.id === begun.id)) waiting.push({ id: begun.id, offset: begun.offset, file });
      } catch (error) { wrong.push(`${file.name}: ${error.message}`); }
    }
    await refresh();
    if (wrong.length) say(wrong);
    if (!busy) send();
  });

  document.addEventListener("change", async (event) => {
    const select = event.target.closest("select[data-take]");
    if (!select || !select.value) return;
    try { await ask(select.dataset.take, { method: "POST", body: new URLSearchParams({ take: select.value }) }); }
    catch (error) { say(error.message); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#uploads button[formaction]");
    if (!button) return;
    const id = button.closest("[data-upload]").dataset.upload;
    const at = waiting.findIndex((w) => w.id === id);
    if (at >= 0) waiting[at].gone = true;
  });

  window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });

  async function send() {
    busy = true;
    let wrong = [];
    while (waiting.length) {
      const next = waiting[0];
      try { if (!next.gone) await sendOne(next); }
      catch (error) { if (!next.gone) say(wrong = [...wrong, `${next.file.name}: ${error.message}`]); }
      waiting.shift();
      await refresh();
    }
    busy = false;
  }

  async function sendOne(clip) {
    let failures = 0;
    while (clip.offset < clip.file.size && !clip.gone) {
      const piece = clip.file.slice(clip.offset, clip.offset + PIECE);
      try {
        const answer = await ask(`${base}/${clip.id}/chunk`, { method: "PUT", body: piece, headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(clip.offset) } }, [409]);
        if (answer.offset > clip.offset) failures = 0; else if (++failures > 5) throw new Refused("the clip cannot be sent; take it away and choose it again");
        clip.offset = answer.offset;
        show(clip, "");
        if (answer.wait) await pause(1);
      } catch (error) {
        if (error instanceof Refused || failures >= 40) throw error;
        const wait = WAITS_S[Math.min(failures++, WAITS_S.length - 1)];
        show(clip, `, no connection: again in ${wait} s`);
        await pause(wait);
      }
    }
  }

  class Refused extends Error {}

  // An answer as JSON. Refused: the server does not want it; any other error: no connection.
  async function ask(address, options, alsoFine = []) {
    const headers = { "X-CSRF-Token": token, "HX-Request": "true", ...options.headers };
    const answer = await fetch(address, { ...options, headers, credentials: "same-origin" });
    if (answer.headers.get("HX-Redirect")) { location.href = answer.headers.get("HX-Redirect"); throw new Refused("please sign in again"); }
    if (answer.status === 204) return {};
    if (answer.ok || alsoFine.includes(answer.status)) return answer.json();
    if (answer.status >= 500 && answer.status !== 507) throw new Error("the server did not answer");
    const words = document.createElement("template");
    words.innerHTML = await answer.text();
    throw new Refused(words.content.textContent.trim() || "that did not work");
  }

  function pause(seconds) { return new Promise((done) => setTimeout(done, seconds * 1000)); }

  function row(id) { return document.querySelector(`[data-upload="${id}"]`); }

  function show(clip, more) {
    const place = row(clip.id);
    if (!place) return;
    const percent = 100 * clip.offset / clip.file.size;
    const bar = place.querySelector("progress"), state = place.querySelector("[data-state]");
    if (bar) bar.value = percent;
    if (state) state.textContent = `${Math.floor(percent)} %${more}`;
  }

  async function refresh() {
    await htmx.ajax("GET", `${base}/list`, { target: "#uploads", swap: "innerHTML" });
  }

  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "uploads") label(); });

  // The button that was pressed is gone by then: what is read next is how far it is.
  document.addEventListener("measuring", () => document.getElementById("work").focus());

  // The server knows no names of files: they are put in here.
  function label() {
    for (const [id, name] of names) {
      const place = row(id);
      if (!place) continue;
      place.querySelector("[data-name]").textContent = name;
      place.querySelector("select")?.previousElementSibling.replaceChildren(`Take of ${name}`);
    }
    for (const clip of waiting) show(clip, clip === waiting[0] ? "" : ", waits");
  }

  label();
})();
