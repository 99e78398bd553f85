// Two takes in step: both clocks count from the bottom of a repetition of their own.
import { Player, controls, keys, load } from "./player.js";

const FAR_S = 0.2;

// Behaves like one player, so that the same buttons and keys work.
class Pair extends EventTarget {
  constructor(first, second, bottoms) {
    super();
    this.players = [first, second];
    this.bottoms = bottoms;
    this.rate = 1;
    for (const player of this.players) {
      player.addEventListener("state", () => this.dispatchEvent(new Event("state")));
    }
    first.addEventListener("time", () => this.dispatchEvent(new Event("time")));
  }
  // Seconds since the bottom.
  get tau() { return this.players[0].time - this.bottoms[0]; }
  get time() { return this.players[0].time; }
  get paused() { return this.players[0].paused; }
  get overlay() { return this.players[0].overlay; }
  set overlay(on) { this.players.forEach((player) => { player.overlay = on; }); }
  draw() { this.players.forEach((player) => player.draw()); }
  frameLength() {
    return Math.min(...this.players.map(({ times }) => (times[times.length - 1] - times[0]) / (times.length - 1)));
  }
  // The stretch that both show.
  get range() {
    const from = Math.max(...this.players.map((player, i) => player.times[0] - this.bottoms[i]));
    const to = Math.min(...this.players.map((player, i) => player.times[player.times.length - 1] - this.bottoms[i]));
    return [from, to];
  }
  seekTau(tau) {
    const [from, to] = this.range;
    const held = Math.min(to, Math.max(from, tau));
    this.players.forEach((player, i) => player.seek(this.bottoms[i] + held));
    this.wanted = held;
    this.dispatchEvent(new Event("state"));
  }
  seek(t) { this.seekTau(t - this.bottoms[0]); }
  step(frames) { this.seekTau((this.paused ? this.wanted ?? this.tau : this.tau) + frames * this.frameLength()); }
  setRate(rate) { this.rate = rate; this.players.forEach((player) => player.setRate(rate)); }
  play() {
    const [from, to] = this.range;
    if (this.tau >= to - 0.05) this.seekTau(from);
    this.wanted = null;
    this.players.forEach((player) => player.play());
    this.hold();
  }
  pause() {
    const tau = this.tau;
    this.players.forEach((player) => player.pause());
    this.seekTau(tau);
  }
  toggle() { if (this.paused) this.play(); else this.pause(); }
  bottom(way) { this.picks?.(way); }

  // While both play, the second is held to the first.
  hold() {
    if (this.holding) return;
    this.holding = true;
    const [first, second] = this.players;
    const next = () => {
      const stopped = first.paused || second.paused;
      if (stopped) {
        this.holding = false;
        second.setRate(this.rate);
        if (!first.paused || !second.paused) this.pause();
        return;
      }
      const [, to] = this.range;
      if (this.tau >= to) { this.holding = false; second.setRate(this.rate); this.pause(); return; }
      const ahead = second.time - this.bottoms[1] - this.tau;
      if (Math.abs(ahead) > FAR_S) { second.clock.time = this.bottoms[1] + this.tau; }
      const pull = Math.abs(ahead) < 0.008 ? 0 : Math.max(-0.4, Math.min(0.4, ahead * 4));
      const rate = this.rate * (1 - pull);
      if (Math.abs(rate - (this.second ?? this.rate)) > 0.01) { this.second = rate; second.clock.setRate(rate); }
      this.dispatchEvent(new Event("time"));
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }
}

const picksOf = (twin, player, choose) => {
  const box = twin.querySelector("[data-picks]");
  const buttons = player.data.reps.map((rep) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(rep.index);
    button.setAttribute("aria-label", `Repetition ${rep.index}`);
    button.addEventListener("click", () => choose(rep));
    box.append(button);
    return button;
  });
  return (rep) => buttons.forEach((button, i) =>
    button.setAttribute("aria-pressed", String(player.data.reps[i] === rep)));
};

const begin = async (root) => {
  const twins = [...root.querySelectorAll(".twin")].filter((twin) => twin.querySelector("[data-stage]"));
  const stages = twins.map((twin) => twin.querySelector("[data-stage]"));
  const data = await Promise.all(stages.map((stage) => load(`/trials/${stage.dataset.trial}/take`)));
  const players = stages.map((stage, i) => new Player(stage, data[i]));
  players.forEach((player, i) => {
    const clock = twins[i].querySelector("[data-clock]");
    const show = () => { clock.textContent = `${player.time.toFixed(2)} s`; };
    player.addEventListener("time", show); show();
  });
  if (players.length < 2) {
    players.forEach((player) => { controls(root, player); keys(document, player); if (player.data.reps[0]) player.seek(player.data.reps[0].bottom_s); });
    return;
  }
  const chosen = players.map((player) => player.data.reps[0] ?? { index: 0, bottom_s: player.times[0] });
  const pair = new Pair(players[0], players[1], chosen.map((rep) => rep.bottom_s));
  const marks = twins.map((twin, i) => picksOf(twin, players[i], (rep) => pick(i, rep)));
  const pick = (i, rep) => {
    chosen[i] = rep;
    pair.bottoms[i] = rep.bottom_s;
    marks[i](rep);
    pair.seekTau(0);
  };
  pair.picks = (way) => {
    players.forEach((player, i) => {
      const at = player.data.reps.indexOf(chosen[i]) + way;
      const rep = player.data.reps[Math.min(player.data.reps.length - 1, Math.max(0, at))];
      if (rep) { chosen[i] = rep; pair.bottoms[i] = rep.bottom_s; marks[i](rep); }
    });
    pair.seekTau(0);
  };
  controls(root, pair);
  const clock = root.querySelector(".playbar [data-clock]");
  const tell = () => {
    clock.textContent = `${pair.tau >= 0 ? "+" : "\u2212"}${Math.abs(pair.tau).toFixed(2)} s`;
    root.dataset.apart = Math.abs(players[1].time - pair.bottoms[1] - pair.tau).toFixed(4);
  };
  clock.setAttribute("aria-label", "Time since the bottom");
  pair.addEventListener("time", tell);
  pair.addEventListener("state", tell);
  keys(document, pair);
  stages.forEach((stage) => stage.addEventListener("click", () => pair.toggle()));
  chosen.forEach((rep, i) => marks[i](rep));
  pair.seekTau(0);
  root.dataset.ready = "yes";
};

const root = document.querySelector("[data-compare]");
if (root) begin(root).catch((error) => {
  const notice = document.createElement("div");
  notice.className = "notice problem";
  notice.textContent = `${error.message}. Load the page again.`;
  document.getElementById("problem").replaceChildren(notice);
});
