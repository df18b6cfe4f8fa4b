const STAYS = 4000;

function region() {
  return document.getElementById("tb-toasts");
}

/** Says `words` politely for a few seconds; no controls, so nothing is lost with it. */
export function toast(words) {
  const place = region();
  if (!place || !words) return;
  const box = document.createElement("div");
  box.className = "tb-toast";
  box.textContent = words;
  place.append(box);
  window.setTimeout(() => box.remove(), STAYS);
}

/** One of the page's own sentences: copied, saved, unsaved, offline. */
export function words(name) {
  const place = region();
  return place ? place.dataset[name] || "" : "";
}
