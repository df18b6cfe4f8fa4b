import { csrfToken } from "./cookies.js";

const AHEAD = 2 * 60 * 1000;

/** Warns two minutes before a signed-in session ends; one tap extends it, the page stays. */
export function setUpSession() {
  const bar = document.getElementById("tb-session");
  const meta = document.querySelector("meta[name=session-ends]");
  if (!bar || !meta) return;
  const line = bar.querySelector("[data-words]");
  const form = bar.querySelector("form");
  let ends = Date.parse(meta.content);

  window.setInterval(() => {
    const left = ends - Date.now();
    if (left > AHEAD) return;
    const say = left > 0 ? line.dataset.words : line.dataset.over;
    if (line.textContent !== say) line.textContent = say;
    form.hidden = left <= 0;
    bar.hidden = false;
  }, 1000);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { seconds } = await answer.json();
      ends = Date.now() + seconds * 1000;
      line.textContent = "";
      bar.hidden = true;
    } catch {
      form.submit();
    }
  });
}
