// The queue: what is suggested, a segment at a time, decided on by single keys.

import "./leave.js";
import { send } from "./http.js";
import { byId, chip, make, readData, say } from "./dom.js";
import { Keys } from "./keys.js";
import { Outbox } from "./outbox.js";
import { Picker } from "./picker.js";
import { QueueItem, arrange } from "./queue_items.js";
import { SeveralDialog } from "./several.js";
import { Refit, countChanged } from "./refit.js";
import { describeEvidence, describeOutcome, fetchEvidence, measure } from "./suggestions.js";

const PAUSE = 200; // milliseconds in which a decision is seen before the next segment comes
const AHEAD = 3;
const MANY = 20; // places that are asked for again at once
const REFIT_AFTER = 25; // decisions after which codes are suggested anew
const EVIDENCE = "autocode-evidence";

// [keys, name of the action, what it does in words, whether holding the key repeats it]
const QUEUE_KEYS = [
  [["a"], "accept", "accept the chosen suggestion"],
  [["x"], "reject", "reject it"],
  [["c"], "change", "another code in its place"],
  [["1"], "first", "choose the first"],
  [["2"], "second", "choose the second"],
  [["3"], "third", "choose the third"],
  [["0"], "none", "none of these: read, and no code applies"],
  [["s"], "skip", "leave it open and go on"],
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
    this.visited = [];
    this.at = 0;
    this.chain = Promise.resolve();
    this.showsEvidence = localStorage.getItem(EVIDENCE) === "1";
    this.form = byId("wanted");
    this.card = byId("card");
    this.take(readData("state"));
    this.picker = new Picker(this);
    this.several = new SeveralDialog(this);
    this.refit = new Refit((state) => this.hearRefit(state));
    this.nDecided = 0;
    this.keys = new Keys(this.card, this.actions(), {
      keys: QUEUE_KEYS,
      words: "Letters act while the segment has the focus. Every key has a button too.",
    });
    this.channel = new BroadcastChannel("autocode");
    this.listen();
    this.refill();
    this.card.focus({ preventScroll: true });
  }

  take(state) {
    this.madeBy = state.suggested_by;
    this.fresh = null;
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
    this.recent = state.recent;
    this.reason = state.reason;
    this.transcripts = new Map(state.transcripts.map((t) => [t.number, t.name]));
    this.canUndo = state.undo !== null;
    this.canRedo = state.redo !== null;
    this.items = state.items.map((item) => new QueueItem(item));
    this.form.elements.showing.value = state.own_code_first ? "own" : "";
    this.form.elements.unassisted.checked = state.is_unassisted;
  }

  listen() {
    this.outbox.addEventListener("change", () => this.drawSaved());
    byId("undo").addEventListener("click", () => this.do("undo"));
    byId("redo").addEventListener("click", () => this.do("redo"));
    byId("anew").addEventListener("click", () => this.refit.start());
    byId("renew").addEventListener("click", () => this.do("renew"));
    byId("many").addEventListener("click", () => this.several.open());
    this.form.addEventListener("change", (event) => {
      if (["showing", "unassisted"].includes(event.target.name)) return this.changeShowing();
      if (this.wants.order === "next" && !this.passages) this.refit.start({ passages: true });
      return this.refill();
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.channel.addEventListener("message", () => this.reread());
    this.fill("transcript", [...this.transcripts].map(([number, name]) => [number, name]));
    this.fill("code", [...this.codes.values()].map((code) => [code.id, code.name]));
    this.fill("case", [...new Set(this.items.map((item) => item.case))].filter(Boolean).sort().map((name) => [name, name]));
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
    this.finishPause();
    const { item } = this;
    if (!item && !["go", "renew", "undo", "redo"].includes(name)) return;
    await this.run(name, item);
  }

  run(name, item) {
    if (item && !item.suggestions.length && ["accept", "reject", "change", "none", "first", "second", "third"].includes(name)) {
      return this.answerFirst(item, name);
    }
    if (name === "accept") return this.decide(item, "accept");
    if (name === "reject") return this.decide(item, "reject");
    if (name === "change") return this.change(item);
    if (name === "none") return this.rejectAll(item);
    if (name === "first" || name === "second" || name === "third") {
      return this.choose(item, ["first", "second", "third"].indexOf(name));
    }
    if (name === "skip") return this.skip();
    if (name === "next") return this.step(1);
    if (name === "previous") return this.step(-1);
    if (name === "back") return this.back();
    if (name === "evidence") return this.toggleEvidence();
    if (name === "renew") return this.renew();
    if (name === "go") return this.form.elements.order.focus();
    return this.undo(name === "redo");
  }

  // Where the coder is ----------------------------------------------------------------------------

  get item() {
    return this.wanted[this.at];
  }

  get wants() {
    const { order, transcript, code, case: person } = this.form.elements;
    return { order: order.value, transcript: transcript.value, code: code.value, case: person.value };
  }

  refill() {
    const { item } = this.wanted ? this : {};
    this.wanted = arrange(this.items, this.wants, this.codes, this.passages);
    const stays = item ? this.wanted.indexOf(item) : -1;
    this.at = Math.max(stays, 0);
    if (stays < 0) this.at = Math.max(this.wanted.findIndex((i) => !i.isDone), 0);
    this.visited = [];
    this.show();
  }

  goTo(i, { remember = true } = {}) {
    if (remember) this.visited.push(this.at);
    this.at = i;
    return this.show();
  }

  step(direction) {
    const i = this.at + direction;
    if (!this.wanted[i]) return say(direction > 0 ? "This is the last segment." : "This is the first segment.");
    return this.goTo(i);
  }

  skip() {
    return this.advance("Everything after this is decided.");
  }

  back() {
    if (!this.visited.length) return say("There is nothing to go back to.");
    return this.goTo(this.visited.pop(), { remember: false });
  }

  // To the next segment that is not done, if there is one.
  advance(otherwise) {
    const rest = this.wanted.findIndex((item, i) => i > this.at && !item.isDone);
    if (rest >= 0) return this.goTo(rest);
    say(otherwise ?? this.wordsAtEnd());
    return this.draw();
  }

  wordsAtEnd() {
    const n = this.wanted.filter((item) => !item.isDone).length;
    return n ? `The end. ${n} before this are still open.` : "The end. All of these are decided.";
  }

  advanceSoon() {
    this.pause = setTimeout(() => this.finishPause(), PAUSE);
  }

  finishPause() {
    if (!this.pause) return;
    clearTimeout(this.pause);
    this.pause = null;
    this.advance();
  }

  async show() {
    const { item } = this;
    byId("empty").hidden = this.wanted.length > 0;
    byId("parts").hidden = !item;
    if (!item) {
      byId("empty").textContent = this.wants.order === "next" && !this.passages ? "It is being worked out what to code next …" : this.items.length ? "Nothing is suggested that fits this choice." : this.reason || "Nothing suggested is left to decide.";
      return this.draw();
    }
    await item.load();
    const open = item.firstOpen();
    item.chosen = Math.max(open, 0);
    if (item === this.item) this.draw();
    for (const next of this.wanted.slice(this.at + 1, this.at + 1 + AHEAD)) {
      next.load().catch(() => null);
      const [first] = next.suggestions;
      if (this.showsEvidence && first) fetchEvidence(first.number).catch(() => null);
    }
  }

  // What is done ----------------------------------------------------------------------------------

  choose(item, i) {
    if (!item.suggestions[i]) return say(`There are ${item.suggestions.length} suggestions here.`);
    item.chosen = i;
    return this.draw();
  }

  async decide(item, action, to = null) {
    await item.load();
    const suggestion = item.suggestions[item.chosen];
    const before = item.decisions.get(suggestion.code);
    const applied = { accept: suggestion.code, reject: null, change: to }[action];
    if (before && before.action === action && before.applied === applied) {
      return say(`${describeOutcome(before, this.codes)} already. Ctrl+Z undoes.`);
    }
    const made = { code: suggestion.code, action, applied };
    item.decisions.set(suggestion.code, made);
    item.own = item.own.filter((code) => code !== before?.applied);
    if (applied) item.own.push(applied);
    const fields = { suggested: suggestion.code };
    if (to) fields.to = to;
    this.send(item, action, fields);
    const { name } = this.codes.get(suggestion.code);
    const words = action === "change" ? `${name} changed to ${this.codes.get(to).name}` : `${describeOutcome(made, this.codes)} ${name}`;
    say(`${words}. Ctrl+Z undoes.`);
    const open = item.firstOpen();
    if (action === "reject" && open >= 0 && !item.own.length) item.chosen = open;
    else this.advanceSoon();
    this.draw();
  }

  // Where nothing is shown yet the coder answers first: codes the words, or reads them.
  async answerFirst(item, name) {
    await item.load();
    if (name === "none") {
      this.sendOwn(item, "read", {});
      item.isRead = true;
      say("Read, no code applies. Ctrl+Z undoes.");
      return this.draw();
    }
    if (name !== "change") return say("Nothing is shown here: c codes it, 0 says that no code applies.");
    const taken = [];
    await this.picker.open({ title: "Code", several: true, anew: false, take: ({ code }) => taken.push(code) });
    this.card.focus({ preventScroll: true });
    for (const code of taken) {
      this.recent = [code, ...this.recent.filter((id) => id !== code)].slice(0, 9);
      item.own.push(code);
      this.sendOwn(item, "code", { code });
      say(`Coded ${this.codes.get(code).name}. Ctrl+Z undoes.`);
    }
    return this.draw();
  }

  sendOwn(item, kind, fields) {
    this.send(item, kind, fields, async () => {
      if (this.outbox.waiting.length) return;
      await this.reread(item);
      if (item === this.item && !item.suggestions.length) this.advanceSoon();
    });
  }

  async change(item) {
    let choice = null;
    const suggestion = item.suggestions[item.chosen];
    await this.picker.open({
      title: `In place of ${this.codes.get(suggestion.code).name}`,
      several: false,
      anew: false,
      take: (taken) => (choice = taken.code),
    });
    this.card.focus({ preventScroll: true });
    if (!choice) return;
    this.recent = [choice, ...this.recent.filter((id) => id !== choice)].slice(0, 9);
    if (choice === suggestion.code) return this.decide(item, "accept");
    return this.decide(item, "change", choice);
  }

  async rejectAll(item) {
    await item.load();
    const codes = item.suggestions.map((s) => s.code);
    for (const code of codes) item.decisions.set(code, { code, action: "reject", applied: null });
    item.own = [];
    item.isRead = true;
    this.send(item, "reject-all", { suggested: codes });
    say("None of these: read, no code applies. Ctrl+Z undoes.");
    this.advanceSoon();
    this.draw();
  }

  send(item, kind, fields, then = () => {}) {
    const { transcript, start, end } = item;
    const act = { kind, transcript, start, end, quote: item.around.quote, ...fields };
    this.canUndo = true;
    this.canRedo = false;
    this.outbox.add(act, {
      done: (answer) => {
        if (answer.repeated) this.reread(item);
        this.announce();
        then();
        this.nDecided += 1;
        if (this.nDecided % REFIT_AFTER === 0) this.refit.start();
      },
      refused: async (error) => {
        say(error.message);
        await this.reread(item);
      },
    });
  }

  announce() {
    this.channel.postMessage({ all: true });
  }

  async reread(item = this.item) {
    if (!item || this.outbox.waiting.length) return;
    await item.load({ anew: true }).catch(() => null);
    if (item === this.item) this.draw();
  }

  undo(redo) {
    if (redo ? !this.canRedo : !this.canUndo) return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    return new Promise((resolve) => {
      this.outbox.add(
        { kind: "undo", redo },
        {
          done: async (answer) => {
            await this.afterUndo(answer, redo);
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
    const i = this.wanted.findIndex((item) => ids.has(item.id));
    if (i >= 0) await this.goTo(i);
    else this.draw();
    say(`${redo ? "Redone" : "Undone"}: ${answer.changed?.undone ?? "the last act"}.`);
    this.announce();
  }

  // Suggestions made anew wait until they are asked for: nothing changes under the coder.
  async hearRefit({ state, message, passages, isNews }) {
    byId("anew").disabled = state === "running";
    byId("refit").textContent = state === "running" ? "Suggesting anew …" : state === "failed" ? message : "";
    if (passages && !this.passages) {
      this.passages = passages;
      if (this.wants.order === "next") this.refill();
    }
    if (!isNews) return;
    const fresh = await send("GET", "/queue/state", undefined, { byItself: true }).catch(() => null);
    if (!fresh || fresh.suggested_by === this.madeBy) return;
    this.fresh = fresh;
    const n = countChanged(this.items, fresh.items);
    byId("n-changed").textContent = `${n} changed: take them`;
    byId("renew").hidden = false;
    say(`Suggested anew: ${n} changed. u takes them.`);
  }

  async renew() {
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
    this.draw();
  }

  // The whole queue as the study has it now.
  async reload() {
    const state = await send("GET", "/queue/state");
    const { id } = this.item ?? {};
    this.take(state);
    byId("renew").hidden = true;
    this.wanted = null;
    this.refill();
    const i = this.wanted.findIndex((item) => item.id === id);
    if (i >= 0) await this.goTo(i, { remember: false });
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
    const { item } = this;
    if (!item?.around) return;
    const hadFocus = this.card.contains(document.activeElement);
    byId("card-title").replaceChildren(make("bdi", {}, item.around.name), `, ${item.around.position}`);
    this.drawWords(item.around);
    byId("options").replaceChildren(
      ...item.suggestions.map((s, i) => this.describe(item, s, i)),
      this.describeNone(item),
    );
    byId("options-title").textContent = this.titleOf(item);
    this.drawButtons(item);
    this.drawEvidence(item);
    if (hadFocus) this.card.focus({ preventScroll: true });
  }

  // What stands above the codes: with an answer of the coder's own, that too.
  titleOf(item) {
    const own = item.own.map((code) => this.codes.get(code)?.name).filter(Boolean).join(", ");
    if (!item.isBare) return "Suggested codes";
    if (!item.isDone) return "Your own code first: c codes, 0 says that none applies";
    const mine = own ? `Your code: ${own}` : "You: no code applies";
    return item.suggestions.length ? `${mine}. Suggested:` : mine;
  }

  drawWords({ before, after, quote, speaker, language }) {
    const words = (who, text, kind) =>
      make(
        "p",
        { class: `words ${kind}`, lang: language || null, dir: "auto" },
        who ? make("bdi", { class: "speaker" }, who) : null,
        text,
      );
    byId("words").replaceChildren(
      ...before.map((s) => words(s.speaker, s.words, "around")),
      words(speaker, quote, "here"),
      ...after.map((s) => words(s.speaker, s.words, "around")),
    );
  }

  describe(item, suggestion, i) {
    const code = this.codes.get(suggestion.code);
    const decision = item.decisions.get(suggestion.code);
    const isChosen = i === item.chosen;
    const outcome = describeOutcome(decision, this.codes);
    return make(
      "li",
      { class: [isChosen ? "chosen" : "", decision ? "decided" : ""].join(" ").trim() || null },
      make(
        "button",
        {
          type: "button", class: "plain choice", "aria-pressed": String(isChosen),
          title: code.definition || null, on: { click: () => this.do(["first", "second", "third"][i]) },
        },
        make("kbd", {}, String(i + 1)),
        chip(code),
      ),
      measure(suggestion),
      outcome ? make("span", { class: "outcome" }, make("bdi", {}, outcome)) : null,
    );
  }

  describeNone(item) {
    const isSo = item.isRead && !item.own.length;
    return make(
      "li",
      { class: isSo ? "decided" : null },
      make(
        "button",
        { type: "button", class: "plain choice", on: { click: () => this.do("none") } },
        make("kbd", {}, "0"),
        make("span", {}, item.suggestions.length ? "None of these" : "No code applies"),
      ),
      item.suggestions.some((s) => s.likely) ? null : make("span", { class: "soft small" }, "no code is likely here"),
      isSo ? make("span", { class: "outcome" }, "Read, no code applies") : null,
    );
  }

  drawButtons(item) {
    const suggestion = item.suggestions[item.chosen];
    const name = suggestion ? this.codes.get(suggestion.code).name : "";
    const button = (words, key, action, about, main) =>
      make(
        "button",
        {
          type: "button", class: main ? "main" : null, "aria-keyshortcuts": key,
          "aria-label": about ? `${words}: ${name}` : null,
          on: { click: () => this.do(action) },
        },
        `${words} `,
        make("kbd", {}, key === "Backspace" ? "⌫" : key),
      );
    byId("deciding").replaceChildren(
      ...(suggestion
        ? [
            button("Accept", "a", "accept", true),
            button("Reject", "x", "reject", true),
            button("Change", "c", "change", true),
          ]
        : [button("Code", "c", "change")]),
      button("Skip", "s", "skip"),
      button("Previous", "p", "previous"),
      button("Next", "n", "next"),
      button("Back", "Backspace", "back"),
      button(this.showsEvidence ? "Hide evidence" : "Evidence", "e", "evidence"),
      make(
        "a",
        { href: `/t/${item.transcript}#${item.start}-${item.end}` },
        "In the transcript",
      ),
    );
  }

  toggleEvidence() {
    this.showsEvidence = !this.showsEvidence;
    localStorage.setItem(EVIDENCE, this.showsEvidence ? "1" : "0");
    this.draw();
  }

  async drawEvidence(item) {
    const place = byId("evidence");
    const suggestion = item.suggestions[item.chosen];
    place.hidden = !this.showsEvidence;
    if (!this.showsEvidence || !suggestion) return place.replaceChildren();
    const code = this.codes.get(suggestion.code);
    const title = make("h2", { id: "evidence-title" }, "Evidence: ", make("bdi", {}, code.name));
    if (this.evidenceOf !== suggestion.number) place.replaceChildren(title);
    this.evidenceOf = suggestion.number;
    const parts = await fetchEvidence(suggestion.number)
      .then((evidence) => describeEvidence(evidence, code))
      .catch((error) => [make("p", { class: "soft" }, this.fresh ? "This was suggested anew since; u takes the new suggestions." : error.message)]);
    if (this.evidenceOf === suggestion.number) place.replaceChildren(title, ...parts);
  }

  drawProgress() {
    const nDone = this.wanted.filter((item) => item.isDone).length;
    byId("progress").textContent = this.item
      ? `Segment ${this.at + 1} of ${this.wanted.length}; ${nDone} decided`
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
