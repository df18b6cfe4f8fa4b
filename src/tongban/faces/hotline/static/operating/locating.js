// The phone's position goes into the form only when it is asked for; without it the words of the place do.
const place = document.querySelector("[data-locates]");
const button = document.querySelector("[data-locate]");
if (place && button && "geolocation" in navigator) {
  place.hidden = false;
  const said = place.querySelector("[data-located]");
  const form = button.form || document.querySelector("form[enctype]");
  button.addEventListener("click", () => {
    said.textContent = "…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(6);
        form.elements.longitude.value = coords.longitude.toFixed(6);
        said.textContent = `${button.dataset.done} ✓`;
      },
      () => { said.textContent = button.dataset.failed; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
