import { csrfToken } from "./cookies.js";
import { toast, words } from "./toast.js";

function polled(element) {
  return /(^|,)\s*every /.test(element.getAttribute("hx-trigger") || "");
}

/** Polling rests while nobody looks and never moves what is under somebody's hands. */
export function setUpHtmx() {
  const body = document.body;
  const last = new WeakMap();

  body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });

  body.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && polled(event.detail.elt)) event.preventDefault();
  });

  body.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, xhr, target } = event.detail;
    if (xhr.status === 304) {
      event.detail.shouldSwap = false;
      return;
    }
    if (xhr.status === 422 || xhr.status === 409) {
      // A refused form comes back with its errors; they belong on the page.
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (!polled(elt)) return;
    const same = last.get(elt) === xhr.responseText;
    last.set(elt, xhr.responseText);
    if (same || (target && target.contains(document.activeElement) && document.activeElement !== document.body)) {
      event.detail.shouldSwap = false;
    }
  });

  body.addEventListener("htmx:sendError", (event) => {
    if (!polled(event.detail.elt)) toast(words("offline"));
  });
}
