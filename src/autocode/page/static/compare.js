// Where two coders differ: each difference is settled by a key, what was settled shows at once.

import "./leave.js";
import { send } from "./http.js";
import { byId, chip, make, readData, say } from "./dom.js";
import { Keys } from "./keys.js";
import { Outbox } from "./outbox.js";
import { Picker } from "./picker.js";

// [keys, name of the action, what it does in words, whether holding the key repeats it]
const COMPARE_KEYS = [
  [["1"], "left", "as the left coder has it"],
  [["2"], "right", "as the right coder has it"],
  [["3"], "both", "as both have it"],
  [["0"], "neither", "the code does not apply"],
  [["c"], "another", "another code in its place"],
  [["b"], "stand", "both readings stand: the difference is a result"],
  [["j", "ArrowDown"], "next", "next difference", true],
  [["k", "ArrowUp"], "previous", "previous difference", true],
  [["r"], "reason", "write the reason that is kept with the next outcomes"],
];
const BUTTONS = { left: "1", right: "2", both: "3", neither: "0", another: "c", stand: "b" };

class CompareView {
  constructor() {
    this.outbox = new Outbox();
    this.form = byId("wanted");
    this.fields = this.form.elements;
    this.list = byId("differences");
    this.at = 0;
    this.take(readData("state"));
    this.picker = new Picker(this);
    const names = [...COMPARE_KEYS.map(([, name]) => name), "undo", "redo"];
    this.keys = new Keys(this.list, Object.fromEntries(names.map((name) => [name, () => this.run(name)])), {
      keys: COMPARE_KEYS,
      words: "Letters act while a difference has the focus. Every key has a button too.",
    });
    this.fill("pair", this.pairs.map(([one, other], i) => [i, `${one} and ${other}`]));
    this.fields.pair.value = String(this.pair);
    this.fill("code", [...this.codes.values()].map((code) => [code.id, code.name]));
    const asked = new URLSearchParams(location.search);
    const wanted = asked.get("code");
    if (wanted && this.codes.has(wanted)) this.fields.code.value = wanted;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => this.choose(event.target));
    this.outbox.addEventListener("change", () => this.drawSaved());
    byId("undo").addEventListener("click", () => this.run("undo"));
    byId("redo").addEventListener("click", () => this.run("redo"));
    this.list.addEventListener("focusin", (event) => {
      const card = event.target.closest(".difference");
      if (card) this.point([...this.list.children].indexOf(card));
    });
    this.draw();
    this.showAgreement();
    this.goTo(asked.get("at"));
  }

  // From figures elsewhere one comes to a place: its position in the transcript.
  goTo(at) {
    const i = at ? this.wanted.findIndex(({ start, end }) => start <= at && at < end) : -1;
    if (i < 0) return;
    this.point(i);
    this.focus();
  }

  take(state) {
    for (const name of ["transcript", "pairs", "pair", "is_swapped", "reason", "differences", "agreed", "recent"]) {
      this[name] = state[name];
    }
    this.canUndo = state.undo !== null;
    this.canRedo = state.redo !== null;
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
  }

  fill(name, options) {
    this.fields[name].append(...options.map(([value, words]) => make("option", { value }, words)));
  }

  async choose(field) {
    if (field.name === "reason") return;
    if (field.name === "pair") {
      this.pair = Number(field.value);
      await this.reload();
      this.showAgreement();
    }
    this.at = 0;
    this.draw();
  }

  async reload() {
    this.take(await send("GET", `/compare/${this.transcript}/state?pair=${this.pair}`));
    this.draw();
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
    const row = this.wanted[this.at];
    if (!row) return null;
    return name === "another" ? this.pickAnother(row) : this.settle(row, name);
  }

  step(by) {
    if (!this.wanted[this.at + by]) return say(by > 0 ? "This is the last difference." : "This is the first difference.");
    this.point(this.at + by);
    return this.focus();
  }

  point(i) {
    this.list.children[this.at]?.setAttribute("tabindex", "-1");
    this.at = i;
    this.list.children[i]?.setAttribute("tabindex", "0");
  }

  focus() {
    const card = this.list.children[this.at];
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
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
    if (code && code !== row.code) await this.settle(row, "neither", code);
  }

  // The outcome in the words of the study, where the coders have an order.
  outcomeOf(name) {
    if (name !== "left" && name !== "right") return name;
    return this.sides[name === "left" ? 0 : 1] === 0 ? "one" : "other";
  }

  settle(row, name, instead = null) {
    const [one, other] = this.pairs[this.pair];
    const { code, start, end, quote } = row;
    const act = {
      kind: "resolve", transcript: this.transcript, start, end, quote, code, one, other,
      outcome: this.outcomeOf(name), reason: this.fields.reason.value, instead,
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
          await this.reload();
          this.point(at);
          if (advances && this.wanted[at + 1]) this.point(at + 1);
          this.focus();
          say(words);
          resolve();
        },
        refused: async (error) => {
          await this.reload();
          say(error.message);
          resolve();
        },
      });
    });
  }

  draw() {
    const rows = this.wanted;
    const nSettled = rows.filter((row) => row.settled).length;
    byId("progress").textContent = rows.length ? `${nSettled} of ${rows.length} differences are settled.` : "";
    byId("empty").hidden = rows.length > 0;
    byId("empty").textContent = this.reason || "They do not differ here.";
    this.form.hidden = !this.pairs.length;
    this.list.replaceChildren(...rows.map((row, i) => this.describe(row, i)));
    this.point(Math.min(this.at, Math.max(rows.length - 1, 0)));
    this.drawAgreed();
    this.drawSaved();
  }

  describe(row, i) {
    const code = this.codes.get(row.code);
    const settled = this.settledAs(row);
    const card = make(
      "article",
      { class: row.settled ? "difference settled" : "difference", tabindex: "-1", "aria-labelledby": `d${i}` },
      make("h2", { id: `d${i}` }, chip(code), make("span", { class: "soft small" }, ` ${row.position}`)),
      make("div", { class: "sides" }, this.side(row, 0), this.words(row), this.side(row, 1)),
      row.settled ? make("p", { class: "outcome" }, make("bdi", {}, this.describeOutcome(row.settled))) : null,
      make(
        "p",
        { class: "buttons" },
        ...Object.entries(BUTTONS).map(([name, key]) =>
          make(
            "button",
            {
              type: "button",
              "aria-pressed": String(settled === name),
              on: {
                click: () => {
                  this.point(i);
                  this.run(name);
                },
              },
            },
            `${this.wordsOf(name)} `,
            make("kbd", {}, key),
          ),
        ),
      ),
    );
    return card;
  }

  wordsOf(name) {
    const words = { both: "Both", neither: "Neither", another: "Another code …", stand: "Both readings stand" };
    return words[name] ?? this.nameOf(name === "left" ? 0 : 1);
  }

  settledAs(row) {
    const { outcome, note } = row.settled ?? {};
    if (outcome === "neither" && note) return "another";
    if (outcome === "one" || outcome === "other") {
      return this.outcomeOf("left") === outcome ? "left" : "right";
    }
    return outcome;
  }

  describeOutcome({ outcome, reason, note, by }) {
    const name = { one: 0, other: 1 }[outcome];
    const words = {
      both: "As both have it", neither: "Not applied", stand: "Both readings stand", span: "On other words",
    };
    const who = name === undefined ? words[outcome] : `As ${this.nameOf(this.sides.indexOf(name))} has it`;
    return `${who}${note ? `, ${note}` : ""}: ${reason} (${by})`;
  }

  side(row, side) {
    const codings = row.readings[this.sides[side]];
    const memos = codings.filter((coding) => coding.memo);
    return make(
      "div",
      {},
      make("h3", {}, make("bdi", {}, this.nameOf(side))),
      make("p", {}, codings.length ? `coded, line ${side === 0 ? "above" : "below"}` : "not coded"),
      ...memos.map((coding) => make("p", { class: "soft" }, make("bdi", {}, `Memo: ${coding.memo}`))),
    );
  }

  // The words, cut where a coding begins or ends; positions are code points.
  words(row) {
    const points = [...row.words];
    const spans = [0, 1].map((side) => row.readings[this.sides[side]]);
    const cuts = new Set([0, points.length]);
    for (const { start, end } of spans.flat()) cuts.add(start - row.shown).add(end - row.shown);
    const ends = [...cuts].sort((a, b) => a - b);
    const parts = ends.slice(1).map((end, i) => {
      const from = ends[i];
      const holds = ({ start, end: last }) => start - row.shown <= from && last - row.shown >= end;
      const names = ["left", "right"].filter((_, side) => spans[side].some(holds));
      return make("span", { class: names.join(" ") || null }, points.slice(from, end).join(""));
    });
    return make("p", { class: "words" }, ...parts);
  }

  drawAgreed() {
    const box = byId("agreed");
    box.hidden = !this.agreed.length;
    box.querySelector("summary").textContent = `${this.agreed.length} codings on which they agree`;
    box.querySelector("ul").replaceChildren(
      ...this.agreed.map((row) => make("li", {}, chip(this.codes.get(row.code)), make("bdi", {}, ` ${row.words}`))),
    );
  }

  async showAgreement() {
    const box = byId("agreement");
    const path = `/compare/${this.transcript}/agreement?pair=${this.pair}`;
    const answer = await send("GET", path, undefined, { byItself: true }).catch((error) => ({ reason: error.message, coefficients: [] }));
    if (!answer.coefficients.length) return box.replaceChildren(make("p", { class: "soft" }, answer.reason));
    const cell = (value) => make("td", { class: "n" }, value === null || value === undefined ? "" : value.toFixed(2));
    const head = ["coefficient", "value", "low", "high", "note"].map((words) => make("th", { scope: "col", class: words === "note" || words === "coefficient" ? null : "n" }, words));
    return box.replaceChildren(
      make("p", { class: "soft small" }, `${answer.n_units} units of ${answer.n_transcripts} transcripts that both have read; a consensus is left out, so that settling changes none of it.`),
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, ...head)),
        make(
          "tbody",
          {},
          ...answer.coefficients.map((c) =>
            make("tr", { "data-name": c.name }, make("th", { scope: "row" }, c.label), cell(c.value), cell(c.low), cell(c.high), make("td", { class: "soft small" }, c.reason || c.no_interval || "")),
          ),
        ),
      ),
    );
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
