// Shows one slide at a time. Without this file the page is all slides below each other. Everything is in
// the page once it is opened, so it works when the network is gone.

const page = document.documentElement;
const slides = [...document.querySelectorAll("[data-slide]")];
const sheets = slides.map((slide) => slide.closest(".sheet"));
const notes = sheets.map((sheet) => sheet.querySelector(".speaker-notes .prewrap")?.textContent ?? "");
const text = document.body.dataset;
const bar = document.querySelector(".show-bar");
const black = document.querySelector(".blackout");
const keys = document.getElementById("keys");
let began = Date.now();
const AWAKE = 2500; // ms the corner stays after the last movement
const SWIPE = 40; // px a finger moves before it is no tap
let here = 0;
let sleep;
let speaker; // the window with the notes

const heading = (n) => slides[n].querySelector("h2").textContent;

function go(to) {
  here = Math.min(Math.max(to, 0), slides.length - 1);
  sheets.forEach((sheet, n) => { sheet.hidden = n !== here; });
  const place = `${here + 1} ${text.of} ${slides.length}`;
  document.getElementById("place").textContent = place;
  document.getElementById("announce").textContent = `${place}: ${heading(here)}`;
  history.replaceState(null, "", `#slide-${here + 1}`);
  tell();
}

function clock() {
  const seconds = Math.floor((Date.now() - began) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function tick() {
  document.getElementById("timer").textContent = clock();
  const theirs = speaker && !speaker.closed && speaker.document.getElementById("clock");
  if (theirs) {
    const now = new Date().toLocaleTimeString(page.lang, { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    theirs.textContent = `${clock()} · ${now}`;
  }
}

function startClock() {
  began = Date.now();
  tick();
  wake();
}

// Esc leaves the full screen by itself; pressed again it ends.
function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else page.requestFullscreen?.().catch(() => {});
}

// Without network there is no page to go to, and the slides would be lost.
function end() {
  fetch(text.end, { method: "HEAD" }).then(() => location.assign(text.end), () => {
    document.getElementById("announce").textContent = text.offline;
    document.getElementById("place").textContent = text.offline;
    wake();
  });
}

function darken(on = black.hidden) {
  black.hidden = !on;
  if (on) document.getElementById("announce").textContent = text.black;
}

// The window is drawn from here rather than fetched, so it opens without network too.
function openNotes() {
  if (!page.hasAttribute("data-speaker")) return;
  if (speaker && !speaker.closed) { speaker.focus(); return; }
  speaker = open("", "speaker", "width=900,height=700");
  if (!speaker) return;
  const theirs = speaker.document;
  theirs.documentElement.lang = page.lang;
  theirs.documentElement.className = "speaker";
  theirs.title = `${text.notes} – ${text.title}`;
  for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
    const copy = theirs.createElement("link");
    copy.rel = "stylesheet";
    copy.href = link.href;
    theirs.head.append(copy);
  }
  theirs.addEventListener("keydown", (event) => {
    if (event.key === "Escape") speaker.close();
    else pressed(event);
  });
  tell();
}

function part(theirs, tag, content, className = "") {
  const made = theirs.createElement(tag);
  made.textContent = content;
  made.className = className;
  return made;
}

function tell() {
  if (!speaker || speaker.closed) return;
  const theirs = speaker.document;
  const clocks = part(theirs, "p", "", "num strong");
  clocks.id = "clock";
  const main = theirs.createElement("main");
  main.append(
    part(theirs, "h1", `${here + 1} ${text.of} ${slides.length}: ${heading(here)}`, "ds-heading"),
    clocks,
    part(theirs, "p", notes[here] || text.noNotes, "prewrap spoken"),
    part(theirs, "h2", text.next, "ds-heading"),
    part(theirs, "p", here + 1 < slides.length ? heading(here + 1) : text.last),
  );
  const small = theirs.createElement("div");
  small.className = "previews";
  for (const n of [here, here + 1]) {
    if (n >= slides.length) continue;
    const canvas = theirs.createElement("div");
    canvas.className = "canvas";
    canvas.setAttribute("aria-hidden", "true");
    canvas.append(theirs.importNode(slides[n], true));
    small.append(canvas);
  }
  main.append(small);
  theirs.body.replaceChildren(main);
  tick();
}

function wake() {
  page.classList.add("awake");
  clearTimeout(sleep);
  sleep = setTimeout(() => page.classList.remove("awake"), AWAKE);
}

const acts = {
  "ArrowRight": () => go(here + 1),
  "ArrowDown": () => go(here + 1),
  "PageDown": () => go(here + 1),
  " ": () => go(here + 1),
  "ArrowLeft": () => go(here - 1),
  "ArrowUp": () => go(here - 1),
  "PageUp": () => go(here - 1),
  "Home": () => go(0),
  "End": () => go(slides.length - 1),
  "b": () => darken(),
  "n": openNotes,
  "t": startClock,
  "f": fill,
  "?": () => keys.showModal(),
  "Escape": end,
};

function pressed(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const onControl = event.target.closest?.("a, button");
  if (!(key in acts) || event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
  if (onControl && key === " ") return;
  event.preventDefault();
  if (!black.hidden && key !== "b" && key !== "Escape") darken(false);
  else acts[key]();
}

if (slides.length) {
  page.classList.add("presenting");
  bar.hidden = false;
  addEventListener("keydown", pressed);
  for (const kind of ["mousemove", "focusin"]) addEventListener(kind, wake);
  bar.addEventListener("click", (event) => {
    const key = event.target.dataset?.key;
    if (key) acts[key]();
  });
  black.addEventListener("click", () => darken(false));
  // A finger drawn to the left goes on, to the right back. So does a press on the right and the left third;
  // in the middle the corner shows.
  const show = document.querySelector(".show");
  let from;
  show.addEventListener("pointerdown", (event) => { from = event; });
  show.addEventListener("pointerup", (event) => {
    if (event.pointerType === "mouse") return;
    const across = event.clientX - (from?.clientX ?? event.clientX);
    const down = event.clientY - (from?.clientY ?? event.clientY);
    const share = event.clientX / innerWidth;
    if (Math.abs(across) > SWIPE && Math.abs(across) > Math.abs(down)) go(here + (across < 0 ? 1 : -1));
    else if (Math.hypot(across, down) > SWIPE) wake();
    else if (share > 2 / 3) go(here + 1);
    else if (share < 1 / 3) go(here - 1);
    else wake();
  });
  addEventListener("pagehide", () => speaker?.close());
  setInterval(tick, 1000);
  go((Number(location.hash.match(/^#slide-(\d+)$/)?.[1]) || 1) - 1);
  wake();
}
