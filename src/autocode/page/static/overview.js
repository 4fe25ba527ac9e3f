// The overview: passes are finished and revealed from it.

import "./leave.js";
import { byId } from "./dom.js";
import { send } from "./http.js";
import { askToFinish, askToReveal } from "./passes.js";

async function act(fields) {
  const fault = byId("fault");
  try {
    await send("POST", "/acts", { key: crypto.randomUUID(), ...fields });
    location.reload();
  } catch (error) {
    fault.textContent = error.message;
    fault.hidden = false;
  }
}

for (const button of document.querySelectorAll("[data-finish]")) {
  button.addEventListener("click", async () => {
    const transcript = Number(button.dataset.finish);
    const unread = await askToFinish(transcript);
    if (unread) await act({ kind: "finish", transcript, unread });
  });
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  button.addEventListener("click", async () => {
    const isWanted = await askToReveal(button.dataset.name);
    if (isWanted) await act({ kind: "reveal", transcript: Number(button.dataset.reveal) });
  });
}
