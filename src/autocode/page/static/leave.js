// The button that closes the session, on every screen.

import { send } from "./http.js";

document.getElementById("leave").addEventListener("click", async () => {
  await send("DELETE", "/session", {});
  location.replace("/start");
});
