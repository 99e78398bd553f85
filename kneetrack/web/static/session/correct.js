// A reviewer's hand: landmarks dragged on the paused picture, bounds dragged on the curves.
import { landmarks } from "./landmarks.js";
import { bounds } from "./bounds.js";

export const correct = (root, player, curves, say) => {
  const buttons = [...root.querySelectorAll("[data-mode]")];
  const forms = Object.fromEntries([...root.querySelectorAll("[data-form]")].map((form) => [form.dataset.form, form]));
  const hands = {
    landmark: landmarks(forms.landmark, player, say),
    bounds: curves ? bounds(forms.bounds, player, curves) : null,
    verdict: null,
  };
  let mode = "", begun = false;
  // What is half entered is not left without a question; choosing alone enters nothing.
  for (const form of Object.values(forms)) {
    form.addEventListener("input", (event) => { if (!event.target.matches("select")) begun = true; });
    form.addEventListener("submit", () => { begun = false; });
  }
  window.addEventListener("beforeunload", (event) => { if (begun) event.preventDefault(); });
  root.querySelector("[data-modes]").hidden = false;
  root.querySelectorAll("[data-plain]").forEach((field) => { field.hidden = true; });
  const choose = (wanted, typed) => {
    if (mode) hands[mode]?.leave();
    mode = wanted;
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === mode)));
    for (const [name, form] of Object.entries(forms)) form.hidden = name !== mode;
    if (mode) hands[mode]?.enter(typed);
    if (mode === "bounds") root.scrollIntoView({ block: "start" });
  };
  buttons.forEach((button) => button.addEventListener("click", () =>
    choose(mode === button.dataset.mode ? "" : button.dataset.mode)));
  root.addEventListener("toggle", () => { if (!root.open) choose(""); });
  choose("");
  // What was refused comes back with what was typed.
  return { restore() { if (root.dataset.refused) choose(root.dataset.refused, true); } };
};
