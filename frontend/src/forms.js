// A second click sends nothing; should it get through, the idempotency key makes it harmless.
const HELD = 15000;

function release(form) {
  form.removeAttribute("aria-busy");
  delete form.dataset.sentAt;
}

export function setUpForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const now = Date.now();
    const sent = Number(form.dataset.sentAt || 0);
    if (sent && now - sent < HELD) {
      event.preventDefault();
      return;
    }
    form.dataset.sentAt = String(now);
    form.setAttribute("aria-busy", "true");
  });
  // Coming back by the browser's own button must find working forms; the key stays as it was.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[aria-busy]").forEach(release);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) release(form);
  });
}
