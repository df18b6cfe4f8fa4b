/** Elder mode reads the page aloud where the device can. */
export function setUpReading() {
  const button = document.querySelector("[data-read-aloud]");
  if (!button || !("speechSynthesis" in window)) return;
  const label = button.querySelector("span");
  const start = label.textContent;
  const synthesis = window.speechSynthesis;
  button.hidden = false;
  const rest = () => {
    label.textContent = start;
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (synthesis.speaking) {
      synthesis.cancel();
      rest();
      return;
    }
    const speech = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
    speech.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
    speech.rate = 0.9;
    speech.onend = rest;
    label.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    synthesis.speak(speech);
  });
  window.addEventListener("pagehide", () => synthesis.cancel());
}
