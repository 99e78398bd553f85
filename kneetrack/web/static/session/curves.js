// Curves in step with a take: the cursor follows, a click or drag goes there.
import { nearest } from "./player.js";

const MINUS = "\u2212";

const number = (value, chart) => {
  if (value === null || value === undefined) return "\u2013";
  const text = Math.abs(value).toFixed(chart.places);
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text + chart.unit;
};

const reading = (line, at, chart) => {
  const span = document.createElement("span");
  span.className = { L: "left", R: "right" }[line.label] || "";
  span.textContent = (line.label ? `${line.label}\u00a0` : "") + number(line.v[at], chart);
  return span;
};

export class Curves {
  constructor(root, player, numbers) {
    this.root = root; this.player = player; this.numbers = numbers;
    this.plots = [...root.querySelectorAll("[data-plot]")];
    this.outputs = [...root.querySelectorAll("[data-reading]")];
    this.cursors = [...root.querySelectorAll("[data-cursor]")];
    this.chips = [...root.querySelectorAll("[data-rep]")];
    this.chips.forEach((chip) => {
      const left = this.share(Number(chip.dataset.start)), right = this.share(Number(chip.dataset.end));
      chip.style.left = `${left}%`;
      chip.style.width = `${right - left}%`;
    });
    this.chips.forEach((chip) => chip.addEventListener("click", () => player.seek(Number(chip.dataset.seek))));
    this.plots.forEach((plot) => this.drag(plot));
    player.addEventListener("time", () => this.show());
    this.show();
  }

  share(t) { return (100 * (t - this.numbers.t0)) / (this.numbers.t1 - this.numbers.t0); }

  timeAt(event, plot) {
    const box = plot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return this.numbers.t0 + share * (this.numbers.t1 - this.numbers.t0);
  }

  drag(plot) {
    let held = false;
    plot.addEventListener("pointerdown", (event) => {
      if (event.target.closest("[role=slider]") || event.button) return;
      held = true;
      plot.setPointerCapture(event.pointerId);
      this.player.seek(this.timeAt(event, plot));
    });
    plot.addEventListener("pointermove", (event) => { if (held) this.player.seek(this.timeAt(event, plot)); });
    for (const end of ["pointerup", "pointercancel"]) plot.addEventListener(end, () => { held = false; });
  }

  show() {
    const t = this.player.time, numbers = this.numbers;
    const inside = t >= numbers.t0 - 0.02 && t <= numbers.t1 + 0.02;
    const left = `${Math.min(100, Math.max(0, this.share(t))).toFixed(3)}%`;
    this.cursors.forEach((cursor) => {
      cursor.setAttribute("visibility", inside ? "visible" : "hidden");
      cursor.setAttribute("x1", left); cursor.setAttribute("x2", left);
    });
    const at = nearest(numbers.t, t);
    this.outputs.forEach((output, i) => {
      const chart = numbers.charts[i];
      output.replaceChildren(...(inside ? chart.lines.map((line) => reading(line, at, chart)) : []));
    });
    this.chips.forEach((chip) => chip.classList.toggle("now",
      t >= Number(chip.dataset.start) - 0.001 && t <= Number(chip.dataset.end) + 0.001));
  }
}
