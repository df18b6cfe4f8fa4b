// Passkeys: <form data-passkey="get|create" data-options="/url"> asks the server what to ask the authenticator,
// puts its answer into the field `answer` and sends the form. Without JavaScript the form's own way stays.
// Values travel as base64url; the browsers' own toJSON is younger than Chromium 90.

function bytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (one) => one.charCodeAt(0));
}

function text(buffer) {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function prepared(options) {
  const given = { ...options, challenge: bytes(options.challenge) };
  if (given.user) given.user = { ...given.user, id: bytes(given.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (given[name]) given[name] = given[name].map((one) => ({ ...one, id: bytes(one.id) }));
    else delete given[name];
  }
  return given;
}

function plain(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

async function ask(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.options, {
    method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, credentials: "same-origin",
  });
  if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
  const options = { publicKey: prepared((await answer.json()).publicKey) };
  const made = form.dataset.passkey === "create" ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
  form.querySelector("[name=answer]").value = JSON.stringify(plain(made));
}

export function setUpPasskeys() {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const trouble = form.querySelector("[data-trouble]");
    form.addEventListener("submit", async (event) => {
      const answer = form.querySelector("[name=answer]");
      if (answer.value || !form.reportValidity()) return;
      event.preventDefault();
      if (trouble) trouble.hidden = true;
      try {
        await ask(form);
        form.submit();
      } catch (refused) {
        answer.value = "";
        if (trouble) {
          trouble.hidden = false;
          trouble.focus();
        }
      }
    });
  });
}
