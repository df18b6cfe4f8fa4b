// The device's position, if somebody wants to send it along. Without script the place is written in words.
(() => {
  const box = document.getElementById("hp-where");
  if (!box || !("geolocation" in navigator)) return;
  const latitude = box.querySelector("[name=latitude]");
  const longitude = box.querySelector("[name=longitude]");
  const take = box.querySelector("[data-locate]");
  const drop = box.querySelector("[data-unlocate]");
  const told = box.querySelector("[data-located]");
  const show = () => {
    const has = latitude.value !== "" && longitude.value !== "";
    told.textContent = has ? box.dataset.near : "";
    drop.hidden = !has;
  };
  take.addEventListener("click", () => {
    told.textContent = box.dataset.looking;
    navigator.geolocation.getCurrentPosition(
      (found) => {
        latitude.value = found.coords.latitude.toFixed(5);
        longitude.value = found.coords.longitude.toFixed(5);
        show();
      },
      () => { told.textContent = box.dataset.away; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
  drop.addEventListener("click", () => {
    latitude.value = longitude.value = "";
    show();
    take.focus();
  });
  box.hidden = false;
  show();
})();
