// The page of signing in. What it says comes with the page; what it shows of accounts is put in as text, never as markup.
const api = "/api/v1/session";
const at = (id) => document.getElementById(id);

async function ask(method, path, body) {
  const answer = await fetch(api + path, {
    method,
    headers: { "content-type": "application/json", ...(window.csrf ? { "x-csrf-token": window.csrf } : {}) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const found = await answer.json();
  if (answer.ok) return found;
  const faults = (found.errors || []).map((fault) => fault.detail);
  throw new Error([found.detail, ...faults].join(" "));
}

function show(session) {
  window.csrf = session.csrf;
  at("who").textContent = `${session.account} · ${session.name} · ${session.texts["role:" + session.role]} · ${session.place}`;
  at("out").hidden = false;
  at("in").hidden = true;
  at("set").hidden = true;
}

async function enter(method, path, body) {
  at("fault").textContent = "";
  try {
    show(await ask(method, path, body));
  } catch (fault) {
    at("fault").textContent = fault.message;
  }
}

at("in").addEventListener("submit", (event) => {
  event.preventDefault();
  enter("POST", "", { account: at("account").value, password: at("password").value });
});

at("set").addEventListener("submit", async (event) => {
  event.preventDefault();
  const link = location.hash.slice(1);
  await enter("POST", "/link", { link, password: at("chosen").value });
  // Used or not, it is not left in the address.
  if (window.csrf) history.replaceState(null, "", location.pathname);
});

at("leave").addEventListener("click", async () => {
  await ask("DELETE", "");
  location.reload();
});

async function start() {
  if (location.hash.startsWith("#edl_")) {
    at("set").hidden = false;
    at("in").hidden = true;
    return;
  }
  ask("GET", "").then(show, () => {});
  const here = await ask("GET", "/here");
  at("here").hidden = here.accounts.length === 0;
  for (const account of here.accounts) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${here.texts["role:" + account.role]} · ${account.account}`;
    button.addEventListener("click", () => enter("POST", "/here", { account: account.account }));
    at("accounts").append(button);
  }
  if (here.has_provider) at("oidc").hidden = false;
}

start().catch((fault) => (at("fault").textContent = fault.message));
