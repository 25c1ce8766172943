// What the frame needs of script. Every page works without it.

document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-opens]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}
for (const button of document.querySelectorAll("[data-shuts]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.shuts).close());
}

// An open <details> menu shuts on Escape and on a press beside it.
for (const details of document.querySelectorAll("details[data-closes]")) {
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      details.open = false;
      details.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
}

// A form with errors begins at the list of them.
document.querySelector("[data-error-summary]")?.focus();

// The current tab is in view where the tabs scroll sideways.
for (const tab of document.querySelectorAll(":is(.project-tabs, .step-list, .tools) [aria-current]")) {
  const strip = tab.closest(".project-tabs, .step-list, .tools");
  strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - 16;
}

// What is ticked away is not shown in the picture of the report beside it.
for (const box of document.querySelectorAll("[data-shows]")) {
  box.addEventListener("change", () => { document.getElementById(box.dataset.shows).hidden = !box.checked; });
}

// A document takes a few seconds: say so where it was asked for.
for (const form of document.querySelectorAll("[data-slow]")) {
  form.addEventListener("submit", () => {
    const line = document.getElementById(form.dataset.slow);
    line.hidden = false;
    setTimeout(() => { line.hidden = true; }, 8000);
  });
}

// What is typed in a form that waits for its button is not left without a question.
for (const form of document.querySelectorAll("[data-unsaved]")) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}
