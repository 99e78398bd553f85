// Start, bottom and end of a repetition as three lines over the curves.

const NAMES = { start_s: "Start", bottom_s: "Bottom", end_s: "End" };

export const bounds = (form, player, curves) => {
  const fields = form.elements;
  const layer = curves.root.querySelector("[data-bounds]");
  const numbers = curves.numbers;
  const handles = {};
  let active = false;

  const place = () => {
    for (const [name, handle] of Object.entries(handles)) {
      const t = Number(fields[name].value);
      const known = fields[name].value !== "";
      handle.hidden = !known;
      handle.style.left = `${Math.min(100, Math.max(0, curves.share(t)))}%`;
      handle.setAttribute("aria-valuenow", String(t));
      handle.setAttribute("aria-valuetext", `${t.toFixed(2)} seconds`);
    }
    layer.classList.toggle("crossed", Number(fields.start_s.value) > Number(fields.end_s.value));
  };
  const put = (name, t) => {
    const held = Math.min(numbers.t1, Math.max(numbers.t0, t));
    fields[name].value = held.toFixed(3);
    place();
    player.seek(held);
    form.dispatchEvent(new Event("input"));
  };
  const frameLength = () => (player.times[player.times.length - 1] - player.times[0]) / (player.times.length - 1);

  for (const [name, title] of Object.entries(NAMES)) {
    const handle = document.createElement("div");
    handle.className = `handle ${name}`;
    handle.tabIndex = 0;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", title);
    handle.setAttribute("aria-valuemin", String(numbers.t0));
    handle.setAttribute("aria-valuemax", String(numbers.t1));
    handle.dataset.title = title;
    layer.append(handle);
    handles[name] = handle;
    let held = false;
    handle.addEventListener("pointerdown", (event) => { held = true; handle.setPointerCapture(event.pointerId); event.preventDefault(); handle.focus(); });
    handle.addEventListener("pointermove", (event) => { if (held) put(name, curves.timeAt(event, layer)); });
    for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => { held = false; });
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      if (!step) return;
      event.preventDefault();
      put(name, Number(fields[name].value) + step * frameLength() * (event.shiftKey ? 10 : 1));
    });
    fields[name].addEventListener("change", () => { place(); if (fields[name].value) player.seek(Number(fields[name].value)); });
  }

  const more = () => {
    const rep = player.data.reps.find((one) => String(one.index) === fields.rep.value);
    form.querySelector("[data-strike]").hidden = !rep;
    const side = form.querySelector("[data-side]");
    if (side) side.hidden = Boolean(rep);
    return rep;
  };
  const choose = () => {
    const rep = more();
    const t = player.time;
    const times = rep ?? { start_s: Math.max(numbers.t0, t - 1), bottom_s: t, end_s: Math.min(numbers.t1, t + 1) };
    for (const name of Object.keys(NAMES)) fields[name].value = times[name].toFixed(3);
    place();
    if (active && rep) player.seek(rep.bottom_s);
  };
  fields.rep.addEventListener("change", choose);
  form.querySelectorAll("[data-here]").forEach((button) => button.addEventListener("click", () => {
    fields[button.dataset.here].value = player.times[player.frame].toFixed(3);
    place();
    form.dispatchEvent(new Event("input"));
  }));

  return {
    enter(typed) {
      active = true; layer.hidden = false;
      if (typed) {
        more();
        place();
        if (fields.bottom_s.value) player.seek(Number(fields.bottom_s.value));
        return;
      }
      const t = player.time;
      const under = player.data.reps.find((rep) => t >= rep.start_s - 0.01 && t <= rep.end_s + 0.01);
      if (under) fields.rep.value = String(under.index);
      choose();
    },
    leave() { active = false; layer.hidden = true; },
  };
};
