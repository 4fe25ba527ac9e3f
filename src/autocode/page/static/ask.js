// A dialog that asks: what it shows, a button that does it, and what went wrong, until it is done.

import { byId, make } from "./dom.js";

// `perform` gets what `act` makes (null: nothing to do yet) and resolves to an error or null.
export function ask({ title, children, confirm, act, perform, focus = null }) {
  const dialog = byId("ask");
  let finish;
  const fault = make("p", { class: "fault", role: "alert", hidden: true });
  const button = make("button", { type: "submit", class: "main", "aria-keyshortcuts": "Control+Enter" }, confirm);
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", { id: "ask-title" }, title),
    ...children,
    fault,
    make(
      "p",
      { class: "buttons" },
      button,
      make("button", { type: "button", on: { click: () => finish() } }, "Go back ", make("kbd", {}, "Esc")),
    ),
  );
  const refuse = (words) => {
    fault.hidden = false;
    fault.textContent = words;
  };
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = act();
    if (!wanted || button.disabled) return;
    const held = form.contains(document.activeElement) ? document.activeElement : button;
    button.disabled = true;
    const error = await perform(wanted).catch((fault) => fault.message);
    button.disabled = false;
    if (!error) return finish();
    refuse(error);
    return form.contains(document.activeElement) || held.focus(); // a disabled button loses it
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  focus?.focus();
  focus?.select?.();
  return new Promise((resolve) => {
    // At once, so that focus is back before the next key; the browser says "close" a moment later,
    // when the dialog may be open again.
    finish = () => {
      resolve();
      if (dialog.open) dialog.close();
    };
    dialog.oncancel = finish;
    dialog.onclose = () => dialog.open || finish();
  });
}

export function field(words, value = "", { rows = 0, list = null, maxlength = 300 } = {}) {
  const input = rows
    ? make("textarea", { rows, maxlength: 20000 })
    : make("input", { type: "text", maxlength, autocomplete: "off", list });
  input.value = value;
  return { input, label: make("label", { class: "field" }, words, input) };
}

export function choice(words, options, chosen = "") {
  const input = make("select", {}, ...options.map(([value, name]) => make("option", { value }, name)));
  input.value = chosen;
  return { input, label: make("label", { class: "field" }, words, input) };
}
