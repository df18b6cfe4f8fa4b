// The condition editor renews its rows after every choice. What is typed while the answer is on its way is carried
// over into the renewed rows: nothing that somebody typed is lost, wherever the cursor was it stays. What was chosen
// before the page listened is told when it does.
(() => {
  const ROWS = "rules";
  // Buttons that take rows away or move them: afterwards another row bears the name.
  const MOVING = /^(remove|wrap)/;
  const rows = () => document.getElementById(ROWS);
  const controls = () => [...rows().querySelectorAll("input[name], select[name], textarea[name]")];
  const carried = (one) => one.type !== "hidden" && one.type !== "file";
  const valueOf = (one) => (one.type === "checkbox" || one.type === "radio" ? one.checked : one.value);
  const place = (one) => `${one.name} ${one.type === "checkbox" || one.type === "radio" ? one.value : ""}`;
  let sent = null;
  let typed = [];
  let focus = null;

  const values = () => new Map(controls().filter(carried).map((one) => [place(one), valueOf(one)]));

  const chosen = (one) => {
    const first = [...one.options].find((option) => option.defaultSelected) || one.options[0];
    return first && one.value !== first.value;
  };

  document.body.addEventListener(
    "htmx:load",
    () => {
      const early = controls().find((one) => one.matches("select") && chosen(one));
      if (early) early.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { once: true },
  );

  document.body.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.closest(`#${ROWS}`)) return;
    sent = MOVING.test(event.detail.parameters.act || "") ? null : values();
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== ROWS) return;
    const since = sent || new Map();
    typed = [...(sent ? values() : since)].filter(([name, value]) => since.has(name) && since.get(name) !== value);
    const active = document.activeElement;
    focus = null;
    if (active && rows().contains(active) && active.id && active.matches("input:not([type=checkbox]), textarea")) {
      focus = { id: active.id, from: active.selectionStart, to: active.selectionEnd };
    }
  });

  document.body.addEventListener("htmx:afterSettle", () => {
    if (!typed.length && !focus) return;
    const now = new Map(controls().filter(carried).map((one) => [place(one), one]));
    const waiting = typed.filter(([name]) => now.has(name));
    const at = focus && document.getElementById(focus.id);
    typed = [];
    for (const [name, value] of waiting) {
      const one = now.get(name);
      if (one.type === "checkbox" || one.type === "radio") one.checked = value;
      else one.value = value;
    }
    if (at && document.activeElement !== at) {
      at.focus();
      if (focus.from !== null && at.setSelectionRange && at.type !== "date") at.setSelectionRange(focus.from, focus.to);
    }
    focus = null;
    // The counts, and rows that hang on a choice, follow as if it had been chosen now.
    for (const [name] of waiting) now.get(name).dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
