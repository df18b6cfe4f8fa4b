/** On paper nothing is folded away: what is folded opens for printing and closes again. */
export function setUpPrinting() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    opened.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((one) => { one.open = false; });
    opened = [];
  });
}
