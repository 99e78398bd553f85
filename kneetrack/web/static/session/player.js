// A take that plays: its kept clip, or where none is kept a figure drawn from the landmarks.
// Times are seconds of the clip's clock, as in the results; the landmarks lie over the picture.

export const nearest = (times, t) => {
  let low = 0, high = times.length - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (times[mid] <= t) low = mid; else high = mid;
  }
  return t - times[low] <= times[high] - t ? low : high;
};

export const load = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the take could not be loaded (${answer.status})`);
  return answer.json();
};

// Time that goes on by itself where there is no clip.
class Drawn {
  constructor(start, end) {
    this.start = start; this.end = end; this.at = start; this.rate = 1; this.paused = true; this.since = 0;
  }
  get time() {
    if (this.paused) return this.at;
    const t = this.at + ((performance.now() - this.since) / 1000) * this.rate;
    return Math.min(t, this.end);
  }
  set time(t) { this.at = t; this.since = performance.now(); }
  play() { if (this.at >= this.end - 0.01) this.at = this.start; this.since = performance.now(); this.paused = false; }
  pause() { this.at = this.time; this.paused = true; }
  setRate(rate) { this.at = this.time; this.since = performance.now(); this.rate = rate; }
  get ended() { return this.time >= this.end; }
}

// The clip's own time; a moment is shown a little after its picture begins.
class Filmed {
  constructor(video, start) {
    this.video = video; this.start = start; this.wanted = null;
    video.addEventListener("seeked", () => {
      if (this.wanted !== null && this.next !== undefined) {
        const t = this.next; this.next = undefined; this.jump(t);
      } else this.wanted = null;
    });
  }
  get time() { return this.wanted ?? this.video.currentTime + this.start; }
  set time(t) {
    const busy = this.wanted !== null && this.video.seeking;
    this.wanted = t;
    if (busy) this.next = t; else this.jump(t);
  }
  jump(t) { this.video.currentTime = Math.max(0, t - this.start + 0.002); }
  get paused() { return this.video.paused; }
  get ended() { return this.video.ended; }
  play() { this.wanted = null; this.next = undefined; this.video.play().catch(() => {}); }
  pause() { this.video.pause(); }
  setRate(rate) { this.video.playbackRate = rate; }
}

const COLOURS = { left: "#59c1ff", right: "#ff9fd2", middle: "#ffffff" };

export class Player extends EventTarget {
  constructor(stage, data) {
    super();
    this.stage = stage;
    this.data = data;
    this.times = data.t;
    this.canvas = stage.querySelector("canvas");
    stage.style.setProperty("--ratio", String(data.size[0] / data.size[1]));
    this.overlay = true;
    this.moved = new Map();
    this.corrected = new Set(data.moved.map(([frame, index]) => `${frame}/${index}`));
    const video = stage.querySelector("video");
    this.usable = Boolean(video) && !video.error;
    this.clock = this.usable ? new Filmed(video, this.times[0]) : this.drawn();
    if (video) {
      const gone = () => this.withoutClip(video);
      video.addEventListener("error", gone);
      video.addEventListener("play", () => this.follow());
      video.addEventListener("pause", () => this.changed());
      video.addEventListener("ended", () => this.changed());
      video.addEventListener("seeked", () => this.show());
      video.addEventListener("loadeddata", () => this.show());
      if (video.error) gone();
    }
    new ResizeObserver(() => this.show()).observe(stage);
    this.show();
  }

  drawn() { return new Drawn(this.times[0], this.times[this.times.length - 1]); }

  withoutClip(video) {
    if (!this.usable) return;
    const t = this.clock.time;
    this.usable = false;
    video.hidden = true;
    this.clock = this.drawn();
    this.clock.time = t;
    this.stage.classList.add("drawn");
    this.show();
  }

  get time() { return this.clock.time; }
  get paused() { return this.clock.paused; }
  get frame() { return nearest(this.times, this.clock.time); }

  seek(t) {
    const first = this.times[0], last = this.times[this.times.length - 1];
    this.pause();
    this.clock.time = Math.min(last, Math.max(first, t));
    this.show();
  }
  step(frames) {
    const at = Math.min(this.times.length - 1, Math.max(0, this.frame + frames));
    this.seek(this.times[at]);
  }
  play() { this.clock.play(); this.follow(); this.changed(); }
  pause() { if (!this.clock.paused) { this.clock.pause(); this.changed(); } }
  toggle() { if (this.paused) this.play(); else this.pause(); }
  setRate(rate) { this.rate = rate; this.clock.setRate(rate); }

  bottom(way) {
    const t = this.time, reps = this.data.reps;
    const found = way > 0
      ? reps.find((rep) => rep.bottom_s > t + 0.02)
      : reps.findLast((rep) => rep.bottom_s < t - 0.02);
    if (found) this.seek(found.bottom_s);
    return found;
  }

  follow() {
    if (this.following) return;
    this.following = true;
    const next = () => {
      this.show();
      if (this.clock.ended && !this.clock.paused) this.pause();
      if (this.paused) { this.following = false; this.changed(); return; }
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  changed() { this.show(); this.dispatchEvent(new Event("state")); }
  show() { this.draw(); this.dispatchEvent(new Event("time")); }

  // Where landmark `index` lies in a frame, in pixels of the clip; null where it was not seen.
  place(frame, index) {
    const own = this.moved.get(`${frame}/${index}`);
    if (own) return own;
    const at = this.data.shown.indexOf(index);
    if (at < 0) return null;
    const x = this.data.xy[frame][2 * at], y = this.data.xy[frame][2 * at + 1];
    return x === null || x === undefined ? null : [x, y];
  }

  // The picture inside the stage, in CSS pixels: how much it is scaled, and where it begins.
  get fit() {
    const [width, height] = this.data.size;
    const box = this.canvas.getBoundingClientRect();
    const scale = Math.min(box.width / width, box.height / height) || 1;
    return { scale, x: (box.width - width * scale) / 2, y: (box.height - height * scale) / 2, box };
  }

  draw() {
    const { scale, x, y, box } = this.fit;
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.round(box.width * ratio), high = Math.round(box.height * ratio);
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide; this.canvas.height = high;
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, box.width, box.height);
    const figure = !this.usable;
    if (figure) {
      pen.fillStyle = "#e8edf1";
      pen.fillRect(x, y, this.data.size[0] * scale, this.data.size[1] * scale);
    }
    if (!this.overlay && !figure) return;
    const frame = this.frame;
    const at = (index) => {
      const place = this.place(frame, index);
      return place && [x + place[0] * scale, y + place[1] * scale];
    };
    if (figure) this.head(pen, at);
    this.bones(pen, at, figure);
    this.joints(pen, at, figure);
  }

  // A drawn figure has a head, so that one sees at once which way up it is.
  head(pen, at) {
    const nose = at(0), left = at(11), right = at(12);
    if (!nose || !left || !right || !this.data.shown.includes(0)) return;
    const neck = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
    pen.beginPath(); pen.arc(...nose, 0.55 * Math.hypot(nose[0] - neck[0], nose[1] - neck[1]), 0, 7);
    pen.fillStyle = "#cfd7de"; pen.fill();
  }

  bones(pen, at, figure) {
    pen.lineCap = "round";
    for (const casing of [true, false]) {
      for (const [a, b, side] of this.data.edges) {
        const from = at(a), to = at(b);
        if (!from || !to) continue;
        pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to);
        pen.lineWidth = casing ? 5.5 : 3;
        pen.strokeStyle = casing ? "rgb(10 20 30 / .75)" : figure ? FIGURE[side] : COLOURS[side];
        if (casing && figure) continue;
        if (figure) pen.lineWidth = 5;
        pen.stroke();
      }
    }
  }

  joints(pen, at, figure) {
    for (const index of this.data.shown) {
      const place = at(index);
      if (!place) continue;
      const chosen = index === this.chosen;
      const side = this.data.names[index].side;
      pen.beginPath(); pen.arc(...place, chosen ? 7 : 3.6, 0, 7);
      pen.fillStyle = chosen ? "#ffd23e" : figure ? FIGURE[side] : COLOURS[side];
      pen.fill();
      pen.lineWidth = chosen ? 2.5 : 1.2; pen.strokeStyle = "#0b1620"; pen.stroke();
      if (this.corrected.has(`${this.frame}/${index}`)) {
        pen.beginPath(); pen.arc(...place, 9, 0, 7);
        pen.lineWidth = 2; pen.setLineDash([3, 3]); pen.strokeStyle = "#ffd23e"; pen.stroke(); pen.setLineDash([]);
      }
      if (chosen) {
        pen.beginPath(); pen.moveTo(place[0] - 16, place[1]); pen.lineTo(place[0] + 16, place[1]);
        pen.moveTo(place[0], place[1] - 16); pen.lineTo(place[0], place[1] + 16);
        pen.lineWidth = 1; pen.strokeStyle = "#ffd23e"; pen.stroke();
      }
    }
  }
}

const FIGURE = { left: "#0072b2", right: "#a3457f", middle: "#39434e" };

// Space, arrows, [ and ]: the same keys on every page with a take.
export const keys = (target, player, more = {}) => {
  // A button that was clicked with a pointer does not keep the space bar for itself.
  target.addEventListener("click", (event) => {
    if (event.detail) event.target.closest("button[type=button]:not([data-mode])")?.blur();
  });
  target.addEventListener("keydown", (event) => {
    const within = event.target.closest("input, select, textarea, button, a, summary, [role=slider]");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = within && within.matches("input, select, textarea, [role=slider]");
    if (typing || (within && event.key === " ")) return;
    const acts = {
      " ": () => player.toggle(),
      ArrowLeft: () => player.step(event.shiftKey ? -10 : -1),
      ArrowRight: () => player.step(event.shiftKey ? 10 : 1),
      "[": () => player.bottom(-1),
      "]": () => player.bottom(1),
      ...more,
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
};

// Buttons of the strip below a picture: play, one picture back or on, speeds, landmarks.
export const controls = (root, player) => {
  const play = root.querySelector("[data-play]");
  const clock = root.querySelector("[data-clock]");
  play?.addEventListener("click", () => player.toggle());
  root.querySelectorAll("[data-step]").forEach((button) =>
    button.addEventListener("click", () => player.step(Number(button.dataset.step))));
  root.querySelectorAll("[data-bottom]").forEach((button) =>
    button.addEventListener("click", () => player.bottom(Number(button.dataset.bottom))));
  const speeds = root.querySelectorAll("[data-speed]");
  speeds.forEach((button) => button.addEventListener("click", () => {
    player.setRate(Number(button.dataset.speed));
    speeds.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  }));
  const overlay = root.querySelector("[data-overlay]");
  if (overlay && player.usable === false) overlay.hidden = true;
  overlay?.addEventListener("click", (event) => {
    player.overlay = !player.overlay;
    event.currentTarget.setAttribute("aria-pressed", String(player.overlay));
    player.draw();
  });
  const scrub = root.querySelector("[data-scrub]");
  if (scrub) {
    scrub.max = String(player.times.length - 1);
    scrub.hidden = false;
    scrub.addEventListener("input", () => { player.pause(); player.seek(player.times[Number(scrub.value)]); });
  }
  const along = () => {
    if (!scrub) return;
    const t = player.time;
    const rep = player.data.reps.find((one) => t >= one.start_s - 0.001 && t <= one.end_s + 0.001);
    scrub.value = String(player.frame);
    scrub.setAttribute("aria-valuetext", `${t.toFixed(2)} seconds${rep ? `, repetition ${rep.index}` : ""}`);
  };
  const state = () => {
    if (!play) return;
    play.setAttribute("aria-label", player.paused ? "Play" : "Pause");
    play.dataset.state = player.paused ? "paused" : "playing";
  };
  const time = () => { if (clock) clock.textContent = `${player.time.toFixed(2)} s`; along(); };
  player.addEventListener("state", state);
  player.addEventListener("time", time);
  state(); time();
};
