// The queue: what is suggested, a segment at a time, decided on by single keys.

import "./leave.js";
import { send } from "./http.js";
import { byId, make, readData, say } from "./dom.js";
import { Following, areAlike, bySegment } from "./following.js";
import { Keys } from "./keys.js";
import { hearNews } from "./news.js";
import { Outbox } from "./outbox.js";
import { Picker } from "./picker.js";
import { Card } from "./queue_card.js";
import { Deciding } from "./queue_deciding.js";
import { QueueItem } from "./queue_items.js";
import { QueueWalk } from "./queue_walk.js";
import { SeveralDialog } from "./several.js";
import { Refit, countChanged } from "./refit.js";

const MANY = 20; // places that are asked for again at once

// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
const QUEUE_KEYS = [
  [["a"], "accept", "accept the chosen suggestion", false, "coder"],
  [["x"], "reject", "reject it", false, "coder"],
  [["c"], "change", "another code in its place", false, "coder"],
  [["1"], "first", "choose the first"],
  [["2"], "second", "choose the second"],
  [["3"], "third", "choose the third"],
  [["0"], "none", "none of these: read, and no code applies", false, "coder"],
  [["s"], "skip", "leave it open and go on", false, "coder"],
  [["n", "ArrowDown"], "next", "next segment", true],
  [["p", "ArrowUp"], "previous", "previous segment", true],
  [["Backspace"], "back", "back to where you were"],
  [["e"], "evidence", "evidence for and against, on and off"],
  [["u"], "renew", "take what was suggested anew"],
  [["g"], "go", "which suggestions, and in which order"],
];

class QueueView {
  constructor() {
    this.outbox = new Outbox();
    this.chain = Promise.resolve();
    this.form = byId("wanted");
    this.walk = new QueueWalk(this);
    this.deciding = new Deciding(this);
    this.card = new Card(this);
    this.take(readData("state"));
    this.picker = new Picker(this);
    this.several = new SeveralDialog(this);
    this.refit = new Refit((state) => this.hearRefit(state));
    this.following = new Following((moved) => this.follow(moved));
    this.keys = new Keys(this.card.element, this.actions(), {
      keys: QUEUE_KEYS,
      words: "Letters act while the segment has the focus. Every key has a button too.",
    });
    this.channel = new BroadcastChannel("autocode");
    this.listen();
    this.walk.refill();
    this.card.focus();
  }

  take(state) {
    if (this.madeBy !== state.suggested_by) this.moved = null;
    this.madeBy = state.suggested_by;
    this.fresh = null;
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
    this.recent = state.recent;
    this.reason = state.reason;
    this.transcripts = new Map(state.transcripts.map((t) => [t.number, t.name]));
    this.canUndo = state.undo !== null;
    this.canRedo = state.redo !== null;
    this.items = state.items.map((item) => new QueueItem({ ...item, values: state.attributes[item.case] ?? [] }));
    this.checks = state.checks;
    this.form.elements.showing.value = state.own_code_first ? "own" : "";
    this.form.elements.unassisted.checked = state.is_unassisted;
  }

  listen() {
    this.outbox.addEventListener("change", () => this.drawSaved());
    byId("undo").addEventListener("click", () => this.do("undo"));
    byId("redo").addEventListener("click", () => this.do("redo"));
    byId("anew").addEventListener("click", () => this.refit.start());
    byId("renew").addEventListener("click", () => this.do("renew"));
    byId("moved").addEventListener("click", () => this.do("renew"));
    byId("many").addEventListener("click", () => this.several.open());
    this.form.addEventListener("change", (event) => {
      if (["showing", "unassisted"].includes(event.target.name)) return this.changeShowing();
      if (this.wants.order === "next" && !this.passages) this.refit.start({ passages: true });
      return this.walk.refill();
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.channel.addEventListener("message", () => this.reread());
    hearNews(() => ({ show: () => this.reload().then(() => this.card.focus(), (error) => say(error.message)) }));
    this.fill("transcript", [...this.transcripts].map(([number, name]) => [number, name]));
    this.fill("code", [...this.codes.values()].map((code) => [code.id, code.name]));
    this.fill("case", [...new Set(this.items.map((item) => item.case))].filter(Boolean).sort().map((name) => [name, name]));
    const values = [...new Set(this.items.flatMap((item) => item.values))].sort();
    this.fill("attribute", values.map((value) => [value, value]));
    const wanted = new URLSearchParams(location.search).get("transcript");
    if (wanted && this.transcripts.has(Number(wanted))) this.form.elements.transcript.value = wanted;
  }

  // It is kept in the study before anything is shown so.
  async changeShowing() {
    const { showing, unassisted } = this.form.elements;
    const wanted = { own_code_first: showing.value === "own", unassisted: unassisted.checked };
    const kept = await send("POST", "/queue/showing", wanted).catch((error) => say(error.message));
    if (!kept) return;
    await this.reload();
    this.announce();
  }

  fill(name, options) {
    this.form.elements[name].append(...options.map(([value, words]) => make("option", { value }, words)));
  }

  actions() {
    const names = [...QUEUE_KEYS.map(([, name]) => name), "undo", "redo"];
    return Object.fromEntries(names.map((name) => [name, () => this.do(name)]));
  }

  // One action after the other, each on the segment that is shown when its turn comes.
  // What is typed while the list of codes is about to open is meant for the list.
  do(name) {
    if (this.isChoosing) return this.chain;
    if (name === "change") this.isChoosing = true;
    this.chain = this.chain
      .then(() => this.perform(name))
      .catch((error) => say(error.message))
      .finally(() => {
        if (name === "change") this.isChoosing = false;
      });
    return this.chain;
  }

  async perform(name) {
    this.walk.finishPause();
    const { item } = this.walk;
    if (!item && !["go", "renew", "undo", "redo"].includes(name)) return;
    await this.run(name, item);
  }

  run(name, item) {
    const choices = ["first", "second", "third"];
    if (item && !item.suggestions.length && ["accept", "reject", "change", "none", ...choices].includes(name)) {
      return this.deciding.answerFirst(item, name);
    }
    if (name === "accept") return this.deciding.decide(item, "accept");
    if (name === "reject") return this.deciding.decide(item, "reject");
    if (name === "change") return this.deciding.change(item);
    if (name === "none") return this.deciding.rejectAll(item);
    if (choices.includes(name)) return this.deciding.choose(item, choices.indexOf(name));
    if (name === "skip") return this.walk.skip();
    if (name === "next") return this.walk.step(1);
    if (name === "previous") return this.walk.step(-1);
    if (name === "back") return this.walk.back();
    if (name === "evidence") return this.card.toggleEvidence();
    if (name === "renew") return this.renew();
    if (name === "go") return this.form.elements.order.focus();
    return this.undo(name === "redo");
  }

  // What the form asks for: the order, and which transcript, code and case.
  get wants() {
    const { order, transcript, code, case: person, attribute } = this.form.elements;
    return { order: order.value, transcript: transcript.value, code: code.value, case: person.value, attribute: attribute.value };
  }

  announce() {
    this.channel.postMessage({ all: true });
  }

  async reread(item = this.walk.item) {
    if (!item || this.outbox.waiting.length) return;
    await item.load({ anew: true }).catch(() => null);
    if (item === this.walk.item) this.draw();
  }

  undo(redo) {
    if (redo ? !this.canRedo : !this.canUndo) return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    return new Promise((resolve) => {
      this.outbox.add(
        { kind: "undo", redo },
        {
          done: async (answer) => {
            // Or, where what is shown cannot be read, no key would ever act again.
            await this.afterUndo(answer, redo).catch((error) => say(error.message));
            resolve();
          },
          refused: (error) => {
            say(error.message);
            this.refreshUndo();
            resolve();
          },
        },
      );
    });
  }

  // Everything that was taken back is asked for again; the first of it is shown.
  async afterUndo(answer, redo) {
    const places = answer.changed?.places ?? [];
    const ids = new Set(places.map((p) => `${p.transcript}:${p.start}-${p.end}`));
    const touched = this.items.filter((item) => ids.has(item.id));
    if (touched.length > MANY) for (const item of touched) item.forget();
    else await Promise.all(touched.map((item) => item.load({ anew: true }).catch(() => null)));
    if (answer.repeated || !touched.length) await this.reload();
    else await this.refreshUndo();
    const i = this.walk.wanted.findIndex((item) => ids.has(item.id));
    if (i >= 0) await this.walk.goTo(i);
    else this.draw();
    this.following.stir();
    say(`${redo ? "Redone" : "Undone"}: ${answer.changed?.undone ?? "the last act"}.`);
    this.announce();
  }

  // Suggestions made anew wait until they are asked for: nothing changes under the coder.
  async hearRefit({ state, message, passages, isNews }) {
    byId("anew").disabled = state === "running";
    byId("refit").textContent = state === "running" ? "Suggesting anew …" : state === "failed" ? message : "";
    if (passages && !this.passages) {
      this.passages = passages;
      if (this.wants.order === "next") this.walk.refill();
    }
    if (!isNews) return;
    const fresh = await send("GET", "/queue/state", undefined, { byItself: true }).catch(() => null);
    if (!fresh || fresh.suggested_by === this.madeBy) return;
    this.fresh = fresh;
    if (!this.walk.item) return this.renew(); // nothing is shown that they would change
    const n = countChanged(this.items, fresh.items);
    byId("n-changed").textContent = `${n} changed: take them`;
    byId("renew").hidden = false;
    say(`Suggested anew: ${n} changed. u takes them.`);
  }

  // What moved with the coder's coding; on the segment that is shown, only when it is asked for.
  follow(moved = this.moved, { isAsked = false } = {}) {
    this.moved = moved ?? this.moved;
    byId("following").textContent = this.following.words;
    const groups = bySegment(this.moved ?? []);
    const shown = this.walk.item;
    let waits = false;
    for (const item of this.items) {
      const group = item.transcript === this.following.transcript && groups.get(`${item.start}-${item.end}`);
      if (!group || item.isBare || item.isDone || item.decisions.size || areAlike(item.suggestions, group)) continue;
      if (item === shown && !isAsked) waits = true;
      else item.suggestions = group;
    }
    byId("moved").hidden = !waits;
    if (isAsked && shown) {
      shown.chosen = 0;
      this.draw();
    }
  }

  // Beside an order that jumps from one transcript to another nothing is followed.
  followHere() {
    const { item } = this.walk;
    if (!item || (this.wants.order !== "transcript" && !this.wants.transcript)) return;
    if (this.following.transcript === item.transcript) return this.follow();
    this.moved = null;
    this.following.begin(item.transcript);
  }

  async renew() {
    if (!byId("moved").hidden) {
      this.follow(this.moved, { isAsked: true });
      this.card.focus();
      return say("These follow your coding.");
    }
    if (!this.fresh) return say("Nothing was suggested anew.");
    await this.reload();
    say("These are the new suggestions.");
  }

  // Mark suggestions that were accepted together.
  noteAccepted(suggestions) {
    const items = new Map(this.items.map((item) => [item.id, item]));
    for (const { transcript, start, end, code } of suggestions) {
      const item = items.get(`${transcript}:${start}-${end}`);
      item?.decisions.set(code, { code, action: "accept", applied: code });
      item?.own.push(code);
    }
    this.canUndo = true;
    this.canRedo = false;
    this.following.stir();
    this.draw();
  }

  // The whole queue as the study has it now.
  async reload() {
    const state = await send("GET", "/queue/state");
    const { id } = this.walk.item ?? {};
    const { item } = this.walk;
    this.take(state);
    const same = item && this.items.find((other) => other.id === item.id);
    if (same && this.moved && !same.isBare) same.suggestions = item.suggestions;
    byId("renew").hidden = true;
    this.walk.wanted = null;
    this.walk.refill();
    const i = this.walk.wanted.findIndex((item) => item.id === id);
    if (i >= 0) await this.walk.goTo(i, { remember: false });
    this.drawSaved();
  }

  async refreshUndo() {
    const state = await send("GET", "/queue/undo", undefined, { byItself: true }).catch(() => null);
    if (!state) return;
    this.canUndo = state.undo !== null;
    this.canRedo = state.redo !== null;
    this.drawSaved();
  }

  // What is shown ---------------------------------------------------------------------------------

  draw() {
    this.drawProgress();
    this.drawSaved();
    this.card.draw();
  }

  drawProgress() {
    const nDone = this.walk.wanted.filter((item) => item.isDone).length;
    byId("progress").textContent = this.walk.item
      ? `Segment ${this.walk.at + 1} of ${this.walk.wanted.length}; ${nDone} decided`
      : "";
    const { n_together: n, n_checked: nChecked, n_otherwise: nOtherwise } = this.checks;
    byId("checks").textContent = n
      ? `Accepted together: ${n}. One in twenty comes back to be decided on once more: ${nChecked} did, ${nOtherwise} of them were not accepted.`
      : "";
    byId("many").disabled = !this.items.length;
  }

  drawSaved() {
    const saved = byId("saved");
    saved.textContent = this.outbox.words;
    saved.classList.toggle("failing", this.outbox.failures > 0);
    if (this.outbox.failures === 1) say(this.outbox.words);
    byId("undo").disabled = !this.canUndo;
    byId("redo").disabled = !this.canRedo;
  }
}

new QueueView();
