// Comfort only: every page works without this file.

// The link that sets a password has its secret behind "#", where no server sees it.
const secret = document.getElementById("link-secret");
if (secret && location.hash.startsWith("#edl_")) {
  secret.value = location.hash.slice(1);
  document.getElementById("by-link").hidden = false;
  history.replaceState(null, "", location.pathname + location.search);
}

// A control that changes what is shown asks for it at once; so does the dial.
addEventListener("change", ({ target }) => {
  if (target.matches("[data-submits], [data-dial]")) target.form.requestSubmit();
});

// The dial over what was known: each stop is a moment at which something was recorded.
addEventListener("input", ({ target: dial }) => {
  if (!dial.matches("[data-dial]")) return;
  const [value, text] = JSON.parse(dial.dataset.dial)[Number(dial.value)];
  document.getElementById(dial.getAttribute("aria-describedby")).textContent = text;
  dial.setAttribute("aria-valuetext", text);
  dial.form.elements[dial.dataset.sets].value = value;
});

// A form is sent once: a second click sends nothing.
addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  },
  true,
);
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What belongs to a page, or to a part of one that has just come.
const ready = (root) => {
  for (const dial of root.querySelectorAll("[data-dial]")) dial.parentElement.hidden = false;

  // While a step is taken for a whole roster: how many have come to it so far.
  for (const shown of root.querySelectorAll("[data-watches]")) {
    const form = shown.closest("form");
    form.addEventListener("submit", (event) => {
      if (event.submitter?.value !== "record") return;
      const { stage, region } = form.elements;
      const look = async () => {
        const answer = await fetch(`${shown.dataset.watches}?limit=1&region=${region.value}`);
        if (answer.ok) shown.querySelector("progress").value = (await answer.json()).stages[stage.value] ?? 0;
        setTimeout(look, 1000);
      };
      shown.hidden = false;
      setTimeout(look, 1000);
    });
  }

  // What was typed and not sent outlives a closed tab, in this browser, until it is sent.
  for (const form of root.querySelectorAll("form[data-keeps]")) {
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
  for (const done of root.querySelectorAll("[data-forgets]")) {
    sessionStorage.removeItem(`ecodocket:${done.dataset.forgets}`);
  }

  for (const button of root.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copies));
  }

  // Evidence goes in pieces, and on from where it broke; without a script, or a digest, the form itself sends it.
  for (const form of root.querySelectorAll("form[data-uploads]")) {
    const said = form.querySelector("[data-upload-said]");
    const bar = form.querySelector("[data-upload-bar]");
    if (!globalThis.crypto?.subtle) continue;
    form.querySelector("[data-without-script]").hidden = true;
    const headers = () => ({
      "accept-language": document.documentElement.lang,
      ...(form.elements.csrf.value && { "x-csrf-token": form.elements.csrf.value.split("~")[0] }),
      ...(form.dataset.behalf && { "x-on-behalf-of": form.dataset.behalf }),
      ...(form.elements.actor?.value && { "x-actor": form.elements.actor.value }),
    });
    const ask = async (method, path, body, more = {}) => {
      const answer = await fetch(path, { method, body, headers: { ...headers(), ...more } });
      if (answer.ok) return answer;
      const problem = answer.status < 500 && method !== "HEAD" ? await answer.json() : {};
      throw Object.assign(new Error(problem.errors?.[0]?.detail ?? problem.detail ?? answer.statusText), { status: answer.status });
    };
    const json = { "content-type": "application/json" };
    const told = (text, kind = "soft") => {
      said.hidden = false;
      said.className = kind;
      said.textContent = text;
    };
    const stands = async (place) => Number((await ask("HEAD", place)).headers.get("upload-offset"));
    const send = async (file) => {
      told(said.dataset.saidDigest);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const name = `ecodocket-upload:${form.dataset.uploads}:${sha256}`;
      let place = sessionStorage.getItem(name);
      let offset = place === null ? null : await stands(place).catch(() => null);
      if (offset === null) {
        const personal = form.elements.personal_data?.checked ?? false;
        const begun = { name: file.name, size: file.size, sha256, personal_data: personal };
        const path = `/api/v1/subjects/${form.dataset.uploads}/uploads`;
        place = (await ask("POST", path, JSON.stringify(begun), json)).headers.get("location");
        sessionStorage.setItem(name, place);
        offset = 0;
      }
      bar.hidden = false;
      for (let tries = 0; offset < file.size; ) {
        bar.value = (100 * offset) / file.size;
        const more = { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
        try {
          const answer = await ask("PATCH", place, file.slice(offset, offset + PIECE), more);
          offset = Number(answer.headers.get("upload-offset"));
          tries = 0;
        } catch (broken) {
          if ((broken.status ?? 503) < 500 || ++tries > 5) throw broken;
          told(said.dataset.saidAgain);
          await new Promise((go) => setTimeout(go, 1000 * tries));
          offset = await stands(place).catch(() => offset);
        }
      }
      bar.value = 100;
      sessionStorage.removeItem(name);
      await ask("POST", `${place}/finish`, JSON.stringify({ sha256 }), json);
      return place.split("/").pop();
    };
    form.addEventListener("submit", async (event) => {
      const { file, upload } = form.elements;
      if (upload.value || !file.files.length) return;
      event.preventDefault();
      try {
        upload.value = await send(file.files[0]);
        file.disabled = true;
        delete form.dataset.sent;
        form.requestSubmit();
      } catch (broken) {
        told(broken.message, "notice stop");
        bar.hidden = true;
        delete form.dataset.sent;
      }
    });
  }
};
const PIECE = 4 * 1024 * 1024;
ready(document);

// Parts of pages that htmx puts in the place of others (templates/base.html sets it up).
addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt !== document.body) ready(detail.elt);
});

// Where something else comes than the part that was asked for, a sign-in or a refusal, or somebody else looks by now,
// the page itself is gone to.
const instead = ({ detail }) => {
  if (detail.requestConfig.verb === "get") location.assign(detail.pathInfo.finalRequestPath);
};
addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (detail.requestConfig.verb !== "get") return;
  const came = new URL(detail.xhr.responseURL).pathname;
  const part = detail.requestConfig.elt.closest("[hx-select]")?.getAttribute("hx-select").match(/^#([\w-]+)/);
  const asked = new URL(detail.pathInfo.finalRequestPath, location.href).pathname;
  const isThere = !part || detail.serverResponse.includes(`id="${part[1]}"`);
  const viewer = detail.serverResponse.match(/<meta name="viewer" content="([^"]*)">/)?.[1];
  const isSame = viewer === document.querySelector("meta[name=viewer]").content;
  if (!detail.isError && (came !== asked || !isThere || !isSame)) {
    detail.shouldSwap = false;
    instead(event);
  }
});
addEventListener("htmx:responseError", instead);

// Whoever cannot see it is told what has come, and whoever goes by keyboard stays where they were.
addEventListener("htmx:afterSettle", ({ detail }) => {
  const { elt } = detail.requestConfig ?? {};
  const said = document.getElementById("said");
  if (elt?.dataset?.said) said.textContent = elt.dataset.said;
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
});

const fault = document.getElementById("fault");
if (fault) fault.focus();
