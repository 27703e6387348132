// Help on top of pages that work without it: zoom and move a picture, light up the chain of a node, copy the link, change the
// theme without loading the page again, tell that there is a newer version. It adds its own buttons, so that none is dead without it.
"use strict";

const make = (tag, words, does) => {
  const e = document.createElement(tag);
  e.textContent = words;
  if (does) { e.title = does; e.setAttribute("aria-label", does); }
  return e;
};

// Theme: the link alone works too; it sets the same cookie on the server.
for (const a of document.querySelectorAll("a[data-set-theme]")) {
  a.addEventListener("click", ev => {
    ev.preventDefault();
    const theme = a.dataset.setTheme;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  });
}

// Copy link.
for (const box of document.querySelectorAll(".saves")) {
  const a = make("a", "Copy link");
  a.href = location.href;
  a.setAttribute("aria-live", "polite");
  a.addEventListener("click", async ev => {
    ev.preventDefault();
    try {
      await navigator.clipboard.writeText(location.href);
      a.textContent = "Copied";
    } catch {
      a.textContent = "Copy it from the address line";
    }
    setTimeout(() => { a.textContent = "Copy link"; }, 2500);
  });
  box.append(" ", a);
}

// A page that stays open says when there is a newer version than the one it shows. It asks only while somebody looks at it.
const shown = Number(document.documentElement.dataset.version ?? NaN), often = 5000;
if (!Number.isNaN(shown)) {
  const note = make("div", "");
  note.className = "note newer";
  note.setAttribute("role", "status");
  document.querySelector("main").before(note);
  const look = async () => {
    if (document.hidden) return;
    try {
      const { version } = await (await fetch("/version")).json();
      if (version > shown && !note.firstChild) {
        const show = make("a", "Show it");
        show.href = location.pathname + location.search;
        note.append(`There is a version ${version} now. What you see is version ${shown}. `, show);
      }
    } catch { /* the server is away: the next page that is asked for says so */ }
  };
  setInterval(look, often);
  document.addEventListener("visibilitychange", look);
}

for (const frame of document.querySelectorAll(".frame")) {
  const svg = frame.querySelector("svg");
  if (!svg?.viewBox.baseVal?.width) continue;
  zoomable(frame, svg);
  chains(frame, svg);
  begin(frame, svg);
}

// A picture that is larger than its frame begins with what was asked about, or half way down, not in an empty corner.
function begin(frame, svg) {
  const asked = svg.querySelector(".node.focus"), r = frame.getBoundingClientRect();
  if (asked) {
    const a = asked.getBoundingClientRect();
    frame.scrollLeft += a.left + a.width / 2 - r.left - r.width / 2;
    frame.scrollTop += a.top + a.height / 2 - r.top - r.height / 2;
  } else {
    frame.scrollTop = (frame.scrollHeight - frame.clientHeight) / 2;
  }
}

// Zoom changes the viewBox: the text stays sharp and the frame keeps its size.
function zoomable(frame, svg) {
  const b = svg.viewBox.baseVal, home = [b.x, b.y, b.width, b.height], deepest = 8;
  let box = [...home];
  const show = () => {
    box[0] = Math.max(home[0], Math.min(home[0] + home[2] - box[2], box[0]));
    box[1] = Math.max(home[1], Math.min(home[1] + home[3] - box[3], box[1]));
    svg.setAttribute("viewBox", box.map(n => n.toFixed(1)).join(" "));
    svg.classList.toggle("zoomed", box[2] < home[2]);
  };
  const zoom = (factor, x = box[0] + box[2] / 2, y = box[1] + box[3] / 2) => {
    const w = Math.min(home[2], Math.max(home[2] / deepest, box[2] * factor)), k = w / box[2];
    box = [x - (x - box[0]) * k, y - (y - box[1]) * k, w, home[3] * w / home[2]];
    show();
  };
  const move = (dx, dy) => { box[0] += dx * box[2]; box[1] += dy * box[3]; show(); };
  const whole = () => {
    if (box[2] >= home[2]) frame.classList.toggle("fit"); // a big picture: all of it, or as large as can be read
    box = [...home];
    show();
  };

  const buttons = make("div", "");
  buttons.className = "zoom";
  for (const [sign, does, f] of [["+", "Zoom in", () => zoom(0.7)], ["−", "Zoom out", () => zoom(1 / 0.7)], ["⤢", "Whole picture", whole]]) {
    const button = make("button", sign, does);
    button.type = "button";
    button.addEventListener("click", f);
    buttons.append(button);
  }
  frame.closest(".plate")?.querySelector(".bar")?.prepend(buttons);

  const keys = {
    "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7), "0": whole,
    ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
  };
  frame.addEventListener("keydown", ev => {
    const f = keys[ev.key];
    if (!f || ev.ctrlKey || ev.metaKey || ev.altKey) return;
    if (ev.key.startsWith("Arrow") && box[2] >= home[2]) return; // then arrows scroll, as everywhere
    ev.preventDefault();
    f();
  });
  frame.addEventListener("wheel", ev => {
    if (!ev.ctrlKey && !ev.metaKey) return; // the plain wheel scrolls the page
    ev.preventDefault();
    const r = svg.getBoundingClientRect();
    zoom(ev.deltaY > 0 ? 1.15 : 0.87, box[0] + (ev.clientX - r.left) / r.width * box[2], box[1] + (ev.clientY - r.top) / r.height * box[3]);
  }, { passive: false });

  let held = null;
  svg.addEventListener("pointerdown", ev => {
    if (box[2] >= home[2] || ev.button !== 0 || ev.target.closest("a")) return;
    held = ev;
    svg.setPointerCapture(ev.pointerId);
    svg.classList.add("held");
  });
  svg.addEventListener("pointermove", ev => {
    if (!held) return;
    const r = svg.getBoundingClientRect();
    move((held.clientX - ev.clientX) / r.width, (held.clientY - ev.clientY) / r.height);
    held = ev;
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = null; svg.classList.remove("held"); });
}

// Lights up everything that serves a node and everything it serves, over any number of lines. A line says whom it joins,
// by the ids of the boxes.
function chains(frame, svg) {
  const nodes = new Map(), forward = new Map(), back = new Map();
  const put = (map, key, value) => { if (!map.has(key)) map.set(key, []); map.get(key).push(value); };
  for (const n of svg.querySelectorAll(".node[id]")) nodes.set(n.id, n);
  for (const e of svg.querySelectorAll(".edge")) {
    const { from, to } = e.dataset;
    if (!from || !to) continue;
    put(forward, from, [e, to]);
    put(back, to, [e, from]);
    if (e.classList.contains("both")) { put(forward, to, [e, from]); put(back, from, [e, to]); }
  }
  if (!forward.size) return;
  const walk = (start, lines, on) => {
    const seen = new Set([start]), todo = [start];
    for (const id of todo) {
      for (const [line, next] of lines.get(id) ?? []) {
        on.add(line);
        if (!seen.has(next)) { seen.add(next); todo.push(next); }
      }
    }
    for (const id of seen) if (nodes.has(id)) on.add(nodes.get(id));
  };
  const dim = () => {
    svg.classList.remove("lit");
    for (const e of svg.querySelectorAll(".on")) e.classList.remove("on");
  };
  const light = id => {
    dim();
    const on = new Set();
    walk(id, forward, on);
    walk(id, back, on);
    for (const e of on) e.classList.add("on");
    svg.classList.add("lit");
  };
  for (const [id, n] of nodes) {
    n.addEventListener("pointerenter", () => light(id));
    n.addEventListener("focusin", () => light(id));
    n.addEventListener("pointerleave", dim);
    n.addEventListener("focusout", dim);
  }
  frame.addEventListener("keydown", ev => { if (ev.key === "Escape") dim(); });
}

// Files can be dropped on the form that sends them. The form works without it.
for (const form of document.querySelectorAll("form.upload")) {
  const input = form.querySelector("input[type=file]"), said = make("p", "Or drop them here.");
  said.className = "hint";
  said.setAttribute("role", "status");
  input.after(said);
  input.addEventListener("change", () => {
    const names = [...input.files].map(f => f.name);
    if (names.length > 1) said.textContent = `${names.length} files: ${names.join(", ")}`;
  });
  for (const over of ["dragenter", "dragover"]) form.addEventListener(over, ev => { ev.preventDefault(); form.classList.add("over"); });
  for (const out of ["dragleave", "drop"]) form.addEventListener(out, () => form.classList.remove("over"));
  form.addEventListener("drop", ev => {
    ev.preventDefault();
    if (!ev.dataTransfer.files.length) return;
    input.files = ev.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  form.addEventListener("submit", () => { form.querySelector("button").textContent = "Sending…"; });
}
