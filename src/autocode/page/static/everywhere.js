// What every screen has: the key "/", which looks for something (a screen that has a search of its own
// takes it), and word of what others did meanwhile.

import "./news.js";

const OFF = "autocode-letters-off";

addEventListener("keydown", (event) => {
  const isTyped = event.key === "/" && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!isTyped || event.defaultPrevented || event.isComposing || localStorage.getItem(OFF)) return;
  if (event.target.closest?.("input, select, textarea") || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const field = document.getElementById("q");
  if (field) field.select();
  else location.assign("/search");
});
