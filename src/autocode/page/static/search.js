// Search: hits by transcript, walked by keys, ticked, and coded together as one act.

import "./leave.js";
import { send } from "./http.js";
import { byId, chip, count, make, readData, say } from "./dom.js";
import { Keys } from "./keys.js";
import { hearNews } from "./news.js";
import { Outbox } from "./outbox.js";
import { Picker } from "./picker.js";

// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
const HIT_KEYS = [
  [["j", "ArrowDown"], "next", "next hit", true],
  [["k", "ArrowUp"], "previous", "previous hit", true],
  [["Enter"], "open", "open the hit in its transcript"],
  [["x"], "tick", "tick it, or not", false, "coder"],
  [["a"], "all", "tick all that are shown, or none", false, "coder"],
  [["c"], "code", "one code on all that are ticked, else on this one", false, "coder"],
  [["l"], "alike", "excerpts like this one"],
];

class SearchView {
  constructor() {
    this.outbox = new Outbox();
    this.list = byId("hits");
    this.at = 0;
    this.ticked = new Set();
    this.hits = [];
    this.state = readData("state");
    this.picker = new Picker(this);
    const names = [...HIT_KEYS.map(([, name]) => name), "undo", "redo"];
    this.keys = new Keys(this.list, Object.fromEntries(names.map((name) => [name, () => this.run(name)])), {
      keys: HIT_KEYS,
      words: "Letters act while a hit has the focus; / goes to the search. Every key has a button too.",
    });
    for (const button of byId("doing").children) button.addEventListener("click", () => this.run(button.dataset.do));
    for (const id of ["undo", "redo"]) byId(id).addEventListener("click", () => this.run(id));
    byId("more").addEventListener("click", () => this.showMore());
    this.list.addEventListener("focusin", (event) => this.point(this.cards.indexOf(event.target.closest(".hit"))));
    this.list.addEventListener("change", (event) => this.tick(this.cards.indexOf(event.target.closest(".hit")), event.target.checked));
    this.outbox.addEventListener("change", () => this.drawSaved());
    hearNews(() => null); // hits are those of the moment of asking, and some may be ticked
    this.take(this.state);
    if (this.hits.length) this.focus();
    else byId("q").focus();
  }

  get cards() {
    return [...this.list.querySelectorAll(".hit")];
  }

  take(state, { adds = false } = {}) {
    this.state = state;
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
    this.recent = state.recent;
    const hits = state.result?.hits ?? [];
    this.hits = adds ? [...this.hits, ...hits] : hits;
    this.draw();
  }

  address(from, n) {
    const { query, like } = this.state;
    return `/search/hits?${new URLSearchParams({ ...(like ? { like } : { q: query }), from, n })}`;
  }

  async showMore() {
    const { length } = this.hits;
    this.take(await send("GET", this.address(length, 100)), { adds: true });
    this.point(length);
    this.focus();
  }

  async reload() {
    this.take(await send("GET", this.address(0, Math.max(this.hits.length, 100))));
    this.point(Math.min(this.at, this.hits.length - 1));
    this.focus();
  }

  run(name) {
    if (name === "undo" || name === "redo") return this.undo(name === "redo");
    if (name === "next" || name === "previous") return this.step(name === "next" ? 1 : -1);
    const hit = this.hits[this.at];
    if (!hit) return null;
    if (name === "open") return location.assign(placeOf(hit));
    if (name === "alike") return location.assign(`/search?like=${hit.number}:${hit.start}-${hit.end}`);
    if (name === "tick") return this.tick(this.at, !this.ticked.has(nameOf(hit)));
    if (name === "all") return this.tickAll();
    return this.code();
  }

  step(by) {
    if (!this.hits[this.at + by]) return say(by > 0 ? "This is the last hit that is shown." : "This is the first hit.");
    this.point(this.at + by);
    return this.focus();
  }

  point(i) {
    if (i < 0) return;
    this.cards[this.at]?.setAttribute("tabindex", "-1");
    this.at = i;
    this.cards[i]?.setAttribute("tabindex", "0");
  }

  focus() {
    this.cards[this.at]?.focus({ preventScroll: true });
    this.cards[this.at]?.scrollIntoView({ block: "nearest" });
  }

  tick(i, isTicked) {
    const name = nameOf(this.hits[i]);
    if (isTicked) this.ticked.add(name);
    else this.ticked.delete(name);
    this.drawTicks();
  }

  tickAll() {
    const isAll = this.hits.every((hit) => this.ticked.has(nameOf(hit)));
    this.ticked = new Set(isAll ? [] : this.hits.map(nameOf));
    this.drawTicks();
  }

  // What a code is put on: the ticked hits, else the one in focus.
  get meant() {
    const ticked = this.hits.filter((hit) => this.ticked.has(nameOf(hit)));
    return ticked.length ? ticked : [this.hits[this.at]];
  }

  async code() {
    const hits = this.meant;
    let code = null;
    await this.picker.open({
      title: hits.length === 1 ? "Code this excerpt" : `Code ${hits.length} excerpts`,
      several: false,
      anew: false,
      take: (choice) => (code = choice.code),
    });
    this.focus();
    if (!code) return;
    const act = {
      kind: "code-many",
      code,
      transcripts: hits.map((hit) => hit.number),
      starts: hits.map((hit) => hit.start),
      ends: hits.map((hit) => hit.end),
      digests: hits.map((hit) => hit.digest),
    };
    this.send(act, ({ changed }) => {
      this.ticked.clear();
      const known = changed?.n_known ? ` ${changed.n_known} had it already.` : "";
      return `Coded ${this.codes.get(code)?.name ?? code} on ${changed?.n_made ?? hits.length}.${known} Ctrl+Z undoes.`;
    });
  }

  undo(redo) {
    if (!this.state[redo ? "redo" : "undo"]) return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    return this.send({ kind: "undo", redo }, () => (redo ? "Redone." : "Undone."));
  }

  send(act, describe) {
    this.outbox.add(act, {
      done: async (answer) => {
        const words = describe(answer);
        const fault = await this.reload().catch((error) => error.message);
        say(fault ? `${words} ${fault}` : words);
      },
      refused: async (error) => {
        await this.reload().catch(() => null);
        say(error.message);
      },
    });
  }

  draw() {
    const { result, fault } = this.state;
    byId("fault").textContent = fault;
    byId("fault").hidden = !fault;
    byId("doing").hidden = !this.hits.length;
    byId("more").hidden = !result || this.hits.length >= result.n_hits;
    this.list.replaceChildren(...this.groups());
    this.drawTicks();
    this.drawSaved();
    this.point(Math.min(this.at, Math.max(0, this.hits.length - 1)));
  }

  // Hits that follow one another in one transcript stand under its name.
  *groups() {
    let section = null;
    for (const [i, hit] of this.hits.entries()) {
      if (section?.dataset.number !== String(hit.number)) {
        if (section) yield section;
        section = make("section", { "data-number": hit.number, "aria-labelledby": `g${i}` }, make("h2", { id: `g${i}` }, make("bdi", {}, hit.name)));
      }
      section.append(this.describe(hit, i));
    }
    if (section) yield section;
  }

  describe(hit, i) {
    const where = [hit.speaker, `turn ${hit.turn}`, hit.clock, hit.case && hit.case !== hit.speaker && `case ${hit.case}`].filter(Boolean).join(", ");
    const around = (words) => (words ? make("p", { class: "around soft small" }, make("bdi", {}, words)) : null);
    const codings = this.codingsOf(hit);
    return make(
      "article",
      { class: "hit", tabindex: "-1", "aria-labelledby": `h${i} w${i}` },
      make(
        "p",
        { class: "head" },
        make("input", { type: "checkbox", "data-needs": "coder", "aria-label": `Tick hit ${i + 1}` }),
        make("a", { id: `h${i}`, href: placeOf(hit) }, make("bdi", {}, where)),
        hit.similarity === null ? null : make("span", { class: "soft small" }, ` alike ${hit.similarity.toFixed(2)}`),
      ),
      around(hit.before),
      make("p", { id: `w${i}`, class: "words" }, ...cut(hit)),
      around(hit.after),
      codings.length ? make("p", { class: "on" }, ...codings) : null,
      ...hit.memos.map(([coder, words]) => make("p", { class: "soft small" }, make("bdi", {}, `Memo (${coder}): ${words}`))),
    );
  }

  // The codes on a hit, each once, with who put it there.
  codingsOf(hit) {
    const coders = new Map();
    for (const [code, coder] of hit.codings) coders.set(code, [...(coders.get(code) ?? []), coder]);
    return [...coders].filter(([code]) => this.codes.has(code)).map(([code, names]) =>
      make("span", {}, chip(this.codes.get(code)), make("bdi", { class: "soft small" }, ` ${names.join(", ")}`)),
    );
  }

  drawTicks() {
    this.cards.forEach((card, i) => {
      const isTicked = this.ticked.has(nameOf(this.hits[i]));
      card.classList.toggle("ticked", isTicked);
      card.querySelector("input").checked = isTicked;
    });
    const { result } = this.state;
    const nTicked = this.hits.filter((hit) => this.ticked.has(nameOf(hit))).length;
    const shown = result && this.hits.length < result.n_hits ? ` ${this.hits.length} are shown.` : "";
    const ticked = nTicked ? ` ${nTicked} ticked.` : "";
    byId("count").textContent = result ? `${describeCount(result)}${shown}${ticked}` : "";
  }

  drawSaved() {
    const saved = byId("saved");
    saved.textContent = this.outbox.words;
    saved.classList.toggle("failing", this.outbox.failures > 0);
    for (const id of ["undo", "redo"]) byId(id).disabled = !this.state[id];
  }
}

const nameOf = (hit) => `${hit.number}:${hit.start}-${hit.end}`;
const placeOf = (hit) => `/t/${hit.number}#${hit.start}-${hit.end}`;

function describeCount({ n_hits: n, n_transcripts: within, like }) {
  if (!n) return "Nothing is like that. Ask for less, or for the beginning of a word: wait*";
  return `${count(n, "excerpt")}${like ? " like it" : ""} in ${count(within, "transcript")}.`;
}

// The words of a hit with its marks; positions are code points.
function cut(hit) {
  const points = [...hit.words];
  const end = hit.shown + points.length;
  const parts = [];
  const take = (from, to) => points.slice(from - hit.shown, to - hit.shown).join("");
  let at = hit.shown;
  for (const [start, stop] of hit.marks) {
    const [from, to] = [Math.max(start, at), Math.min(stop, end)];
    if (from >= to) continue;
    parts.push(take(at, from), make("mark", {}, take(from, to)));
    at = to;
  }
  parts.push(take(at, end));
  if (hit.shown > hit.start) parts.unshift("… ");
  if (end < hit.end) parts.push(" …");
  return parts;
}

new SearchView();
