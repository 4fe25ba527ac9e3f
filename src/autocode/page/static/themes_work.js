// The themes as a screen has them, and acts on them: the board and the map share this.

import { send } from "./http.js";
import { byId, count, make, readData, say } from "./dom.js";
import { ask, choice, field } from "./ask.js";
import { may } from "./may.js";
import { hearNews } from "./news.js";
import { Outbox } from "./outbox.js";

const WAIT = 400; // milliseconds

export const facts = ({ n_segments: n, n_participants: people }) => `${count(n, "segment")}, ${count(people, "participant")}`;

// Before a box is drawn anew: gives what puts the focus back on the button that had it.
export function keepFocus(box) {
  const nameOf = (button) => button.getAttribute("aria-label") ?? button.textContent;
  const name = box.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  return () => {
    if (name === null) return;
    [...box.querySelectorAll("button, [tabindex]")].find((button) => nameOf(button) === name)?.focus({ preventScroll: true });
  };
}

export class ThemesWork extends EventTarget {
  constructor() {
    super();
    this.outbox = new Outbox();
    this.outbox.addEventListener("change", () => this.drawSaved());
    this.channel = new BroadcastChannel("autocode");
    this.channel.addEventListener("message", () => this.hear());
    hearNews(() => ({ show: () => this.reload() }));
    document.addEventListener("visibilitychange", () => this.isStale && this.hear());
    for (const name of ["undo", "redo"]) byId(name).addEventListener("click", () => this.undo(name === "redo"));
    this.take(readData("state"));
  }

  take(state) {
    const { undo, redo, ...rest } = state;
    Object.assign(this, rest, { undoable: undo, redoable: redo });
    this.byKey = new Map(this.themes.map((theme) => [theme.key, theme]));
    this.codesById = new Map(this.codes.map((code) => [code.id, code]));
    this.draftsByKey = new Map(this.drafts.map((draft) => [draft.key, draft]));
    byId("blind").hidden = !this.is_blind;
    this.drawSaved();
    this.dispatchEvent(new Event("change"));
  }

  drawSaved() {
    const saved = byId("saved");
    saved.textContent = this.outbox.words;
    saved.classList.toggle("failing", this.outbox.failures > 0);
    byId("undo").disabled = this.undoable === null;
    byId("redo").disabled = this.redoable === null;
  }

  // Something was done in another tab: shown when nothing more comes and somebody looks.
  hear() {
    clearTimeout(this.timer);
    this.isStale = document.visibilityState !== "visible";
    if (!this.isStale) this.timer = setTimeout(() => this.reload(), WAIT);
  }

  async reload() {
    const state = await send("GET", "/themes/state", undefined, { byItself: true }).catch(() => null);
    if (state) this.take(state);
  }

  // A moved card stands in its theme at once; its counts come with what the server says.
  show({ codes = [], drafts = [], origin, into }) {
    const [from, to] = [this.byKey.get(origin), this.byKey.get(into)];
    const moved = from ? from.drafts.filter(({ key }) => drafts.includes(key)) : drafts.map((key) => ({ key, n_segments: this.draftsByKey.get(key)?.n_segments ?? 0 }));
    if (from) {
      from.codes = from.codes.filter((id) => !codes.includes(id));
      from.drafts = from.drafts.filter(({ key }) => !drafts.includes(key));
    }
    if (to) {
      to.codes = [...new Set([...to.codes, ...codes])];
      to.drafts = [...to.drafts.filter(({ key }) => !drafts.includes(key)), ...moved];
    }
    this.dispatchEvent(new Event("change"));
  }

  // Resolves to what was refused in words, or null; the screen then shows how it is now.
  perform(act, words) {
    if (act.kind === "theme-move") this.show(act);
    return new Promise((resolve) => {
      this.outbox.add(act, {
        done: async (answer) => {
          this.made = answer.changed?.theme ?? null;
          await this.reload();
          this.channel.postMessage({ all: true });
          say(`${words} Ctrl+Z undoes.`);
          resolve(null);
        },
        refused: async (error) => {
          await this.reload();
          resolve(error.message);
        },
      });
    });
  }

  // The same, where no dialog shows what was refused.
  async do(act, words) {
    const error = await this.perform(act, words);
    if (error) say(error);
    return !error;
  }

  async undo(redo) {
    const [word, possible] = redo ? ["redo", this.redoable] : ["undo", this.undoable];
    if (possible === null) return say(`There is nothing to ${word}.`);
    const error = await this.perform({ kind: "undo", redo }, "");
    return say(error ?? `${redo ? "Redone" : "Undone"}: ${possible}`);
  }

  describe(key) {
    return this.byKey.get(key)?.name ?? "";
  }

  askNew(parent = "", cards = {}) {
    const name = field("Name");
    const definition = field("What it says", "", { rows: 3 });
    const above = choice("Under", [["", "no other theme"], ...this.themes.map((t) => [t.key, t.name])], parent);
    return ask({
      title: "New theme",
      children: [name.label, definition.label, above.label],
      confirm: "Add the theme",
      focus: name.input,
      act: () => ({ kind: "theme-add", name: name.input.value, definition: definition.input.value, above: above.input.value, ...cards }),
      perform: (act) => this.perform(act, `'${act.name.trim()}' is on the map.`),
    });
  }

  askEdit(theme) {
    const name = field("Name", theme.name);
    const definition = field("What it says", theme.definition, { rows: 4 });
    return ask({
      title: "Name and define",
      children: [name.label, definition.label],
      confirm: "Keep",
      focus: name.input,
      // Whoever keeps theirs after it was said how the theme is by now does so knowingly.
      act: () => {
        const now = this.byKey.get(theme.key) ?? theme;
        return {
          kind: "theme-edit", theme: theme.key, name: name.input.value, definition: definition.input.value,
          base_name: now.name, base_definition: now.definition,
        };
      },
      perform: (act) => this.perform(act, "Kept."),
    });
  }

  // A new memo on a theme, or `known` written otherwise; without words that one is deleted.
  askMemo(theme, known = null) {
    const memo = field("Memo", known?.text ?? "", { rows: 5 });
    const about = { theme: theme.key, ...(known ? { kind: "theme-memo", base: known.text } : { kind: "theme-note" }) };
    return ask({
      title: `Memo on ${theme.name}`,
      children: [memo.label],
      confirm: "Keep",
      focus: memo.input,
      act: () => ({ ...about, memo: memo.input.value }),
      perform: (act) => this.perform(act, act.memo.trim() ? "Memo kept." : "Memo deleted."),
    });
  }

  // The memos on a theme, with what their own coder can do with them.
  drawMemos(theme) {
    const button = (words, memo, click) => make("button", { type: "button", class: "link plain", "aria-label": `${words} the memo: ${memo.text.slice(0, 60)}`, on: { click } }, words);
    return theme.memos.map((memo) => {
      const isMine = memo.coder === this.coder && may("coder");
      const erase = () => this.do({ kind: "theme-memo", theme: theme.key, memo: "", base: memo.text }, "Memo deleted.");
      return make(
        "p",
        { class: "definition" },
        make("b", {}, "Memo"),
        memo.coder ? ` (${memo.coder}): ` : ": ",
        make("bdi", {}, memo.text),
        ...(isMine ? [" ", button("Change", memo, () => this.askMemo(theme, memo)), " ", button("Delete", memo, erase)] : []),
      );
    });
  }

  askUnder(theme) {
    const others = this.themes.filter((other) => other.key !== theme.key);
    const above = choice("Under", [["", "no other theme"], ...others.map((t) => [t.key, t.name])], theme.parent ?? "");
    return ask({
      title: `Put ${theme.name} under`,
      children: [above.label],
      confirm: "Put it there",
      focus: above.input,
      act: () => ({ kind: "theme-under", theme: theme.key, above: above.input.value, base: theme.parent ?? "" }),
      perform: (act) => this.perform(act, "Put there."),
    });
  }

  askRemove(theme) {
    const n_inside = theme.codes.length + theme.drafts.length;
    const n_below = this.themes.filter((other) => other.parent === theme.key).length;
    const n_relations = this.relations.filter(({ one, other }) => one === theme.key || other === theme.key).length;
    const words = [
      n_inside ? `${count(n_inside, "card")} in it and ${n_inside === 1 ? "its" : "their"} codings stay in the study.` : "Nothing is in it.",
      n_below ? `${count(n_below, "theme")} below it ${n_below === 1 ? "moves" : "move"} up.` : "",
      n_relations ? `${count(n_relations, "relation")} of it ${n_relations === 1 ? "goes" : "go"}.` : "",
    ].filter(Boolean).join(" ");
    return ask({
      title: `Remove ${theme.name} from the map`,
      children: [make("p", {}, words)],
      confirm: "Remove",
      act: () => ({ kind: "theme-remove", theme: theme.key, base: theme.name }),
      perform: (act) => this.perform(act, "Removed."),
    });
  }

  setCentral(theme) {
    const words = theme.is_central ? "It is no longer the central theme." : `'${theme.name}' is the central theme.`;
    return this.do({ kind: "theme-central", theme: theme.key, is_central: !theme.is_central }, words);
  }

  askRelate(theme, known = null) {
    const others = this.themes.filter((other) => other.key !== theme.key);
    if (!others.length) return Promise.resolve(say("A relation needs a second theme."));
    // Which theme comes first; where there is only one, or it is known, there is nothing to choose.
    const only = known?.other ?? (others.length === 1 ? others[0].key : "");
    const none = only ? [] : [["", "choose a theme"]];
    const other = choice("To", [...none, ...others.map((t) => [t.key, t.name])], only);
    other.input.required = true;
    const words = known ?? this.relations.find((r) => r.one === theme.key && r.other === only);
    const name = field("How, in a word or a few", words?.name ?? "", { list: "relation-words", maxlength: 120 });
    other.input.disabled = known !== null;
    const base = () => this.relations.find((r) => r.one === theme.key && r.other === other.input.value)?.name ?? null;
    // Words that a relation has already are not replaced unseen.
    other.input.addEventListener("change", () => (name.input.value ||= base() ?? ""));
    return ask({
      title: `${theme.name} relates to`,
      children: [other.label, name.label],
      confirm: known ? "Keep" : "Draw the relation",
      focus: only ? name.input : other.input,
      act: () => ({ kind: "theme-relate", one: theme.key, other: other.input.value, name: name.input.value, base: base() }),
      perform: (act) => this.perform(act, `${theme.name} ${act.name.trim() || "relates to"} ${this.describe(act.other)}.`),
    });
  }

  reverse({ one, other, name }) {
    const words = `${this.describe(other)} ${name || "relates to"} ${this.describe(one)}.`;
    return this.do({ kind: "theme-reverse", one, other, base: name }, words);
  }

  unrelate({ one, other, name }) {
    return this.do({ kind: "theme-unrelate", one, other, base: name }, "The relation is gone.");
  }
}
