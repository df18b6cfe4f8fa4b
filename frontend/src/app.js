// What JavaScript adds to pages that work without it. Each module looks for its own data attributes.
import { setUpDrafts } from "./drafts.js";
import { setUpFocus } from "./focus.js";
import { setUpForms } from "./forms.js";
import { setUpHtmx } from "./htmx.js";
import { setUpKeys } from "./keys.js";
import { setUpMenus } from "./menus.js";
import { setUpPasskeys } from "./passkeys.js";
import { setUpPrinting } from "./printing.js";
import { setUpReading } from "./reading.js";
import { setUpSession } from "./session.js";

setUpHtmx();
setUpForms();
setUpFocus();
setUpDrafts();
setUpSession();
setUpKeys();
setUpMenus();
setUpPasskeys();
setUpPrinting();
setUpReading();

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}
