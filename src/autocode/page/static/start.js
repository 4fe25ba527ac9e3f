// The token in the address becomes a session. It never reaches a server's log: browsers keep what
// stands after "#" to themselves.

import { send } from "./http.js";

const say = document.getElementById("say");
const token = location.hash.slice(1);
history.replaceState(null, "", "/start");
if (token) {
  try {
    await send("POST", "/session", { token });
    location.replace("/");
  } catch (error) {
    say.textContent = `${error.message} Press Enter in the terminal where autocode runs.`;
  }
} else {
  say.textContent = "This page is locked. Press Enter in the terminal where autocode runs.";
}
