// Comfort only: every page works without this file.

// The link that sets a password has its secret behind "#", where no server sees it.
const secret = document.getElementById("link-secret");
if (secret && location.hash.startsWith("#edl_")) {
  secret.value = location.hash.slice(1);
  document.getElementById("by-link").hidden = false;
  history.replaceState(null, "", location.pathname + location.search);
}

// A control that changes what is shown asks for it at once.
for (const control of document.querySelectorAll("[data-submits]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}

// The dial over what was known: each stop is a moment at which something was recorded.
for (const dial of document.querySelectorAll("[data-dial]")) {
  const stops = JSON.parse(dial.dataset.dial);
  const shown = document.getElementById(dial.getAttribute("aria-describedby"));
  const field = dial.form.elements[dial.dataset.sets];
  dial.parentElement.hidden = false;
  dial.addEventListener("input", () => {
    const [value, text] = stops[Number(dial.value)];
    shown.textContent = text;
    dial.setAttribute("aria-valuetext", text);
    field.value = value;
  });
  dial.addEventListener("change", () => dial.form.requestSubmit());
}

// A form is sent once: a second click sends nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// While a step is taken for a whole roster: how many have come to it so far.
for (const shown of document.querySelectorAll("[data-watches]")) {
  const form = shown.closest("form");
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "record") return;
    const { stage, region } = form.elements;
    const look = async () => {
      const answer = await fetch(`${shown.dataset.watches}?limit=1&region=${region.value}`);
      if (answer.ok) shown.querySelector("progress").value = (await answer.json()).stages[stage.value] ?? 0;
      setTimeout(look, 2000);
    };
    shown.hidden = false;
    setTimeout(look, 1000);
  });
}

// What was typed and not sent outlives a closed tab, in this browser, until it is sent.
for (const form of document.querySelectorAll("form[data-keeps]")) {
  const name = `ecodocket:${form.dataset.keeps}`;
  const fields = () => [...form.elements].filter((e) => e.name && e.type !== "hidden" && e.type !== "password");
  const kept = sessionStorage.getItem(name);
  if (kept && !form.dataset.filled) {
    const values = JSON.parse(kept);
    for (const field of fields()) if (field.name in values && !field.value) field.value = values[field.name];
  }
  form.addEventListener("input", () => {
    sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(fields().map((f) => [f.name, f.value]))));
  });
}
for (const done of document.querySelectorAll("[data-forgets]")) {
  sessionStorage.removeItem(`ecodocket:${done.dataset.forgets}`);
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copies));
}

const fault = document.getElementById("fault");
if (fault) fault.focus();
