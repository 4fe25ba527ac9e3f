// The keys: what each does, in the sheet that "?" opens and in the listener. Single letters act only
// while focus is in the text, never with Ctrl, Alt or Meta, and can be turned off.

import { byId, make } from "./dom.js";
import { may, mayOrSay } from "./may.js";
import { hasModifier } from "./picker.js";

// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
export const KEYS = [
  [["j", "ArrowDown"], "next", "next segment", true],
  [["k", "ArrowUp"], "previous", "previous segment", true],
  [["J"], "nextTurn", "next turn of a participant", true],
  [["K"], "previousTurn", "previous turn of a participant", true],
  [["Home"], "firstSegment", "first segment"],
  [["End"], "lastSegment", "last segment"],
  [["c"], "code", "choose a code; on a chosen coding: another code in its place", false, "coder"],
  [["q"], "again", "the code used last, again", false, "coder"],
  [["i"], "vivo", "new code named by the words (in vivo)", false, "coder"],
  [["o"], "cycle", "choose the next coding at this place"],
  [["["], "moveStart", "move the start: arrows by word, Ctrl+arrows by character, Enter keeps", false, "coder"],
  [["]"], "moveEnd", "move the end, likewise", false, "coder"],
  [["Delete", "Backspace"], "remove", "take the coding away", false, "coder"],
  [["m"], "memo", "memo on the coding, or on the words", false, "coder"],
  [["0"], "read", "read, no code applies (none of what is suggested); again takes it back", false, "coder"],
  [["a"], "accept", "accept the chosen suggestion", false, "coder"],
  [["x"], "reject", "reject it", false, "coder"],
  [["1"], "first", "choose the first suggestion"],
  [["2"], "second", "choose the second"],
  [["3"], "third", "choose the third"],
  [["n"], "nextSuggestion", "next segment with a likely suggestion", true],
  [["p"], "previousSuggestion", "previous one", true],
  [["e"], "evidence", "evidence for and against the suggestion"],
  [["u"], "renew", "take what was suggested anew"],
  [[" "], "play", "play the recording from this segment, or stop it"],
  [[","], "playBack", "3 seconds back", true],
  [["."], "playOn", "3 seconds on", true],
  [["f"], "filter", "which segments and codings are shown"],
  [["g"], "go", "go to a transcript"],
  [["l"], "alike", "excerpts like this segment"],
  [["Escape"], "leave", "let go of the chosen coding or words"],
];
const ANYWHERE = [
  ["Ctrl Z", "undo", "undo", "coder"],
  ["Ctrl ⇧ Z", "redo", "redo", "coder"],
  ["Ctrl ⇧ H", "marks in the text on and off", "marks"],
  ["/", "search"],
  ["?", "this sheet"],
];
const NEEDED = new Map(ANYWHERE.map(([, , action, needed]) => [action, needed]));
const OFF = "autocode-letters-off";

export class Keys {
  // `keys` are those of the screen, `words` say where they act; the sheet has the rows that are offered.
  constructor(root, actions, { keys = KEYS, isOffered = () => true, words = "Letters act while a segment has the focus. Every key has a button too." } = {}) {
    this.root = root;
    this.actions = actions;
    this.table = keys;
    this.words = words;
    this.isOffered = (row) => may(row[4]) && isOffered(row);
    this.byKey = new Map(keys.flatMap(([keys, ...rest]) => keys.map((key) => [key, rest])));
    document.addEventListener("keydown", (event) => this.press(event));
    byId("keys").addEventListener("click", () => this.showSheet());
  }

  press(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const isField = event.target.closest?.("input, select, textarea");
    if (this.pressAnywhere(event, isField)) return;
    if (isField || !this.root.contains(event.target)) return;
    if (this.actions.passes?.(event)) return;
    if (this.actions.adjusting?.(event)) {
      event.preventDefault();
      return;
    }
    if (hasModifier(event)) return;
    const isLetter = event.key.length === 1;
    if (isLetter && localStorage.getItem(OFF)) return;
    const entry = this.byKey.get(event.key);
    if (!entry || (event.repeat && !entry[2])) return;
    event.preventDefault();
    if (mayOrSay(entry[3])) this.actions[entry[0]]();
  }

  pressAnywhere(event, isField) {
    const isMain = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    let action = null;
    if (isMain && !event.altKey && !isField) {
      if (key === "z") action = event.shiftKey ? "redo" : "undo";
      else if (key === "y" && !event.shiftKey) action = "redo";
      else if (key === "h" && event.shiftKey) action = "marks";
    }
    if (event.key === "?" && !isField && !hasModifier(event)) action = "sheet";
    if (!action || (action !== "sheet" && !this.actions[action])) return false;
    event.preventDefault();
    if (action === "sheet") this.showSheet();
    else if (mayOrSay(NEEDED.get(action))) this.actions[action]();
    return true;
  }

  makeSheet() {
    const dialog = byId("sheet");
    const rows = [
      ...this.table.filter(this.isOffered).map(([keys, , words]) => [keys.map(show), words]),
      ...ANYWHERE.filter(([, , action, needed]) => (!action || this.actions[action]) && may(needed)).map(([keys, words]) => [[keys], words]),
    ];
    const letters = make("input", {
      type: "checkbox",
      on: {
        change: () => {
          if (letters.checked) localStorage.removeItem(OFF);
          else localStorage.setItem(OFF, "1");
        },
      },
    });
    letters.checked = !localStorage.getItem(OFF);
    dialog.replaceChildren(
      make("h2", { id: "sheet-title" }, "Keys"),
      make("p", { class: "soft" }, this.words),
      make("p", {}, make("label", { class: "check" }, letters, " single letters act")),
      make(
        "dl",
        { class: "keys" },
        ...rows.map(([keys, words]) =>
          make("div", {}, make("dt", {}, ...keys.map((key) => make("kbd", {}, key))), make("dd", {}, words)),
        ),
      ),
      make(
        "p",
        { class: "buttons" },
        make("button", { type: "button", on: { click: () => dialog.close() } }, "Close ", make("kbd", {}, "Esc")),
      ),
    );
  }

  showSheet() {
    this.makeSheet();
    byId("sheet").showModal();
  }
}

function show(key) {
  const names = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Backspace: "⌫", " ": "Space" };
  if (names[key]) return names[key];
  return /^[A-Z]$/.test(key) ? `⇧ ${key}` : key;
}
