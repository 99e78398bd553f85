// A landmark moved: dragged on the paused picture, or chosen and moved with the arrow keys.

const REACH = 22;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export const landmarks = (form, player, say) => {
  const fields = form.elements;
  const save = form.querySelector("[data-save]"), undo = form.querySelector("[data-undo]");
  const stage = player.stage, canvas = player.canvas;
  let active = false, held = false, frame = -1, first = null, grip = [0, 0];

  const chosen = () => (fields.landmark.value === "" ? null : Number(fields.landmark.value));
  const title = () => player.data.names[chosen()].title;
  const inPicture = () => fields.x.checkValidity() && fields.y.checkValidity();
  const round = (value) => Math.round(value * 10) / 10;

  const forget = () => {
    player.moved.clear(); frame = -1; first = null;
    save.disabled = true; undo.disabled = true;
  };
  const show = (place) => {
    fields.x.value = place ? round(place[0]) : "";
    fields.y.value = place ? round(place[1]) : "";
    fields.t_s.value = player.times[player.frame];
  };
  const choose = (index) => {
    forget();
    fields.landmark.value = index === null ? "" : String(index);
    player.chosen = index ?? undefined;
    show(index === null ? null : player.place(player.frame, index));
    player.draw();
  };
  const put = (place, quiet) => {
    const index = chosen();
    if (index === null) return;
    player.pause();
    if (frame !== player.frame) { player.moved.clear(); frame = player.frame; first = player.place(frame, index); }
    const [width, height] = player.data.size;
    form.dispatchEvent(new Event("input"));
    const inside = [Math.min(width, Math.max(0, round(place[0]))), Math.min(height, Math.max(0, round(place[1])))];
    player.moved.set(`${frame}/${index}`, inside);
    show(inside);
    save.disabled = false; undo.disabled = false;
    player.draw();
    if (!quiet) say(words(inside));
  };
  const words = (place) => {
    if (!first) return `${title()} placed`;
    const across = Math.round(place[0] - first[0]), down = Math.round(place[1] - first[1]);
    const parts = [];
    if (across) parts.push(`${Math.abs(across)} pixels ${across > 0 ? "right" : "left"}`);
    if (down) parts.push(`${Math.abs(down)} pixels ${down > 0 ? "down" : "up"}`);
    return `${title()}: ${parts.join(", ") || "where it was"}`;
  };
  const at = (event) => {
    const { scale, x, y, box } = player.fit;
    return [(event.clientX - box.left - x) / scale, (event.clientY - box.top - y) / scale];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!active || event.button || !player.paused) return;
    const where = at(event), reach = REACH / player.fit.scale;
    const near = player.data.shown
      .map((index) => ({ index, place: player.place(player.frame, index) }))
      .filter(({ place }) => place)
      .map((one) => ({ ...one, far: Math.hypot(one.place[0] - where[0], one.place[1] - where[1]) }))
      .sort((a, b) => a.far - b.far)[0];
    if (!near || near.far > reach) return;
    event.preventDefault();
    if (near.index !== chosen()) choose(near.index);
    grip = [near.place[0] - where[0], near.place[1] - where[1]];
    held = true;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    const where = at(event);
    put([where[0] + grip[0], where[1] + grip[1]], true);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => { if (held && first) say(words(player.place(frame, chosen()))); held = false; });
  }

  stage.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!active || chosen() === null || !way || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    const now = player.place(player.frame, chosen()) ?? player.data.size.map((side) => side / 2);
    put([now[0] + way[0] * far, now[1] + way[1] * far]);
  });

  fields.landmark.addEventListener("change", () => choose(chosen()));
  for (const name of ["x", "y"]) fields[name].addEventListener("change", () => {
    const place = [Number(fields.x.value), Number(fields.y.value)];
    if (!fields.x.value || !fields.y.value) return;
    save.disabled = false; undo.disabled = false;
    // Outside the picture nothing is moved: the field says so, and is not sent.
    if (inPicture()) put(place, true);
    else fields[name].reportValidity();
  });
  undo.addEventListener("click", () => choose(chosen()));
  form.addEventListener("submit", () => {
    const t = player.time;
    const rep = player.data.reps.find((one) => t >= one.start_s - 0.01 && t <= one.end_s + 0.01);
    fields.until_s.value = fields.until.value === "rep" && rep ? rep.end_s : "";
  });
  player.addEventListener("time", () => {
    if (!active || chosen() === null || held) return;
    if (frame >= 0 && frame !== player.frame) forget();
    if (frame < 0) show(player.place(player.frame, chosen()));
  });

  return {
    enter(typed) {
      active = true; player.pause(); player.overlay = true; stage.classList.add("correcting");
      undo.hidden = false;
      const at = fields.t_s.value, place = [fields.x.value, fields.y.value];
      if (typed && at) player.seek(Number(at));
      choose(chosen());
      if (!typed || !at || place.some((value) => value === "")) return;
      [fields.x.value, fields.y.value] = place;
      if (inPicture()) put(place.map(Number), true);
    },
    leave() {
      active = false; stage.classList.remove("correcting"); forget(); player.chosen = undefined; player.draw();
    },
  };
};
