// Countdown, keys and print of a kiosk; every page works without, since the server counts too.
const left = document.querySelector("[data-kiosk-left]");
if (left) {
  const end = Date.now() + Number(left.dataset.kioskLeft) * 1000;
  const tell = () => {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    left.textContent = `${left.dataset.words} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    // A reload instead of an own idea of the time: the server ends the stay and wipes.
    if (seconds === 0) location.replace(left.dataset.cleared);
  };
  tell();
  setInterval(tell, 1000);
}

document.querySelectorAll("[data-kiosk-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

const keys = document.querySelector("[data-kiosk-keys]");
const field = document.getElementById("code");
if (keys && field) {
  keys.hidden = false;
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    if (key === "clear") field.value = "";
    else if (key === "back") field.value = field.value.slice(0, -1);
    else if (field.value.length < 8) field.value += key;
  });
}

// A page from the back-forward cache would show what the person before saw.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if (document.querySelector("[data-kiosk-cleared]")) {
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // storage is off: nothing was kept
  }
}
