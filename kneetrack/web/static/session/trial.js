// The page of one take: picture and curves in step, and the reviewer's hand.
import { Player, controls, keys, load } from "./player.js";
import { Curves } from "./curves.js";
import { correct } from "./correct.js";

const root = document.querySelector("[data-take]");
const said = root.querySelector("[data-said]");

const begin = async () => {
  const data = await load(root.dataset.take);
  const player = new Player(root.querySelector("[data-stage]"), data);
  controls(root, player);
  player.canvas.addEventListener("click", () => {
    if (!player.stage.classList.contains("correcting")) player.toggle();
  });
  const curves = root.querySelector("[data-curves]");
  const drawn = curves && data.curves ? new Curves(curves, player, data.curves) : null;
  const hand = document.querySelector("[data-correct]");
  const moving = hand ? correct(hand, player, drawn, (text) => { said.textContent = text; }) : null;
  keys(document, player);
  document.querySelectorAll("main [data-seek]:not(.chip)").forEach((button) =>
    button.addEventListener("click", () => {
      player.seek(Number(button.dataset.seek));
      root.scrollIntoView({ block: "nearest" });
    }));
  const rows = [...document.querySelectorAll("[data-row]")];
  player.addEventListener("time", () => {
    const now = data.reps.find((rep) => player.time >= rep.start_s - 0.001 && player.time <= rep.end_s + 0.001);
    rows.forEach((row) => row.classList.toggle("now", now !== undefined && Number(row.dataset.row) === now.index));
    root.dataset.time = player.time.toFixed(4);
    root.dataset.frame = player.frame;
  });
  const asked = Number(new URLSearchParams(location.search).get("t") ?? NaN);
  player.seek(Number.isFinite(asked) ? asked : data.reps[0]?.bottom_s ?? data.t[0]);
  moving?.restore();
  root.dataset.ready = "yes";
};

begin().catch((error) => {
  const box = document.getElementById("problem");
  const notice = document.createElement("div");
  notice.className = "notice problem";
  notice.textContent = `${error.message}. Load the page again.`;
  box.replaceChildren(notice);
});
