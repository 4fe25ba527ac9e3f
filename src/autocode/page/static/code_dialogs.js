// The dialogs of the codebook: ask before an act, a new code, editing with old and new side by
// side, splitting.

import { byId, chip, make } from "./dom.js";
import { send } from "./http.js";

const MEANING = ["name", "definition", "inclusion", "exclusion"];
const FIELDS = [
  ["name", "Name"], ["definition", "Definition: when it applies"], ["inclusion", "Applies to"],
  ["exclusion", "Does not apply to"], ["examples", "Examples, with an empty line between them"], ["memo", "Memo"],
];

// Shows the dialog; `read` gives what it resolves to when sent, or words on what is missing.
// `asked` stays in sight above the buttons.
function open(title, contents, verb, read, asked = null) {
  const dialog = byId("code-dialog");
  const fault = make("p", { class: "fault", role: "alert", hidden: true });
  const form = make(
    "form",
    { novalidate: true },
    ...contents,
    make(
      "div",
      { class: "foot" },
      asked,
      fault,
      make(
        "p",
        { class: "buttons" },
        verb ? make("button", { type: "submit", class: "main" }, `${verb} `, make("kbd", {}, "Ctrl Enter")) : null,
        make("button", { type: "button", on: { click: () => finish(null) } }, verb ? "Go back " : "Close ", make("kbd", {}, "Esc")),
      ),
    ),
  );
  dialog.replaceChildren(make("h2", { id: "code-dialog-title" }, make("bdi", {}, title)), form);
  let finish;
  return new Promise((resolve) => {
    finish = (answer) => {
      resolve(answer);
      if (dialog.open) dialog.close();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const got = read();
      if (typeof got === "string") {
        fault.textContent = got;
        fault.hidden = false;
        if (asked && !asked.hidden) asked.querySelector("input").focus();
        return;
      }
      finish(got);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    // The browser says "close" a moment later, when the dialog may be open again.
    dialog.oncancel = () => finish(null);
    dialog.showModal();
    (form.querySelector("[data-first]") ?? form.querySelector("input, textarea, button"))?.focus();
  });
}

export const ask = (title, lines, verb) => open(title, [...lines, make("p", { class: "soft" }, "It is one act, and Ctrl+Z undoes it.")], verb, () => true);

export const tell = (title, words) => open(title, [make("p", {}, make("bdi", {}, words))], null, () => true);

const field = (words, control) => make("label", { class: "field" }, make("span", {}, words), control);

export function newCode(view) {
  const name = make("input", { type: "text", maxlength: "200", autocomplete: "off" });
  const above = make("select", {}, make("option", { value: "" }, "at the top"), ...[...view.codes.values()].map((row) => make("option", { value: row.id }, `${"– ".repeat(row.depth)}${row.name}`)));
  above.value = view.row && !view.row.codable ? view.row.id : view.row?.parent ?? "";
  const definition = make("textarea", { rows: "3", maxlength: "20000" });
  const near = make("div", { class: "near-name", role: "status" });
  let timer;
  const warn = async () => {
    const act = { key: crypto.randomUUID(), kind: "code-add", name: name.value };
    const notes = name.value.trim() ? await send("POST", "/codes/preview", act).then((answer) => answer.changed.notes, (error) => [error.message]) : [];
    near.replaceChildren(...notes.map((words) => make("bdi", {}, words)));
  };
  name.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(warn, 250);
  });
  return open("New code", [field("Name", name), near, field("Under", above), field("Definition: when it applies", definition)], "Add", () =>
    name.value.trim() ? { name: name.value, parent: above.value || null, definition: definition.value } : "A code needs a name.",
  );
}

const drafts = new Map();

// Edit what a code says: what it says now beside what it is to say. `isChanged`: somebody else was
// quicker, so that the left column is new. What is typed and not kept stays as a draft.
export async function editCode(code, draft, isChanged) {
  const { says } = code;
  const kept = draft ? null : drafts.get(code.id);
  const wanted = draft ?? kept ?? says;
  const asText = (value) => (Array.isArray(value) ? value.join("\n\n") : value);
  const controls = {};
  const rows = FIELDS.map(([part, words]) => {
    const control = part === "name" ? make("input", { type: "text", maxlength: "200" }) : make("textarea", { rows: part === "definition" ? "4" : "3", maxlength: "20000" });
    control.value = asText(wanted[part]);
    if (part === "definition") control.setAttribute("data-first", "");
    control.addEventListener("input", () => {
      drawAsked();
      drafts.set(code.id, read());
    });
    controls[part] = control;
    return make("div", { class: "row" }, make("div", { class: "old" }, make("span", { class: "soft small" }, "now"), make("p", {}, make("bdi", {}, asText(says[part]) || "–"))), field(words, control));
  });
  const colour = make("input", { type: "color" });
  colour.value = wanted.colour || "#2b6cb0";
  const hasColour = make("input", { type: "checkbox" });
  hasColour.checked = Boolean(wanted.colour);
  colour.addEventListener("input", () => (hasColour.checked = true));
  const colourRow = make("p", { class: "colour" }, make("label", { class: "check" }, hasColour, " a colour of its own"), make("label", {}, make("span", { class: "unseen" }, "Colour"), colour));
  const radio = (value, words) => make("label", { class: "check" }, make("input", { type: "radio", name: "meaning", value }), ` ${words}`);
  const asked = make(
    "fieldset",
    {},
    make("legend", {}, "Does the meaning change?"),
    radio("same", "No, only the wording"),
    radio("new", `Yes: the ${code.n_codings === 1 ? "coding" : `${code.n_codings} codings`} made so far ${code.n_codings === 1 ? "is" : "are"} listed, to be looked at again`),
  );
  // Examples that hold an empty line themselves stay whole where they are left as they are.
  const value = (part) => (part !== "examples" ? controls[part].value : controls.examples.value === asText(wanted.examples) ? wanted.examples : controls.examples.value.split(/\n\s*\n/).map((words) => words.trim()).filter(Boolean));
  const drawAsked = () => (asked.hidden = !code.n_codings || MEANING.every((part) => value(part) === says[part]));
  const read = () => ({ ...Object.fromEntries(FIELDS.map(([part]) => [part, value(part)])), colour: hasColour.checked ? colour.value : "" });
  drawAsked();
  const note = isChanged ? make("p", { class: "fault" }, "Somebody changed this code meanwhile. On the left it is as it is now, on the right what you wrote; nothing was kept of yours yet.") : kept ? make("p", { class: "soft" }, "On the right is your draft, which was not kept.") : null;
  const answer = await open(`Edit ${says.name}`, [note, ...rows, colourRow].filter(Boolean), "Keep", () => {
    const edited = read();
    if (!edited.name.trim()) return "A code needs a name.";
    const chosen = asked.querySelector("input:checked")?.value;
    if (!asked.hidden && !chosen) return "Say whether the meaning changes.";
    return { ...edited, new_meaning: !asked.hidden && chosen === "new" };
  }, asked);
  if (answer || JSON.stringify(read()) === JSON.stringify(says)) drafts.delete(code.id);
  return answer;
}

// Which codings go to which code: all of a coder, or chosen excerpts. Resolves to parts.
export function splitCode(view) {
  const { code, row } = view;
  const known = make("datalist", { id: "known-codes" }, ...[...view.codes.values()].filter((one) => one.id !== row.id).map((one) => make("option", { value: one.name })));
  const way = (value, words, checked) => make("label", { class: "check" }, make("input", { type: "radio", name: "way", value, checked, "data-first": checked }), ` ${words}`);
  const to = make("input", { type: "text", list: "known-codes", maxlength: "200", autocomplete: "off" });
  const ticks = code.excerpts.map((coding) => [make("input", { type: "checkbox" }), coding]);
  const excerpts = make(
    "div",
    {},
    field("Give the ticked excerpts to this code, known or new", to),
    make("ul", { class: "list ticks", tabindex: "0", "aria-label": "Excerpts" }, ...ticks.map(([tick, coding]) => make("li", {}, make("label", { class: "check" }, tick, make("span", {}, make("bdi", {}, coding.words), make("span", { class: "soft small" }, make("bdi", {}, ` ${coding.name}, ${coding.position} · ${coding.coder}`))))))),
    code.n_codings > ticks.length ? make("p", { class: "soft small" }, `The first ${ticks.length} of ${code.n_codings}. "Show more" below the excerpts lists more of them.`) : null,
  );
  const names = code.by_coder.map(({ coder, n }) => [coder, make("input", { type: "text", list: "known-codes", maxlength: "200", autocomplete: "off" }), n]);
  const coders = make("div", { hidden: true }, make("p", { class: "soft" }, "Empty: these codings stay where they are."), ...names.map(([coder, input, n]) => field(`The ${n} of ${coder} go to`, input)));
  const ways = make("fieldset", {}, make("legend", {}, chip(row)), way("excerpts", "by chosen excerpts", true), way("coders", "by coder", false));
  ways.addEventListener("change", () => {
    coders.hidden = ways.querySelector("input:checked").value !== "coders";
    excerpts.hidden = !coders.hidden;
  });
  return open(`Split ${row.name}`, [known, ways, excerpts, coders], "See what it does", () => {
    const parts = coders.hidden
      ? [{ to: to.value, places: ticks.filter(([tick]) => tick.checked).map(([, { transcript, start, end, coder }]) => ({ transcript, start, end, coder })) }]
      : names.filter(([, input]) => input.value.trim()).map(([coder, input]) => ({ to: input.value, coder }));
    if (!parts.length || !parts[0].to.trim()) return "Say which code they go to.";
    if (coders.hidden && !parts[0].places.length) return "Tick the excerpts that go to it.";
    return parts;
  });
}
