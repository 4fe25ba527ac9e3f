// The coding view: a transcript to read and code.

import "./leave.js";
import { send } from "./http.js";
import { byId, readData, say, make } from "./dom.js";
import { Filters } from "./filters.js";
import { Keys } from "./keys.js";
import { Marks } from "./marks.js";
import { MemoDialog } from "./memo.js";
import { TextMap } from "./offsets.js";
import { Outbox } from "./outbox.js";
import { CodesPanel, HistoryPanel, MemosPanel, Tabs } from "./panels.js";
import { PassBar } from "./passes.js";
import { Picker } from "./picker.js";
import { Selecting } from "./selecting.js";
import { Stripes } from "./stripes.js";
import { SuggestionsPanel } from "./suggestions_panel.js";
import { Work, idOf } from "./work.js";

class CodingView {
  constructor() {
    this.text = new TextMap(byId("text"), readData("raw"));
    this.outbox = new Outbox();
    this.work = new Work(readData("state"), this.text, this.outbox);
    this.units = [...byId("text").querySelectorAll(".unit")].map((element) => {
      const words = element.querySelector("p");
      return {
        element,
        margin: element.querySelector(".stripes"),
        about: element.querySelector(".about"),
        turn: element.closest(".turn"),
        words: "",
        isWanted: true,
        isRead: false,
        isNoted: false,
        start: Number(words.dataset.start),
        end: Number(words.dataset.end),
        span: { start: Number(element.dataset.start), end: Number(element.dataset.end) },
      };
    });
    this.unitOf = new Map(this.units.map((unit, i) => [unit.element, i]));
    this.at = 0;
    this.chosen = null; // id of the coding that was picked
    this.made = null; // id of the coding that was just made
    this.marks = new Marks(this.text);
    this.stripes = new Stripes(this.units, this.text);
    this.filters = new Filters(this);
    this.picker = new Picker(this.work);
    this.memoDialog = new MemoDialog();
    this.tabs = new Tabs(byId("tabs"));
    this.codes = new CodesPanel(this);
    this.memos = new MemosPanel(this);
    this.history = new HistoryPanel(this);
    this.suggestions = new SuggestionsPanel(this);
    this.pass = new PassBar(this);
    this.selecting = new Selecting(this);
    this.keys = new Keys(byId("text"), this.actions());
    this.listen();
    this.point(0, { focus: false });
    this.draw();
    this.goToAddress();
    this.showProgress();
  }

  listen() {
    this.work.addEventListener("change", () => this.draw());
    this.outbox.addEventListener("change", () => this.drawSaved());
    byId("undo").addEventListener("click", () => this.undo());
    byId("redo").addEventListener("click", () => this.undo(true));
    this.tabs.onOpen("tab-suggestions", () => this.suggestions.draw());
    this.tabs.onOpen("tab-memos", () => this.memos.draw());
    this.tabs.onOpen("tab-history", () => this.history.draw());
    this.text.root.addEventListener("focusin", (event) => {
      const unit = event.target.closest(".unit");
      if (unit) this.point(this.unitOf.get(unit), { focus: false });
    });
    this.text.root.addEventListener("click", (event) => {
      const { coding } = event.target;
      if (coding) this.choose(coding);
    });
    this.text.root.addEventListener("pointerover", (event) => this.showTip(event.target));
    this.text.root.addEventListener("pointerout", () => this.showTip(null));
  }

  actions() {
    return {
      next: () => this.move(1),
      previous: () => this.move(-1),
      nextTurn: () => this.moveTurn(1),
      previousTurn: () => this.moveTurn(-1),
      firstSegment: () => this.move(1, -1),
      lastSegment: () => this.move(-1, this.units.length),
      code: () => this.pickCode(),
      again: () => this.codeAgain(),
      vivo: () => this.codeInVivo(),
      cycle: () => this.cycle(),
      moveStart: () => this.selecting.adjust("start"),
      moveEnd: () => this.selecting.adjust("end"),
      remove: () => this.remove(),
      memo: () => this.writeMemo(),
      read: () => this.toggleRead(),
      accept: () => this.suggestions.decide("accept"),
      reject: () => this.suggestions.decide("reject"),
      first: () => this.suggestions.choose(0),
      second: () => this.suggestions.choose(1),
      third: () => this.suggestions.choose(2),
      nextSuggestion: () => this.suggestions.move(1),
      previousSuggestion: () => this.suggestions.move(-1),
      evidence: () => this.suggestions.toggleEvidence(),
      renew: () => this.suggestions.renew(),
      filter: () => byId("filters").elements.which.focus(),
      go: () => document.querySelector("#transcripts [aria-current]")?.focus(),
      leave: () => this.letGo(),
      undo: () => this.undo(),
      redo: () => this.undo(true),
      marks: () => this.filters.toggleMarks(),
      adjusting: (event) => this.selecting.press(event),
    };
  }

  // Where the reader is ---------------------------------------------------------------------------

  get unit() {
    return this.units[this.at];
  }

  point(i, { focus = true } = {}) {
    if (!this.units[i]) return;
    const isOther = i !== this.at;
    this.units[this.at].element.tabIndex = -1;
    this.at = i;
    this.unit.element.tabIndex = 0;
    if (isOther) {
      this.chosen = null;
      this.made = null;
      this.selecting.clear();
      this.scheduleDraw();
    }
    if (focus) {
      this.unit.element.focus({ preventScroll: true });
      this.unit.element.scrollIntoView({ block: "nearest" });
    }
  }

  move(step, from = this.at) {
    for (let i = from + step; i >= 0 && i < this.units.length; i += step) {
      if (!this.units[i].element.classList.contains("off")) return this.point(i);
    }
    say(step > 0 ? "This is the last segment." : "This is the first segment.");
  }

  moveTurn(step) {
    for (let i = this.at + step; i >= 0 && i < this.units.length; i += step) {
      const { turn, element } = this.units[i];
      if (turn === this.unit.turn || turn.classList.contains("interviewer")) continue;
      if (step < 0 && this.units[i - 1]?.turn === turn) continue; // its first segment
      if (!element.classList.contains("off")) return this.point(i);
    }
    say("There is no further turn of a participant.");
  }

  goTo(span) {
    const i = this.stripes.firstUnit(span.start);
    this.point(Math.min(i, this.units.length - 1));
  }

  // An address that ends in #START-END leads to these words.
  goToAddress() {
    const [, start, end] = /^#(\d+)-(\d+)$/.exec(location.hash) ?? [];
    if (!start || Number(start) >= Number(end) || Number(end) > this.text.length) return;
    const span = { start: Number(start), end: Number(end) };
    this.goTo(span);
    this.selecting.set(span);
  }

  // What there is ---------------------------------------------------------------------------------

  isShownCoder(coder) {
    return this.filters.showsCoder(coder);
  }

  *visibleCodings() {
    for (const c of this.work.codings.values()) if (this.filters.shows(c)) yield c;
  }

  codingsHere() {
    const here = [...this.work.touching(this.unit.span, (c) => this.filters.shows(c))];
    return here.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  readingHere() {
    const { start, end } = this.unit.span;
    for (const r of this.work.readings.values()) {
      if (this.work.isMine(r) && r.start <= start && r.end >= end) return r;
    }
    return null;
  }

  isChosen(coding) {
    return idOf(coding) === this.chosen;
  }

  choose(coding) {
    const i = this.units.findIndex((u) => u.start < coding.end && u.end > coding.start);
    if (coding.start >= this.unit.end || coding.end <= this.unit.start) this.point(i);
    this.chosen = this.isChosen(coding) ? null : idOf(coding);
    this.selecting.clear();
    this.draw();
    if (this.chosen) this.sayCoding(coding);
  }

  sayCoding(coding) {
    const code = this.work.codes.get(coding.code).name;
    const words = this.text.slice(coding.start, Math.min(coding.end, coding.start + 60));
    say(`${code}, ${coding.coder}${coding.memo ? ", with a memo" : ""}: “${words}”`);
  }

  // The coding that a key is about: the chosen one, the one just made, or the only one here.
  target() {
    for (const id of [this.chosen, this.made]) {
      const coding = id && this.work.codings.get(id);
      if (coding) return coding;
    }
    return null;
  }

  onlyMine() {
    const mine = this.codingsHere().filter((c) => this.work.isMine(c));
    return mine.length === 1 ? mine[0] : null;
  }

  withChosen(coding, action) {
    this.chosen = idOf(coding);
    this.unit.element.focus({ preventScroll: true });
    this.actions()[action]();
  }

  spanHere() {
    return this.selecting.span ?? this.unit.span;
  }

  letGo() {
    this.chosen = null;
    this.made = null;
    this.selecting.clear();
    this.draw();
  }

  // What is done ----------------------------------------------------------------------------------

  isMineOrSay(coding) {
    if (this.work.isMine(coding)) return true;
    say(`This coding is ${coding.coder}'s; only ${coding.coder} changes it.`);
    return false;
  }

  async pickCode() {
    const chosen = this.chosen && this.work.codings.get(this.chosen);
    if (chosen && !this.isMineOrSay(chosen)) return;
    const span = this.spanHere();
    const name = chosen && this.work.codes.get(chosen.code).name;
    await this.picker.open({
      title: chosen ? `In place of ${name}` : "Code",
      several: !chosen,
      anew: !chosen,
      take: (choice) => (chosen ? this.recode(chosen, choice.code) : this.applyCode(choice, span)),
    });
    this.focusBack();
  }

  async codeInVivo() {
    const span = this.spanHere();
    const words = this.text.slice(span.start, span.end).replace(/\s+/g, " ").trim();
    await this.picker.open({
      title: "Code in vivo",
      words: shorten(words, 60),
      several: false,
      take: (choice) => this.applyCode(choice, span),
    });
    this.focusBack();
  }

  codeAgain() {
    const code = this.work.codes.get(this.work.recent[0]);
    if (!code) return say("No code has been used yet. Press c to choose one.");
    this.applyCode({ code: code.id });
  }

  async applyCode(choice, span = this.spanHere()) {
    this.selecting.clear();
    this.chosen = null;
    if (choice.name) {
      const { answer } = this.tell(await this.work.codeAnew(span, choice.name));
      const made = answer?.changed?.codings.added[0];
      if (made) {
        this.work.use(made.code);
        this.made = idOf(made);
        say(`New code ${choice.name}. Ctrl+Z undoes.`);
      }
      return;
    }
    const done = this.work.code(span, choice.code);
    const { name } = this.work.codes.get(choice.code);
    if (!done) return say(`These words are coded ${name} already.`);
    this.made = idOf(done.coding);
    this.draw();
    say(`Coded ${name}. Ctrl+Z undoes.`);
    this.tell(await done.promise);
  }

  async recode(coding, code) {
    if (coding.code === code) return;
    const { coding: after, promise } = this.work.recode(coding, code);
    this.chosen = idOf(after);
    this.draw();
    say(`Changed to ${this.work.codes.get(code).name}. Ctrl+Z undoes.`);
    this.tell(await promise);
  }

  async respan(coding, span) {
    const { coding: after, promise } = this.work.respan(coding, span);
    if (this.chosen) this.chosen = idOf(after);
    this.made = idOf(after);
    this.draw();
    say(`Moved: “${shorten(this.text.slice(span.start, span.end), 60)}”. Ctrl+Z undoes.`);
    this.tell(await promise);
  }

  async remove() {
    const coding = this.target() ?? this.onlyMine();
    if (!coding) {
      const n = this.codingsHere().length;
      return say(n ? `${n} codings here; choose one with o.` : "Nothing is coded here.");
    }
    if (!this.isMineOrSay(coding)) return;
    this.chosen = null;
    this.made = null;
    const { name } = this.work.codes.get(coding.code);
    const promise = this.work.uncode(coding);
    say(`Taken away: ${name}. Ctrl+Z brings it back.`);
    this.tell(await promise);
  }

  async writeMemo() {
    const coding = this.selecting.span ? null : this.target();
    if (coding && !this.isMineOrSay(coding)) return;
    const span = coding ?? this.spanHere();
    const draft = coding ? idOf(coding) : `${span.start}-${span.end}`;
    const words = await this.memoDialog.open({
      title: coding ? `Memo on ${this.work.codes.get(coding.code).name}` : "Memo on these words",
      quote: this.text.slice(span.start, span.end),
      words: coding?.memo ?? "",
      draft,
    });
    this.focusBack();
    if (words === null || (!coding && !words.trim())) return;
    this.selecting.clear();
    const { start, end } = span;
    const promise = coding
      ? this.work.noteCoding(coding, words.trim())
      : this.work.noteWords({ start, end }, words.trim());
    say("Memo kept. Ctrl+Z undoes.");
    const { error } = await promise;
    if (!error) return;
    this.memoDialog.drafts.set(draft, words);
    say(`${error.message} Your words are kept as a draft: press m.`);
  }

  async toggleRead() {
    const { span } = this.unit;
    const reading = this.readingHere();
    if (reading) {
      const same = reading.start === span.start && reading.end === span.end;
      if (!same) return say("This was read as a part of something longer.");
      say("Not read. Ctrl+Z undoes.");
      return this.tell(await this.work.markRead(span, false));
    }
    if (this.onlyMine()) return say("This segment is coded.");
    if (this.suggestions.here().length) return this.suggestions.rejectAll();
    say("Read, no code applies. Ctrl+Z undoes.");
    this.tell(await this.work.markRead(span, true));
  }

  cycle() {
    const here = this.codingsHere();
    if (!here.length) return say("Nothing is coded here.");
    const i = here.findIndex((c) => this.isChosen(c));
    const next = here[i + 1];
    this.selecting.clear();
    this.chosen = next ? idOf(next) : null;
    this.draw();
    if (next) this.sayCoding(next);
    else say("No coding is chosen.");
  }

  async undo(redo = false) {
    if (redo ? !this.work.canRedo : !this.work.canUndo) {
      return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    }
    this.chosen = null;
    this.made = null;
    const { answer, place } = this.tell(await this.work.undo(redo));
    if (!answer) return;
    if (place) this.goTo(place);
    say(`${redo ? "Redone" : "Undone"}: ${answer.changed?.undone ?? "the last act"}.`);
  }

  tell(outcome) {
    if (outcome.error) say(outcome.error.message);
    return outcome;
  }

  focusBack() {
    this.unit.element.focus({ preventScroll: true });
  }

  // What is shown ---------------------------------------------------------------------------------

  scheduleDraw() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.drawHere();
    });
  }

  draw() {
    this.filters.refresh();
    this.drawAbout(this.drawCodings());
    this.filters.apply();
    this.drawHere();
    this.drawSaved();
    this.pass.draw();
    if (this.tabs.isShown("tab-memos")) this.memos.draw();
  }

  drawCodings() {
    const codings = [...this.visibleCodings()];
    const isMine = (c) => this.work.isMine(c);
    const chosen = this.chosen && this.work.codings.get(this.chosen);
    this.drawnChosen = this.chosen;
    this.marks.draw(codings, isMine);
    return this.stripes.draw(codings, { codes: this.work.codes, isMine, chosen });
  }

  drawHere() {
    const chosen = this.chosen && this.work.codings.get(this.chosen);
    if (this.chosen !== this.drawnChosen) this.drawCodings();
    this.marks.show("chosen", chosen);
    this.selecting.draw();
    this.codes.draw();
    if (this.tabs.isShown("tab-suggestions")) this.suggestions.draw();
  }

  // Each unit says its codes to those who hear the page, and is marked as coded or read.
  drawAbout(stripes) {
    const coded = new Uint8Array(this.units.length);
    for (const mark of [...this.work.codings.values(), ...this.work.readings.values()]) {
      if (!this.work.isMine(mark)) continue;
      for (let i = this.stripes.firstUnit(mark.start); i < this.units.length; i += 1) {
        if (this.units[i].start >= mark.end) break;
        coded[i] |= "code" in mark ? 1 : 2;
      }
    }
    const noted = new Uint8Array(this.units.length);
    for (const memo of this.work.memos) {
      if (!this.isShownCoder(memo.coder)) continue;
      for (let i = this.stripes.firstUnit(memo.start); i < this.units.length; i += 1) {
        if (this.units[i].start >= memo.end) break;
        noted[i] = 1;
      }
    }
    this.likely = this.drawSuggested(coded);
    this.units.forEach((unit, i) => {
      const state = 4 * noted[i] + coded[i];
      const suggested = this.likely.get(i)?.join("; ") ?? "";
      const isSame =
        unit.stripes === stripes[i] && unit.state === state && unit.suggested === suggested;
      if (isSame && unit.codes === this.work.codes) return;
      unit.stripes = stripes[i];
      unit.state = state;
      unit.suggested = suggested;
      unit.codes = this.work.codes;
      const names = stripes[i].map(([c]) => this.work.codes.get(c.code)?.name);
      const memo = Boolean(noted[i]) || stripes[i].some(([c]) => c.memo);
      const words = names.length ? `Codes: ${names.join("; ")}` : coded[i] === 2 ? "Read, no code" : "";
      const about = [words, memo ? "memo" : "", suggested && `Suggested: ${suggested}`].filter(Boolean).join(", ");
      if (unit.words !== about) unit.about.textContent = unit.words = about;
      unit.isCoded = Boolean(coded[i]);
      unit.nCodings = names.length;
      const isRead = coded[i] === 2;
      if (unit.isRead !== isRead) unit.element.classList.toggle("read", (unit.isRead = isRead));
      if (unit.isNoted !== memo) unit.element.classList.toggle("noted", (unit.isNoted = memo));
    });
  }

  // Dots below what has a likely suggestion; the names of these codes by the index of the unit.
  // `coded` says which units the coder has coded or read.
  drawSuggested(coded) {
    const byUnit = new Map();
    const shown = [];
    for (const s of this.work.suggestions.values()) {
      const name = this.work.codes.get(s.code)?.name;
      if (!(s.likely || s.auto_acceptable) || name === undefined) continue;
      const i = this.stripes.firstUnit(s.start);
      if (s.isForCoded ? this.work.isDone(s, s.code) : coded[i]) continue;
      shown.push(s);
      byUnit.set(i, [...(byUnit.get(i) ?? []), name]);
    }
    this.marks.drawSuggested(shown);
    return byUnit;
  }

  drawSaved() {
    const saved = byId("saved");
    saved.textContent = this.outbox.words;
    saved.classList.toggle("failing", this.outbox.failures > 0);
    if (this.outbox.failures === 1) say(this.outbox.words);
    byId("undo").disabled = !this.work.canUndo;
    byId("redo").disabled = !this.work.canRedo;
    if (!this.outbox.waiting.length && this.tabs.isShown("tab-history")) this.history.draw();
  }

  showTip(element) {
    const tip = byId("tip");
    const { coding } = element ?? {};
    tip.hidden = !coding;
    if (this.hovered !== coding) {
      this.hovered = coding;
      this.marks.show("chosen", coding ?? (this.chosen && this.work.codings.get(this.chosen)));
    }
    if (!coding) return;
    const code = this.work.codes.get(coding.code);
    tip.replaceChildren(
      make("strong", {}, make("bdi", {}, code.name)),
      make("span", { class: "soft" }, make("bdi", {}, ` ${coding.coder}`)),
      coding.memo ? make("p", {}, coding.memo) : "",
    );
    const box = element.getBoundingClientRect();
    tip.style.setProperty("left", `${Math.min(box.right + 8, innerWidth - 330)}px`);
    tip.style.setProperty("top", `${Math.max(4, Math.min(box.top, innerHeight - 120))}px`);
  }

  async showProgress() {
    const answer = await send("GET", "/progress", undefined, { byItself: true }).catch(() => null);
    const transcripts = answer?.transcripts ?? [];
    const rows = new Map(transcripts.map((row) => [String(row.number), row]));
    for (const link of document.querySelectorAll("#transcripts a")) {
      const row = rows.get(link.dataset.number);
      if (!row) continue;
      link.append(make("span", { class: "n soft small" }, ` ${row.n_done} of ${row.n_segments}`));
    }
  }
}

function shorten(words, most) {
  const points = [...words];
  if (points.length <= most) return words;
  const cut = points.slice(0, most).join("");
  return cut.slice(0, cut.lastIndexOf(" ") > most / 2 ? cut.lastIndexOf(" ") : cut.length).trim();
}

const view = new CodingView();
requestAnimationFrame(() => setTimeout(() => performance.mark("painted")));
const fault = await view.text.findFault();
if (fault) {
  const place = byId("fault");
  place.textContent = `${fault} Nothing can be coded on this page; reload it.`;
  place.hidden = false;
  document.body.classList.add("stopped");
  view.outbox.add = () => say(place.textContent);
}
