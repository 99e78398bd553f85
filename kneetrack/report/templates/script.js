(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const minus = "\u2212";

  const number = (value, chart) => {
    if (value === null || value === undefined) return "\u2013";
    const text = Math.abs(value).toFixed(chart.places);
    return (value < 0 && Number(text) !== 0 ? minus : "") + text + chart.unit;
  };

  const reading = (line, at, chart) => {
    const span = document.createElement("span");
    span.className = { L: "left", R: "right" }[line.label] || "";
    span.textContent = (line.label ? line.label + "\u00a0" : "") + number(line.v[at], chart) + "   ";
    return span;
  };

  const nearest = (times, t) => {
    let low = 0, high = times.length - 1;
    while (high - low > 1) {
      const mid = (low + high) >> 1;
      if (times[mid] <= t) low = mid; else high = mid;
    }
    return t - times[low] <= times[high] - t ? low : high;
  };

  document.querySelectorAll(".take").forEach((take) => {
    const info = data[Number(take.dataset.take)];
    const video = take.querySelector("video");
    const missing = take.querySelector(".missing");
    const still = document.querySelector(`.pictures img[data-take="${take.dataset.take}"]`);
    let playable = Boolean(video);
    let wanted = null;

    const sets = [...take.querySelectorAll(".set")].map((element) => ({
      element,
      numbers: info.sets[Number(element.dataset.set)],
      charts: [...element.querySelectorAll(".chart")].map((chart) => ({
        output: chart.querySelector("output"),
        cursor: chart.querySelector(".cursor"),
      })),
      chips: [...element.querySelectorAll(".chip")],
      scroller: element.querySelector(".scroller"),
      plot: element.querySelector(".plot"),
    }));
    const rows = [...take.querySelectorAll("[data-row]")];

    const show = (t) => {
      let current = "";
      sets.forEach((set) => {
        const numbers = set.numbers;
        if (!numbers || !set.plot) return;
        const inside = t >= numbers.t0 - 0.02 && t <= numbers.t1 + 0.02;
        const at = nearest(numbers.t, t);
        const left = Math.min(100, Math.max(0, (100 * (t - numbers.t0)) / (numbers.t1 - numbers.t0)));
        set.charts.forEach((chart, i) => {
          chart.cursor.style.display = inside ? "block" : "none";
          chart.cursor.style.left = left + "%";
          const shown = numbers.charts[i];
          chart.output.replaceChildren(...(inside ? shown.lines.map((line) => reading(line, at, shown)) : []));
        });
        if (inside && set.scroller.scrollWidth > set.scroller.clientWidth + 1) {
          const x = set.plot.offsetLeft + (left / 100) * set.plot.offsetWidth - set.scroller.scrollLeft;
          if (x < 60 || x > set.scroller.clientWidth - 30) set.scroller.scrollLeft += x - set.scroller.clientWidth / 2;
        }
        set.chips.forEach((chip) => {
          const start = parseFloat(chip.style.left), width = parseFloat(chip.style.width);
          const now = inside && left >= start && left <= start + width;
          chip.classList.toggle("now", now);
          if (now) current = chip.dataset.rep;
        });
      });
      rows.forEach((row) => row.classList.toggle("now", row.dataset.row === current));
      take.dataset.t = t.toFixed(3);
    };

    const clipTime = () => video.currentTime / info.stretch + info.t0;
    const seek = (t) => {
      wanted = t;
      show(t);
      if (!playable) return;
      video.pause();
      video.currentTime = Math.max(0, (t - info.t0) * info.stretch + 0.001);
    };

    if (video) {
      const gone = () => {
        playable = false;
        video.hidden = true;
        missing.hidden = false;
        take.querySelector(".speeds").hidden = true;
      };
      video.addEventListener("error", gone);
      if (video.error) gone();
      if (still) video.poster = still.src;
      const follow = () => {
        show(clipTime());
        if (!video.paused && !video.ended) requestAnimationFrame(follow);
      };
      video.addEventListener("play", () => { wanted = null; follow(); });
      video.addEventListener("timeupdate", () => { if (video.paused && wanted === null) show(clipTime()); });
      video.addEventListener("seeking", () => { if (wanted === null) show(clipTime()); });
      video.addEventListener("seeked", () => { wanted = null; });
      take.querySelectorAll("[data-speed]").forEach((button) => button.addEventListener("click", () => {
        video.playbackRate = Number(button.dataset.speed);
        take.querySelectorAll("[data-speed]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      }));
    }

    take.querySelectorAll("[data-seek]").forEach((button) => button.addEventListener("click", () => {
      seek(Number(button.dataset.seek));
      if (video && playable && button.closest("table")) video.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }));

    sets.forEach((set) => {
      const numbers = set.numbers;
      const area = set.element.querySelector("[data-curves]");
      if (!numbers || !area || !set.plot) return;
      const timeAt = (event) => {
        const box = set.element.querySelector(".plot").getBoundingClientRect();
        const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        return numbers.t0 + share * (numbers.t1 - numbers.t0);
      };
      let dragging = false;
      area.addEventListener("pointerdown", (event) => {
        if (!event.target.closest(".plot")) return;
        dragging = event.pointerType === "mouse";
        seek(timeAt(event));
      });
      window.addEventListener("pointermove", (event) => { if (dragging) seek(timeAt(event)); });
      window.addEventListener("pointerup", () => { dragging = false; });
      area.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const now = Number(take.dataset.t ?? numbers.t0);
        const at = nearest(numbers.t, now) + step;
        seek(numbers.t[Math.min(numbers.t.length - 1, Math.max(0, at))]);
      });
    });

    const first = take.querySelector(still && still.dataset.rep ? `.chip[data-rep="${still.dataset.rep}"]` : ".chip");
    if (first) show(Number(first.dataset.seek));
  });
})();
