// Shows that a long form is being worked on, and how far the reading has come.

for (const form of document.querySelectorAll("form[data-working]")) {
  form.addEventListener("submit", () => {
    document.getElementById(form.dataset.working).hidden = false;
    if (form.dataset.progress) follow(form.dataset.progress, document.getElementById("bar"));
  });
}

function follow(address, bar) {
  setInterval(async () => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { read, about } = await answer.json();
    if (about) {
      bar.max = about;
      bar.value = Math.min(read, about);
    }
  }, 700);
}
