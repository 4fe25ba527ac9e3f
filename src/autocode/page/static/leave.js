// Leaving, on every screen: the button that closes the session, and the lock when nobody is there.

import { send } from "./http.js";

const IDLE = 30 * 60 * 1000;
const KEEP = 5 * 60 * 1000;
let usedAt = Date.now();
let keptAt = Date.now();

document.getElementById("leave").addEventListener("click", async () => {
  await send("DELETE", "/session", {}).catch(() => null);
  location.replace("/start");
});

for (const type of ["pointerdown", "pointermove", "keydown", "wheel", "scroll"]) {
  addEventListener(type, () => (usedAt = Date.now()), { passive: true, capture: true });
}

// Whoever reads for long without a change keeps the session; when nobody is there the words go from
// the screen. Work that is not saved yet stays: leaving would ask about it.
setInterval(() => {
  const now = Date.now();
  if (now - usedAt > IDLE) location.replace("/start");
  else if (usedAt > keptAt && now - keptAt > KEEP) {
    keptAt = now;
    send("GET", "/session").catch(() => null);
  }
}, 20_000);
