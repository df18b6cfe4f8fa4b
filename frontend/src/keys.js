// Keys of ui.md §4. `<body data-keys="off">` turns the bare letters off; `data-keymap='{"s":"x","x":""}'`
// lets somebody press s for what x does, and x do nothing. Alt+digit, F5–F7 and F10–F12 belong to the system.
import { openPalette, setUpPalette } from "./palette.js";
import { copyNumber, moveRow, selectRow, togglePanel } from "./rows.js";

const SEQUENCE = 1200;
const PANELS = ["tb-palette", "tb-keys"];

function composing(event) {
  return event.isComposing || event.keyCode === 229 || event.key === "Process";
}

function inField(target) {
  if (!target || !target.matches) return false;
  return target.matches("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]");
}

function act(element) {
  if (inField(element)) {
    element.focus();
  } else if (element.getAttribute("aria-disabled") === "true") {
    element.focus();
  } else {
    element.click();
  }
  return true;
}

/** The page's own element for a key, written as data-key="g w". */
function named(key) {
  const element = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  return element ? act(element) : false;
}

function click(selector) {
  const element = document.querySelector(selector);
  return element ? act(element) : false;
}

function search() {
  const field = document.querySelector("[data-search], [role=search] input[type=search], input[type=search]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function nthMove(key) {
  const moves = document.querySelectorAll("[data-move]");
  const move = moves[Number(key) - 1];
  return move ? act(move) : false;
}

const BARE = {
  "?": () => togglePanel("tb-keys"),
  "/": search,
  j: () => moveRow(1),
  ArrowDown: () => moveRow(1),
  k: () => moveRow(-1),
  ArrowUp: () => moveRow(-1),
  x: selectRow,
  "[": () => click("main a[rel=prev], a[data-previous]"),
  "]": () => click("main a[rel=next], a[data-next]"),
  ".": copyNumber,
  n: () => named("n"),
  r: () => named("r"),
  u: () => named("u"),
};

function escape(event) {
  for (const id of PANELS) {
    const panel = document.getElementById(id);
    if (panel && !panel.hidden) return togglePanel(id);
  }
  if (inField(event.target)) {
    event.target.blur(); // the words stay: Esc never discards
    return true;
  }
  return click("a[data-back]");
}

/** Ctrl+Enter sends the form one writes in, else makes the page's primary move. */
function send(event) {
  const form = inField(event.target) ? event.target.form : null;
  if (form && form.method === "post") {
    if (form.requestSubmit) form.requestSubmit(form.querySelector("[data-primary], .btn-primary") || undefined);
    else form.submit();
    return true;
  }
  return click("[data-primary]");
}

export function setUpKeys() {
  let pending = "";
  let since = 0;
  const body = document.body;
  const map = JSON.parse(body.dataset.keymap || "{}");
  setUpPalette();

  function bare(event) {
    const key = Object.prototype.hasOwnProperty.call(map, event.key) ? map[event.key] : event.key;
    if (!key) return false; // given away to another key
    const sequence = pending && Date.now() - since < SEQUENCE ? `${pending} ${key}` : "";
    pending = "";
    if (sequence && named(sequence)) return true;
    if (key === "g") {
      pending = "g";
      since = Date.now();
      return true;
    }
    if (/^[1-9]$/.test(key)) return nthMove(key);
    return BARE[key] ? BARE[key]() : false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composing(event)) return;
    const control = event.ctrlKey || event.metaKey;
    let done = false;
    if (event.key === "Escape") done = escape(event);
    else if (control && event.key === "Enter") done = send(event);
    else if (control && event.key.toLowerCase() === "k" && !event.shiftKey) done = openPalette();
    else if (["F2", "F8", "F9"].includes(event.key)) done = named(event.key);
    else if (!control && !event.altKey && !inField(event.target) && document.documentElement.dataset.face === "workbench" && body.dataset.keys !== "off") done = bare(event);
    if (done) event.preventDefault();
  });
}
