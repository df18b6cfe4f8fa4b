/** A menu that lies over the page closes when one goes elsewhere: a click, the focus, or Escape. */
function closeOthers(target) {
  document.querySelectorAll("details[data-folds][open]").forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
}

export function setUpMenus() {
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target instanceof Element && event.target.closest("details[data-folds][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
