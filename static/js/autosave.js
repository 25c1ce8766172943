// Saves each field as it is left or rested in. The server decides what was touched; this file only says
// when to ask, shows how it went, and never lets go of a text that is not saved.

const form = document.querySelector("[data-autosave]");
const REST = 800; // ms after the last keystroke
const AGAIN = 15000; // ms between attempts while something is unsaved
const SETTLED = 50; // ms until htmx has put an answer in its place
const WHY = { 401: "autosave-logged-out", 403: "autosave-closed" };
let timer;
let unsaved = false; // something is typed that no save on its way has with it
let written; // when the last keystroke was
let saving = false;
let refused = false; // the last answer did not take it all
let pressed; // a button or a link that waits until what is typed is saved
let released = false; // it is pressed once more, by this script
let field; // where it was

const state = () => document.getElementById("save-state");

// The line itself stays in the page, so that an answer on its way finds it.
function say(kind, role, ...content) {
  const line = state();
  line.dataset.state = kind;
  line.dataset.why = "";
  line.setAttribute("role", role);
  line.replaceChildren(...content);
}

// What the line says already stays as it is: its link may be under the mouse.
function show(id) {
  if (state().dataset.why === id) return;
  say("failed", "alert", document.getElementById(id).content.cloneNode(true));
  state().dataset.why = id;
  state().querySelector("[data-retry]")?.addEventListener("click", () => {
    field?.focus(); // the button goes away with the answer
    say("waiting", "status", form.dataset.saving);
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
  // Back and a reload come to what is written on, also when the page was found by the step's address.
  const { address } = form.dataset;
  if (address && address !== location.pathname + location.search) history.replaceState(history.state, "", address);
  field = target;
  unsaved = true;
  written = new Date();
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

form.addEventListener("input", ({ target }) => touched(target, target.matches("input[type=radio], select") ? 0 : REST));
form.addEventListener("focusout", save);
form.addEventListener("submit", (event) => {
  const button = event.submitter?.offsetParent && event.submitter;
  if (!button) { // Enter in a field presses the button that this script has hidden
    event.preventDefault();
    save();
  } else if (saving && pressed !== button) {
    event.preventDefault(); // else one's own text would look like somebody else's
    pressed = button;
  } else unsaved = saving = refused = false; // the form itself has it all with it
});

// What leads away from the page waits until what is typed is saved; pressed once more it waits no longer.
function wait(event, target) {
  if (event.defaultPrevented || released) return;
  if ((unsaved || saving) && navigator.onLine && pressed !== target) {
    event.preventDefault();
    pressed = target;
    save();
  } else {
    pressed = undefined;
    if (settles(target) && !unsaved && !saving) refused = false;
  }
}

// Whether a button or a link says which of two texts shall stand.
function settles(target) {
  return target.closest("#conflicts") && state().dataset.state !== "failed";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || link.target || link.hasAttribute("download")) return;
  const here = link.hash && link.href.split("#")[0] === location.href.split("#")[0];
  if (!here && link.protocol.startsWith("http")) wait(event, link);
});

document.addEventListener("submit", (event) => {
  if (event.target !== form && event.submitter) wait(event, event.submitter);
});

function release() {
  if (!pressed || saving) return;
  if (unsaved && !refused) return save(); // typed in the meantime
  const choice = pressed.dataset.choice; // the answer has put another one in its place, with the newest text
  const target = choice ? document.querySelector(`[data-choice="${choice}"]`) : pressed;
  pressed = undefined;
  if (!target?.isConnected || (target.form === form && state().dataset.why)) return; // the line says why
  if (settles(target)) refused = false;
  released = true;
  if (target.form) target.form.requestSubmit(target);
  else target.click();
  released = false;
}

document.body.addEventListener("htmx:configRequest", (event) => {
  // The token changes when the person logs in again in another tab.
  if (token()) event.detail.parameters.csrfmiddlewaretoken = token();
});

function token() {
  return document.cookie.match(/csrftoken=([^;]+)/)?.[1];
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== form) return;
  saving = true;
  unsaved = false; // what is typed from here on is new
  if (state().dataset.state !== "failed") say("waiting", "status", form.dataset.saving);
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.target !== form) return;
  const { status } = event.detail.xhr;
  saving = false;
  refused = status !== 200;
  if (status === 200) tidy();
  else if (status !== 409) fail(status); // both texts of a conflict stand in the page
  setTimeout(release, SETTLED); // when the answer stands in the page
});

function fail(status) {
  unsaved = true;
  if (status === 422) return; // the answer says why
  if (status || navigator.onLine) show(WHY[status] ?? "autosave-failed");
  else waitForNetwork();
}

// With nothing left to mend, the page no longer says that there is.
function tidy() {
  if (state().dataset.state !== "saved") return;
  const summary = document.querySelector("#error-summary");
  const faults = [...(summary?.querySelectorAll("a") ?? [])].map((link) => document.querySelector(link.hash));
  if (!summary || !faults.every((fault) => form.contains(fault))) return; // another form's
  summary.remove();
  document.title = document.title.replace(/^\S+: /, ""); // the word for an error
  for (const error of form.querySelectorAll("[id$=_error]")) error.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

addEventListener("online", save);
addEventListener("offline", waitForNetwork);
addEventListener("focus", save);
setInterval(() => { if (state()?.dataset.why) save(); }, AGAIN);
addEventListener("beforeunload", (event) => {
  save();
  if (unsaved || saving || refused) event.preventDefault();
});
// Some browsers ask nobody. What is on its way then goes once more, in a way that outlives the page.
addEventListener("pagehide", () => {
  if (!unsaved && !saving) return;
  const body = new URLSearchParams(new FormData(form));
  if (token()) body.set("csrfmiddlewaretoken", token());
  fetch(form.action, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
});
