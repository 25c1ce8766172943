// Saves each field as it is left or rested in. The server decides what was touched; this file only says
// when to ask, shows how it went, and never lets go of a text that is not saved.

const form = document.querySelector("[data-autosave]");
const REST = 800; // ms after the last keystroke
const AGAIN = 15000; // ms between attempts while something is unsaved
const SETTLED = 50; // ms until htmx has put an answer in its place
let timer;
let unsaved = false;
let written; // when the last keystroke was
let saving = false;
let pressed; // a button that waits until what is being saved is saved
let field; // where it was

const state = () => document.getElementById("save-state");

// The line itself stays in the page, so that an answer on its way finds it.
function say(kind, role, ...content) {
  const line = state();
  line.dataset.state = kind;
  line.setAttribute("role", role);
  line.replaceChildren(...content);
}

function show(id) {
  say("failed", "alert", document.getElementById(id).content.cloneNode(true));
  state().querySelector("[data-retry]")?.addEventListener("click", () => {
    field?.focus(); // the button goes away with the answer
    save();
  });
}

// Without a network nothing is asked; the line says that the text waits, and since when.
function waitForNetwork() {
  if (!unsaved) return;
  say("offline", "status", document.getElementById("autosave-offline").content.cloneNode(true));
  const [hours, minutes] = [written.getHours(), written.getMinutes()].map((n) => String(n).padStart(2, "0"));
  state().querySelector("[data-clock]").textContent = `${hours}.${minutes}`;
}

function save() {
  clearTimeout(timer);
  if (!unsaved) return;
  if (navigator.onLine) form.dispatchEvent(new CustomEvent("autosave"));
  else waitForNetwork();
}

function touched(target, delay) {
  field = target;
  unsaved = true;
  written = new Date();
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

form.addEventListener("input", ({ target }) => touched(target, target.matches("input[type=radio], select") ? 0 : REST));
form.addEventListener("focusout", () => { if (unsaved) save(); });
form.addEventListener("submit", (event) => {
  if (saving && event.submitter?.offsetParent && pressed !== event.submitter) {
    event.preventDefault(); // else one's own text would look like somebody else's
    pressed = event.submitter;
  } else if (event.submitter?.offsetParent) unsaved = false;
  else { // Enter in a field presses the button that this script has hidden
    event.preventDefault();
    save();
  }
});

document.body.addEventListener("htmx:configRequest", (event) => {
  // The token changes when the person logs in again in another tab.
  const token = document.cookie.match(/csrftoken=([^;]+)/);
  if (token) event.detail.parameters.csrfmiddlewaretoken = token[1];
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== form) return;
  saving = true;
  unsaved = false; // what is typed from here on is new
  say("waiting", "status", form.dataset.saving);
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.target !== form) return;
  saving = false;
  if (!event.detail.successful) pressed = undefined; // the line says why, and the text stays
  setTimeout(() => { // when the answer stands in the page
    if (pressed && !saving) form.requestSubmit(pressed);
  }, SETTLED);
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) unsaved = true;
});

document.body.addEventListener("htmx:afterSwap", () => {
  if (state().dataset.state === "waiting") say("", "status");
});

document.body.addEventListener("htmx:sendError", () => {
  unsaved = true;
  if (navigator.onLine) show("autosave-failed");
  else waitForNetwork();
});
document.body.addEventListener("htmx:responseError", (event) => {
  unsaved = true;
  const why = { 401: "autosave-logged-out", 403: "autosave-closed" };
  show(why[event.detail.xhr.status] ?? "autosave-failed");
});

addEventListener("online", save);
addEventListener("offline", waitForNetwork);
addEventListener("focus", save);
setInterval(() => { if (state()?.dataset.state === "failed") save(); }, AGAIN);
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
