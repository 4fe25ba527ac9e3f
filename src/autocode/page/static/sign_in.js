// Signing in with a name and a password, where a team shares a study.

import { send } from "./http.js";

const form = document.getElementById("sign-in");
const fault = document.getElementById("fault");
const { name, password } = form.elements;
const button = form.querySelector("button");
name.focus();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  fault.hidden = true;
  try {
    await send("POST", "/session", { name: name.value, password: password.value });
    location.replace("/");
  } catch (error) {
    fault.textContent = error.status ? error.message : "The server does not answer. Try again.";
    fault.hidden = false;
    password.value = "";
    password.focus();
  }
  button.disabled = false;
});
