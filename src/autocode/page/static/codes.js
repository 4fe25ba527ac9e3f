// The codebook: the tree beside one code in full. Every change is shown before it is made, is one
// act, and Ctrl+Z undoes it.

import "./leave.js";
import { Refused, send } from "./http.js";
import { byId, count, make, readData, say } from "./dom.js";
import { Keys } from "./keys.js";
import { mayOrSay } from "./may.js";
import { hearNews } from "./news.js";
import { Outbox } from "./outbox.js";
import { Picker } from "./picker.js";
import { CodeTree } from "./code_tree.js";
import { drawCode, drawOverview } from "./code_detail.js";
import { ask, editCode, newCode, splitCode, tell } from "./code_dialogs.js";

// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
const CODE_KEYS = [
  [["↓ ↑ → ←"], "tree", "in the tree: next, previous, open, close; Enter shows the code"],
  [["Alt ↑ ↓"], "tree", "in the tree: move the code up or down", false, "lead"],
  [["Alt → ←"], "tree", "in the tree: move it under the code before it; back out", false, "lead"],
  [["/"], "find", "find a code by its name or what it says"],
  [["n"], "create", "new code", false, "coder"],
  [["e"], "edit", "edit the code", false, "lead"],
  [["v"], "move", "move it under another code", false, "lead"],
  [["g"], "merge", "merge it into another code", false, "lead"],
  [["s"], "split", "split it", false, "lead"],
  [["z"], "archive", "archive it, or take it back into use", false, "lead"],
  [["Delete"], "remove", "delete it", false, "coder"],
  [["l"], "look", "to the codings to look at again", false, "coder"],
  [["y"], "fits", "the chosen coding still fits: ticked off", false, "coder"],
  [["j"], "next", "next coding or excerpt", true],
  [["k"], "previous", "previous one", true],
];
const TOP = { id: "", name: "Top of the codebook", path: "", definition: "", colour: "#52606d", ink: "#fff", letters: "·", codable: true };

class CodebookView {
  constructor() {
    this.study = document.title.slice(document.title.indexOf(" - ")); // behind the name of the page
    this.outbox = new Outbox();
    this.tree = new CodeTree(this);
    this.picker = new Picker({ codes: new Map(), recent: [] });
    const names = [...new Set([...CODE_KEYS.map(([, name]) => name), "undo", "redo"])];
    this.keys = new Keys(byId("codebook"), Object.fromEntries(names.map((name) => [name, () => this.run(name)])), {
      keys: CODE_KEYS,
      isOffered: ([, , , , needed]) => !needed || !this.state.is_blind,
      words: "Letters act while the tree or the code has the focus, on the code that is shown. Every key has a button too.",
    });
    this.take(readData("state"));
    byId("new-code").addEventListener("click", () => this.run("create"));
    byId("undo").addEventListener("click", () => this.run("undo"));
    byId("redo").addEventListener("click", () => this.run("redo"));
    this.outbox.addEventListener("change", () => this.drawSaved());
    hearNews(() => ({ show: () => this.reload().then(() => this.refocus()) }));
    addEventListener("popstate", () => this.show(numberOf(location.pathname), { push: false }));
    this.tree.focus();
    if (this.code?.offered && this.state.can_edit) {
      history.replaceState(null, "", location.pathname); // or loading the page anew would offer it again
      this.editWith(this.code.offered);
    }
  }

  take({ codes: state, code }) {
    this.state = state;
    this.codes = new Map(state.codes.map((row) => [row.id, row]));
    this.code = code;
    this.draw();
  }

  // The row of the code that is shown.
  get row() {
    return this.code && this.codes.get(this.code.id);
  }

  draw() {
    const { state } = this;
    this.tree.draw();
    const detail = byId("detail");
    detail.replaceChildren(...(this.code ? drawCode(this) : drawOverview(this)));
    const name = this.row?.name ?? "Codebook";
    document.title = `${name}${this.study}`;
    byId("new-code").hidden = !state.can_add;
    document.querySelector(".finding").hidden = !this.codes.size;
    this.drawSaved();
  }

  async show(number, { push = true, keep = false } = {}) {
    const address = number ? `/codes/${number}` : "/codes";
    try {
      // Where nothing was changed only the code is asked for: the counts of all take longer.
      const code = number && push && !keep ? (await send("GET", `${address}/more`)).code : null;
      const isKnown = code && [code.id, ...code.near.map((near) => near.code)].every((id) => this.codes.has(id));
      this.take(isKnown ? { codes: this.state, code } : await send("GET", `${address}/state`));
      this.fault("");
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404 && keep)) {
        return this.fault(error instanceof Refused ? error.message : "The server does not answer. Try again in a moment.");
      }
      return this.show(null);
    }
    if (push && location.pathname !== address) history.pushState(null, "", address);
    if (this.code && !keep) say(`${this.row.name}: ${count(this.code.n_codings, "coding")}.`);
    return null;
  }

  reload() {
    return this.show(this.code?.number, { keep: true });
  }

  fault(words) {
    byId("fault").textContent = words;
    byId("fault").hidden = !words;
  }

  run(name) {
    if (name === "tree") return null;
    if (name === "undo" || name === "redo") return this.undo(name === "redo");
    if (name === "find") return byId("find").focus();
    if (name === "next" || name === "previous") return this.walk(name === "next" ? 1 : -1);
    const onCodings = name === "look" || name === "fits" || (name === "remove" && this.lookedAt);
    if (this.state.is_blind) return say("Blind: the codebook stays as it was when your passes were assigned.");
    if (!mayOrSay(onCodings || name === "create" ? "coder" : "lead")) return null;
    if (name === "create") return this.create();
    if (!this.code) return say("Choose a code first.");
    return this[name]();
  }

  // What every act on the shown code carries.
  get about() {
    return { code: this.code.id, base: this.code.digest };
  }

  // Send an act; what is on screen is read anew. Resolves to the answer, or null where refused.
  act(act, words, { open } = {}) {
    return new Promise((resolve) => {
      this.outbox.add(act, {
        done: async (answer) => {
          const number = open && answer.changed?.number;
          await (number ? this.show(number, { keep: true }) : this.reload());
          this.refocus();
          say(words);
          resolve(answer);
        },
        refused: async (error) => {
          await this.reload();
          this.refocus();
          say(error.message);
          this.refused = error;
          resolve(null);
        },
      });
    });
  }

  // Focus stays where work goes on: on the next coding of a list, else on the code in the tree.
  refocus() {
    const active = document.activeElement;
    if (active && active !== document.body && document.contains(active)) return;
    const item = this.listed && byId(this.listed)?.querySelectorAll("li")[this.at ?? 0];
    if (item) this.point(item);
    else this.tree.focus();
  }

  undo(redo) {
    const words = this.state[redo ? "redo" : "undo"];
    if (!words) return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    return this.act({ kind: "undo", redo }, `${redo ? "Redone" : "Undone"}: ${words}`);
  }

  // What an act would do, None where it cannot be done.
  async preview(act) {
    try {
      const answer = await send("POST", "/codes/preview", { key: crypto.randomUUID(), ...act });
      return answer.changed;
    } catch (error) {
      if (error.status === 409) await this.reload();
      await tell("This cannot be done", error instanceof Refused ? error.message : "The server does not answer. Try again in a moment.");
      return null;
    }
  }

  // Ask with a preview of what an act touches; done where that is wanted.
  async askAndDo(act, title, verb, words, options) {
    const change = await this.preview(act);
    if (!change) return this.refocus();
    const lines = [...describeChange(change), this.listTouched(change)].filter(Boolean);
    if (!(await ask(title, lines, verb))) return this.refocus();
    return this.act(act, words, options);
  }

  // The codings that an act on all of them touches, folded; the excerpts on screen, if there are more.
  listTouched(change) {
    const { n_codings: n, excerpts } = this.code;
    if (!n || change.action === "split") return null;
    const rows = excerpts.map((one) => make("li", {}, make("bdi", {}, one.words), make("bdi", { class: "soft small" }, ` ${one.name}, ${one.position} · ${one.coder}`)));
    const words = excerpts.length < n ? `The first ${excerpts.length} of them` : "Which ones";
    return make("details", { class: "touched" }, make("summary", {}, words), make("ul", { tabindex: "0", "aria-label": words }, ...rows));
  }

  pick(title, codes) {
    this.picker.work = { codes: new Map(codes.map((code) => [code.id, { ...code, codable: true, archived: false }])), recent: [] };
    let choice = null;
    return this.picker
      .open({ title, several: false, anew: false, take: ({ code }) => (choice = code) })
      .then(() => choice);
  }

  async create() {
    const made = await newCode(this);
    if (made) await this.act({ kind: "code-add", ...made }, `${made.name} added. Ctrl+Z undoes.`, { open: true });
    else this.refocus();
  }

  edit() {
    return this.editWith();
  }

  // Edit the shown code; `example` is added to its examples, `says` is what it said before.
  async editWith(example, says) {
    let draft = says ?? (example && { ...this.code.says, examples: [...this.code.says.examples, example] });
    let isChanged = false;
    for (;;) {
      const edited = await editCode(this.code, draft, isChanged);
      if (!edited) return this.refocus();
      const act = { kind: "code-edit", ...this.about, ...edited };
      this.refused = null;
      if (await this.act(act, "Edited. Ctrl+Z undoes.")) return null;
      if (this.refused.status !== 409 || !this.code) return null;
      draft = edited;
      isChanged = true;
    }
  }

  async move() {
    const { row } = this;
    const places = [...this.codes.values()].filter((code) => !this.tree.isBelow(code, row) && code.id !== row.parent);
    if (!places.length && !row.parent) return say("There is no other code to move it under.");
    const parent = await this.pick(`Move ${row.name} under`, row.parent ? [TOP, ...places] : places);
    if (parent === null) return this.refocus();
    return this.place(parent || null);
  }

  place(parent) {
    const where = parent ? `under ${this.codes.get(parent).name}` : "to the top";
    return this.act({ kind: "code-move", ...this.about, parent }, `Moved ${where}. Ctrl+Z undoes.`);
  }

  async merge() {
    const { row } = this;
    if (this.codes.size < 2) return say("There is no other code to merge it into.");
    const into = await this.pick(`Merge ${row.name} into`, [...this.codes.values()].filter((code) => code.id !== row.id));
    if (into === null) return this.refocus();
    return this.mergeInto(into);
  }

  mergeInto(into) {
    const { name } = this.codes.get(into);
    const act = { kind: "code-merge", ...this.about, into };
    return this.askAndDo(act, `Merge ${this.row.name} into ${name}`, "Merge", `Merged into ${name}. Ctrl+Z undoes.`, { open: true });
  }

  async split() {
    if (!this.code.n_codings) return say("Nothing is coded with it; there is nothing to split.");
    const parts = await splitCode(this);
    if (!parts) return this.refocus();
    return this.askAndDo({ kind: "code-split", ...this.about, parts }, `Split ${this.row.name}`, "Split", "Split. Ctrl+Z undoes.");
  }

  archive() {
    const { archived, name } = this.row;
    const act = { kind: "code-archive", ...this.about, archived: !archived };
    if (archived) return this.act(act, `${name} is in use again. Ctrl+Z undoes.`);
    return this.askAndDo(act, `Archive ${name}`, "Archive", "Archived. Ctrl+Z undoes.");
  }

  remove() {
    if (this.listed === "outdated" && document.activeElement.closest("#outdated")) return this.takeOff();
    const act = { kind: "code-delete", ...this.about, with_codings: true };
    return this.askAndDo(act, `Delete ${this.row.name}`, "Delete", "Deleted. Ctrl+Z undoes.");
  }

  look() {
    const first = byId("outdated")?.querySelector("li");
    if (first) this.point(first);
    else say("There is no coding of this code to look at again.");
  }

  // The coding of the list that has the focus, of those to look at again.
  get lookedAt() {
    const item = document.activeElement.closest?.("#outdated li");
    return item ? this.code.outdated[Number(item.dataset.index)] : null;
  }

  fits(places = this.lookedAt && [this.lookedAt]) {
    if (!places) return say("Choose a coding of the list first: l.");
    const said = places.length === 1 ? "Still fits." : `${places.length} ticked off.`;
    document.activeElement.blur();
    const act = { kind: "code-confirm", ...this.about, places: places.map(({ transcript, start, end, coder }) => ({ transcript, start, end, coder })) };
    return this.act(act, `${said} Ctrl+Z undoes.`);
  }

  takeOff(coding = this.lookedAt) {
    if (!coding?.is_mine) return say("Only your own codings can be taken off here.");
    const { transcript, start, end, words, quote = words } = coding;
    document.activeElement.blur();
    return this.act({ kind: "uncode", transcript, start, end, quote, code: this.code.id }, "Taken off. Ctrl+Z undoes.");
  }

  // Walk through the codings to look at again and the excerpts, as one list.
  walk(by) {
    const items = [...byId("detail").querySelectorAll("#outdated li, #excerpts li")];
    const at = items.indexOf(document.activeElement.closest?.("#outdated li, #excerpts li"));
    const item = items[at < 0 ? 0 : at + by];
    if (item) this.point(item);
    else say(by > 0 ? "This is the last one." : "This is the first one.");
  }

  point(item) {
    this.listed = item.parentElement.id;
    this.at = [...item.parentElement.children].indexOf(item);
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  useAsExample(words) {
    const { says } = this.code;
    if (says.examples.includes(words)) return say("This is an example already.");
    return this.act({ kind: "code-edit", ...this.about, ...says, examples: [...says.examples, words] }, "Kept as an example. Ctrl+Z undoes.");
  }

  drawSaved() {
    const saved = byId("saved");
    saved.textContent = this.outbox.words;
    saved.classList.toggle("failing", this.outbox.failures > 0);
    for (const name of ["undo", "redo"]) {
      byId(name).disabled = !this.state[name];
      byId(name).title = this.state[name] ?? "";
    }
  }
}

const numberOf = (path) => Number(path.split("/")[2]) || null;

const areIs = (n, done) => `${n === 1 ? "is" : "are"} ${done}`;

// What a change of the codebook touches, a line each.
function describeChange(change) {
  const total = change.codings.reduce((sum, one) => sum + one.n_codings, 0);
  const who = change.codings.map((one) => `${one.coder} ${one.n_codings}`).join(", ");
  const goes = { merge: ["goes along", "go along"], split: ["goes to another code", "go to other codes"], archive: ["stays", "stay"], delete: ["is deleted", "are deleted"] }[change.action]?.[total === 1 ? 0 : 1];
  const lines = [total ? `${count(total, "coding")} (${who}) ${goes}.` : "No coding is touched."];
  const add = (n, words) => n && lines.push(words);
  add(change.made.length, `${count(change.made.length, "code")} made.`);
  add(change.n_doubled, `${count(change.n_doubled, "coding")} of them ${change.n_doubled === 1 ? "stands" : "stand"} on the same words already, so that one of two is left.`);
  add(change.n_decisions, `${count(change.n_decisions, "decision")} on suggestions ${change.action === "delete" ? areIs(change.n_decisions, "deleted") : change.n_decisions === 1 ? "follows" : "follow"}.`);
  add(change.n_suggestions, `${count(change.n_suggestions, "open suggestion")} of it ${areIs(change.n_suggestions, change.action === "archive" ? "set aside" : "dropped")}.`);
  add(change.n_suggestions_naming, `${count(change.n_suggestions_naming, "open suggestion")} of other codes with it in their evidence ${areIs(change.n_suggestions_naming, "dropped")}.`);
  add(change.n_children && change.action !== "archive", `${count(change.n_children, "code")} below it ${change.n_children === 1 ? (change.action === "merge" ? "goes below the other" : "moves up") : change.action === "merge" ? "go below the other" : "move up"}.`);
  return [...lines, ...change.notes].map((words) => make("p", {}, make("bdi", {}, words)));
}

new CodebookView();
