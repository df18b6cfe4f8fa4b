// A proposal taken over: `data-fill="form"` with `data-fill-NAME="value"` fills the fields, the cursor goes back to the text.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const form = document.getElementById(button.dataset.fill);
  for (const { name, value } of button.attributes) {
    if (!name.startsWith("data-fill-")) continue;
    const field = form.elements[name.slice("data-fill-".length)];
    if (!field) continue;
    if (field.tagName === "SELECT" && ![...field.options].some((one) => one.value === value)) {
      field.add(new Option(button.dataset.unitName || value, value));
    }
    field.value = value;
  }
  const text = form.elements.text;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});

// A link within the page moves the cursor and leaves the address as it is: the next page begins in its text.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-goes]");
  const target = link && document.querySelector(link.getAttribute("href"));
  if (!target) return;
  event.preventDefault();
  target.focus();
});
