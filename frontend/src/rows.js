import { toast, words } from "./toast.js";

function rows() {
  return [...document.querySelectorAll("[data-rows] [data-row]")];
}

function current(all) {
  const focused = document.activeElement && document.activeElement.closest("[data-row]");
  return all.indexOf(focused || document.querySelector("[data-row][data-current]"));
}

/** The next or previous row becomes the current one; its link takes focus, so Enter opens it. */
export function moveRow(step) {
  const all = rows();
  if (!all.length) return false;
  const at = current(all);
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  all.forEach((row) => delete row.dataset.current);
  all[next].dataset.current = "";
  const link = all[next].querySelector("[data-open], a");
  if (link) link.focus();
  return true;
}

export function selectRow() {
  const all = rows();
  const row = all[current(all)];
  const box = row && row.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

export function copyNumber() {
  const source = document.querySelector("[data-row][data-current] [data-copy], main [data-copy]");
  if (!source || !navigator.clipboard) return false;
  const number = source.dataset.copy || source.textContent.trim();
  navigator.clipboard.writeText(number).then(() => toast(`${words("copied")} ${number}`), () => {});
  return true;
}

let before = null;

/** Shows or hides a panel of the page; focus goes in and comes back. */
export function togglePanel(id) {
  const panel = document.getElementById(id);
  if (!panel) return false;
  panel.hidden = !panel.hidden;
  if (panel.hidden) {
    if (before && before.isConnected) before.focus();
  } else {
    before = document.activeElement;
    (panel.querySelector("input") || panel).focus();
    panel.scrollIntoView({ block: "nearest" });
  }
  return true;
}
