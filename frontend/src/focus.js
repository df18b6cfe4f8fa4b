/** Errors take focus; a row named in the address takes it back after Esc. */
export function setUpFocus() {
  const first = document.querySelector("[data-autofocus]");
  if (first) {
    first.focus();
  } else if (window.location.hash.length > 1) {
    const row = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (row && row.matches("[data-row]")) {
      const link = row.querySelector("[data-open], a");
      row.dataset.current = "";
      if (link) link.focus();
    }
  }
  // Links of the error summary go into the control, not only to it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".tb-summary a[href^='#']");
    if (!link) return;
    const control = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!control) return;
    event.preventDefault();
    control.focus();
    control.scrollIntoView({ block: "center" });
  });
}
