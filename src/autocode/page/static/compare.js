// Where two coders differ: each difference is settled by a key, what was settled shows at once.

import "./leave.js";
import { send } from "./http.js";
import { ask } from "./ask.js";
import { describeDifference, describeWords } from "./compare_card.js";
import { Ends } from "./compare_ends.js";
import { showFigures } from "./compare_figures.js";
import { byId, chip, count, make, readData, say } from "./dom.js";
import { Keys } from "./keys.js";
import { hearNews } from "./news.js";
import { Outbox } from "./outbox.js";
import { Picker } from "./picker.js";
import { quoteOf } from "./quote.js";

// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
const COMPARE_KEYS = [
  [["1"], "left", "as the left coder has it", false, "lead"],
  [["2"], "right", "as the right coder has it", false, "lead"],
  [["3"], "both", "as both have it", false, "lead"],
  [["0"], "neither", "the code does not apply", false, "lead"],
  [["c"], "another", "another code in its place", false, "lead"],
  [["["], "start", "move the start of the words it belongs on: arrows by word, Ctrl+arrows by character, Enter settles so", false, "lead"],
  [["]"], "end", "move the end, likewise", false, "lead"],
  [["b"], "stand", "both readings stand: the difference is a result", false, "lead"],
  [["j", "ArrowDown"], "next", "next difference", true],
  [["k", "ArrowUp"], "previous", "previous difference", true],
  [["f"], "flag", "flag for the codebook: opens the code with these words offered as an example", false, "lead"],
  [["A"], "agreed", "take all that they agree on", false, "lead"],
  [["r"], "reason", "write the reason that is kept with the next outcomes", false, "lead"],
];

class CompareView {
  constructor() {
    this.outbox = new Outbox();
    this.ends = new Ends(this);
    this.form = byId("wanted");
    this.fields = this.form.elements;
    this.list = byId("differences");
    this.at = 0;
    this.take(readData("state"));
    this.picker = new Picker(this);
    const names = [...COMPARE_KEYS.map(([, name]) => name), "undo", "redo"];
    const actions = Object.fromEntries(names.map((name) => [name, () => this.run(name)]));
    this.keys = new Keys(this.list, { ...actions, adjusting: (event) => this.ends.press(event) }, {
      keys: COMPARE_KEYS,
      words: "Letters act while a difference has the focus. Every key has a button too.",
    });
    this.fillPairs();
    this.fill("code", [...this.codes.values()].map((code) => [code.id, code.name]));
    const asked = new URLSearchParams(location.search);
    const wanted = asked.get("code");
    if (wanted && this.codes.has(wanted)) this.fields.code.value = wanted;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => this.choose(event.target));
    this.outbox.addEventListener("change", () => this.drawSaved());
    hearNews(() => ({ show: () => this.tryReload().then((fault) => (fault ? say(fault) : this.focus())) }));
    byId("undo").addEventListener("click", () => this.run("undo"));
    byId("redo").addEventListener("click", () => this.run("redo"));
    byId("take").addEventListener("click", () => this.run("agreed"));
    this.list.addEventListener("focusin", (event) => {
      const card = event.target.closest(".difference");
      if (card) this.point([...this.list.children].indexOf(card));
    });
    this.draw();
    showFigures(this);
    this.goTo(asked.get("at"));
  }

  // From figures elsewhere one comes to a place: its position in the transcript; else to the first.
  goTo(at) {
    const i = at ? this.wanted.findIndex(({ start, end }) => start <= at && at < end) : -1;
    if (!this.wanted.length) return;
    this.point(Math.max(i, 0));
    this.focus();
  }

  take(state) {
    for (const name of ["transcript", "pairs", "pair", "is_swapped", "seed", "reason", "differences", "agreed", "recent"]) {
      this[name] = state[name];
    }
    this.canUndo = state.undo !== null;
    this.canRedo = state.redo !== null;
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
  }

  fill(name, options) {
    this.fields[name].append(...options.map(([value, words]) => make("option", { value }, words)));
  }

  fillPairs() {
    const { pair, hidden, seed } = this.fields;
    const names = this.pairs.map(([one, other], i) => [i, hidden.checked ? `pair ${i + 1}` : `${one} and ${other}`]);
    pair.replaceChildren();
    this.fill("pair", names);
    pair.value = String(this.pair);
    seed.closest("label").hidden = !hidden.checked;
    if (document.activeElement !== seed) seed.value = this.seed; // or an answer would take away what is being typed
  }

  async choose(field) {
    if (field.name === "reason") return;
    this.ends.leave();
    if (field.name === "seed" && !field.reportValidity()) return;
    if (field.name === "pair" || field.name === "seed") {
      this.pair = Number(this.fields.pair.value);
      this.seed = Number(this.fields.seed.value);
      await this.reload();
    }
    this.fillPairs();
    if (["pair", "seed", "hidden"].includes(field.name)) showFigures(this);
    this.at = 0;
    this.draw();
  }

  async reload() {
    const asked = (this.asked = `/compare/${this.transcript}/state?pair=${this.pair}&seed=${this.seed}`);
    const state = await send("GET", asked);
    if (asked !== this.asked) return; // something else is asked for by now
    this.take(state);
    this.draw();
  }

  // After an act that is answered: what went wrong is no fault of the act, and comes back in words.
  tryReload() {
    return this.reload().catch((error) => error.message);
  }

  // The differences that are asked for, in the order asked for.
  get wanted() {
    const { code, order } = this.fields;
    const rows = this.differences.filter((row) => !code.value || row.code === code.value);
    if (order.value === "agreement") rows.sort((a, b) => (a.alpha ?? 2) - (b.alpha ?? 2) || a.start - b.start);
    return rows;
  }

  // Which of the pair stands left, and which right; names hidden, that is drawn.
  get sides() {
    return this.fields.hidden.checked && this.is_swapped ? [1, 0] : [0, 1];
  }

  nameOf(side) {
    if (this.fields.hidden.checked) return side === 0 ? "Coder A" : "Coder B";
    return this.pairs[this.pair][this.sides[side]];
  }

  run(name) {
    if (name === "undo" || name === "redo") return this.undo(name === "redo");
    if (name === "next" || name === "previous") return this.step(name === "next" ? 1 : -1);
    if (name === "reason") return this.fields.reason.focus();
    if (name === "agreed") return this.takeAgreed();
    const row = this.wanted[this.at];
    if (!row) return null;
    if (name === "start" || name === "end") return this.ends.begin(row, name);
    if (name === "flag") return this.flag(row);
    return name === "another" ? this.pickAnother(row) : this.settle(row, name);
  }

  runAt(i, name) {
    this.point(i);
    this.focus();
    return this.run(name);
  }

  // The code in the codebook, with these words offered as an example.
  flag({ code, start, end }) {
    location.assign(`/codes/${this.codes.get(code).number}?example=${this.transcript}:${start}-${end}`);
  }

  step(by) {
    if (!this.wanted[this.at + by]) return say(by > 0 ? "This is the last difference." : "This is the first difference.");
    this.point(this.at + by);
    return this.focus();
  }

  point(i) {
    this.list.children[this.at]?.setAttribute("tabindex", "-1");
    if (i !== this.at) this.ends.leave();
    this.at = i;
    this.list.children[i]?.setAttribute("tabindex", "0");
  }

  focus() {
    const card = this.list.children[this.at];
    if (!card) return byId("undo").focus();
    card.focus({ preventScroll: true });
    return card.scrollIntoView({ block: "nearest" });
  }

  async pickAnother(row) {
    let code = null;
    await this.picker.open({
      title: `In place of ${this.codes.get(row.code).name}`,
      several: false,
      anew: false,
      take: (choice) => (code = choice.code),
    });
    this.focus();
    if (code && code !== row.code) await this.settle(row, "neither", { instead: code });
  }

  // The outcome in the words of the study, where the coders have an order.
  outcomeOf(name) {
    if (name !== "left" && name !== "right") return name;
    return this.sides[name === "left" ? 0 : 1] === 0 ? "one" : "other";
  }

  settle(row, name, more = {}) {
    const [one, other] = this.pairs[this.pair];
    const { code, start, end } = row;
    const quote = quoteOf(row.quote);
    const act = {
      kind: "resolve", transcript: this.transcript, start, end, quote, code, one, other,
      outcome: this.outcomeOf(name), reason: this.fields.reason.value, ...more,
    };
    return this.send(act, "Settled. Ctrl+Z undoes.", true);
  }

  undo(redo) {
    if (redo ? !this.canRedo : !this.canUndo) return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    return this.send({ kind: "undo", redo }, redo ? "Redone." : "Undone.", false);
  }

  send(act, words, advances) {
    const { at } = this;
    return new Promise((resolve) => {
      this.outbox.add(act, {
        done: async () => {
          const fault = await this.tryReload();
          showFigures(this);
          this.point(at);
          if (advances && this.wanted[at + 1]) this.point(at + 1);
          this.focus();
          say(fault ? `${words} ${fault}` : words);
          resolve(null);
        },
        refused: async (error) => {
          await this.tryReload();
          say(error.message);
          this.focus();
          resolve(error.message);
        },
      });
    });
  }

  draw() {
    const rows = this.wanted;
    const nSettled = rows.filter((row) => row.settled).length;
    byId("progress").textContent = rows.length ? `${nSettled} of ${count(rows.length, "difference")} ${rows.length === 1 ? "is" : "are"} settled.` : "";
    byId("empty").hidden = rows.length > 0;
    byId("empty").textContent = this.reason || "They do not differ here.";
    this.form.hidden = !this.pairs.length;
    this.list.replaceChildren(...rows.map((row, i) => describeDifference(this, row, i)));
    this.point(Math.min(this.at, Math.max(rows.length - 1, 0)));
    this.drawAgreed();
    this.drawSaved();
  }

  redrawWords(row) {
    const card = this.list.children[this.wanted.indexOf(row)];
    card?.querySelector(".words").replaceWith(describeWords(this, row));
  }

  listAgreed() {
    return this.agreed.map((row) =>
      make("li", {}, chip(this.codes.get(row.code)), make("span", { class: "soft small" }, ` ${row.position}${row.differs ? "; their ends differ, both are taken" : ""}`), make("bdi", { class: "agreed-words" }, row.words)),
    );
  }

  drawAgreed() {
    const box = byId("agreed");
    const { length } = this.agreed;
    box.hidden = !length;
    box.querySelector("summary").textContent = `${count(length, "coding")} on which they agree, not yet in the consensus`;
    box.querySelector("ul").replaceChildren(...this.listAgreed());
  }

  async takeAgreed() {
    const { length } = this.agreed;
    if (!length) return say("All that they agree on is in the consensus.");
    const [one, other] = this.pairs[this.pair];
    await ask({
      title: `Take ${count(length, "coding")} into the consensus`,
      children: [
        make("p", { class: "soft" }, "What both gave to the same words; the consensus has then read what both read alike. This is one act, and one Ctrl+Z takes it back."),
        make("ul", { class: "list agreed", tabindex: "0", "aria-label": "What they agree on" }, ...this.listAgreed()),
      ],
      confirm: "Take all",
      act: () => ({ kind: "take-agreed", transcript: this.transcript, one, other, n: length }),
      perform: (act) => this.send(act, "Taken. Ctrl+Z undoes.", false),
    });
    this.focus();
  }

  drawSaved() {
    const saved = byId("saved");
    saved.textContent = this.outbox.words;
    saved.classList.toggle("failing", this.outbox.failures > 0);
    byId("undo").disabled = !this.canUndo;
    byId("redo").disabled = !this.canRedo;
  }
}

new CompareView();
