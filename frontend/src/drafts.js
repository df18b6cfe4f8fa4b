import { csrfToken } from "./cookies.js";
import { toast, words } from "./toast.js";

const EVERY = 5000;

function content(form) {
  const data = new FormData(form);
  // Files are sent by their own slot; a draft holds words.
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return new URLSearchParams(data);
}

async function save(form, state) {
  const now = content(form).toString();
  if (now === state.saved || state.busy || form.getAttribute("aria-busy")) return;
  state.busy = true;
  try {
    const answer = await fetch(form.dataset.draftUrl, {
      method: "POST",
      body: content(form),
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      credentials: "same-origin",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    state.saved = now;
    state.failed = false;
    const place = form.querySelector("[data-draft-status]");
    const clock = new Date().toTimeString().slice(0, 5);
    if (place) place.textContent = `${words("saved")} ${clock}`;
  } catch {
    if (!state.failed) toast(words("unsaved"));
    state.failed = true;
  } finally {
    state.busy = false;
  }
}

/** `<form data-draft-url="…">` is saved there every five seconds while it changes. */
export function setUpDrafts() {
  document.querySelectorAll("form[data-draft-url]").forEach((form) => {
    const state = { saved: content(form).toString(), busy: false, failed: false };
    window.setInterval(() => save(form, state), EVERY);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) save(form, state);
    });
  });
}
