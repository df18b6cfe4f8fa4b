import { togglePanel } from "./rows.js";

const SHOWN = 12;

function panel() {
  return document.getElementById("tb-palette");
}

/** Every command of this page: navigation, moves and what calls itself one. */
function commands() {
  const found = [...document.querySelectorAll("[data-command], [data-move]:not([aria-disabled=true])")];
  return found.map((element) => ({ element, label: (element.dataset.command || element.textContent).replace(/\s+/g, " ").trim() }));
}

function row(label, choose) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", choose);
  item.append(button);
  return item;
}

function draw(list, wanted) {
  list.textContent = "";
  const needle = wanted.trim().toLowerCase();
  commands()
    .filter(({ label }) => !needle || label.toLowerCase().includes(needle))
    .slice(0, SHOWN)
    .forEach(({ element, label }) => list.append(row(label, () => {
      togglePanel("tb-palette");
      element.click();
    })));
  if (needle) {
    const url = `${panel().dataset.searchUrl}?q=${encodeURIComponent(wanted.trim())}`;
    list.append(row(`${list.dataset.templateSearch} “${wanted.trim()}”`, () => window.location.assign(url)));
  }
}

export function openPalette() {
  const place = panel();
  if (!place) return false;
  const input = place.querySelector("input");
  if (place.hidden) {
    input.value = "";
    draw(place.querySelector("ul"), "");
  }
  return togglePanel("tb-palette");
}

export function setUpPalette() {
  const place = panel();
  if (!place) return;
  const input = place.querySelector("input");
  const list = place.querySelector("ul");
  input.addEventListener("input", () => draw(list, input.value));
  place.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target === input && buttons.length) {
      buttons[0].click();
    } else if (event.key === "ArrowDown" && at + 1 < buttons.length) {
      buttons[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (buttons[at - 1] || input).focus();
    } else {
      return;
    }
    event.preventDefault();
  });
}
