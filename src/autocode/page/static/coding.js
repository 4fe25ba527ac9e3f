// The coding view: a transcript to read and code.

import "./leave.js";
import { About } from "./about.js";
import { byId, count, make, readData, say } from "./dom.js";
import { Filters } from "./filters.js";
import { Following } from "./following.js";
import { HandCoding } from "./hand_coding.js";
import { send } from "./http.js";
import { Keys } from "./keys.js";
import { may } from "./may.js";
import { Marks } from "./marks.js";
import { Meant } from "./meant.js";
import { MemoDialog } from "./memo.js";
import { describeNews, hearNews } from "./news.js";
import { TextMap } from "./offsets.js";
import { Outbox } from "./outbox.js";
import { CodesPanel, HistoryPanel, MemosPanel, Tabs } from "./panels.js";
import { PassBar } from "./passes.js";
import { Picker } from "./picker.js";
import { Player } from "./player.js";
import { Selecting } from "./selecting.js";
import { Stripes } from "./stripes.js";
import { SuggestionsPanel } from "./suggestions_panel.js";
import { Tip } from "./tip.js";
import { Walk } from "./walk.js";
import { Work, idOf } from "./work.js";

class CodingView {
  constructor() {
    this.text = new TextMap(byId("text"), readData("raw"));
    this.outbox = new Outbox();
    this.work = new Work(readData("state"), this.text, this.outbox);
    this.walk = new Walk(this);
    this.meant = new Meant(this);
    this.hand = new HandCoding(this);
    this.about = new About(this);
    this.tip = new Tip(this);
    this.marks = new Marks(this.text);
    this.stripes = new Stripes(this.walk.units, this.text);
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
    this.player = new Player(this);
    this.keys = new Keys(byId("text"), this.actions());
    this.following = new Following((moved) => {
      this.work.follow(moved ?? undefined);
      this.drawHere();
    });
    this.unseen = new Map();
    this.listen();
    this.walk.point(0, { focus: false });
    this.draw();
    if (!this.walk.goToAddress()) this.walk.resume();
    this.showProgress();
    if (this.work.suggestions.size && may("coder")) this.following.begin(this.work.transcript);
  }

  listen() {
    this.work.addEventListener("change", () => this.draw());
    hearNews((news) => this.takeNews(news));
    this.work.addEventListener("stored", () => this.following.stir());
    this.outbox.addEventListener("change", () => this.drawSaved());
    byId("undo").addEventListener("click", () => this.hand.undo());
    byId("redo").addEventListener("click", () => this.hand.undo(true));
    this.tabs.onOpen("tab-suggestions", () => this.suggestions.draw());
    this.tabs.onOpen("tab-memos", () => this.memos.draw());
    this.tabs.onOpen("tab-history", () => this.history.draw());
    this.text.root.addEventListener("focusin", (event) => {
      const unit = event.target.closest(".unit");
      if (unit) this.walk.point(this.walk.unitOf.get(unit), { focus: false });
    });
    this.text.root.addEventListener("click", (event) => {
      const { coding } = event.target;
      if (coding) this.meant.choose(coding);
    });
    this.text.root.addEventListener("pointerover", (event) => this.tip.show(event.target));
    this.text.root.addEventListener("pointerout", () => this.tip.show(null));
  }

  actions() {
    return {
      next: () => this.walk.move(1),
      previous: () => this.walk.move(-1),
      nextTurn: () => this.walk.moveTurn(1),
      previousTurn: () => this.walk.moveTurn(-1),
      firstSegment: () => this.walk.move(1, -1),
      lastSegment: () => this.walk.move(-1, this.walk.units.length),
      code: () => this.hand.pickCode(),
      again: () => this.hand.codeAgain(),
      vivo: () => this.hand.codeInVivo(),
      cycle: () => this.meant.cycle(),
      moveStart: () => this.selecting.adjust("start"),
      moveEnd: () => this.selecting.adjust("end"),
      remove: () => this.hand.remove(),
      memo: () => this.hand.writeMemo(),
      read: () => this.hand.toggleRead(),
      accept: () => this.suggestions.decide("accept"),
      reject: () => this.suggestions.decide("reject"),
      first: () => this.suggestions.choose(0),
      second: () => this.suggestions.choose(1),
      third: () => this.suggestions.choose(2),
      nextSuggestion: () => this.suggestions.move(1),
      previousSuggestion: () => this.suggestions.move(-1),
      evidence: () => this.suggestions.toggleEvidence(),
      renew: () => this.suggestions.renew(),
      play: () => this.player.toggle(),
      playBack: () => this.player.skip(-3),
      playOn: () => this.player.skip(3),
      filter: () => byId("filters").elements.which.focus(),
      go: () => document.querySelector("#transcripts [aria-current]")?.focus(),
      alike: () => this.showAlike(),
      leave: () => this.meant.letGo(),
      undo: () => this.hand.undo(),
      redo: () => this.hand.undo(true),
      marks: () => this.filters.toggleMarks(),
      adjusting: (event) => this.selecting.press(event),
    };
  }

  // What there is ---------------------------------------------------------------------------------

  isShownCoder(coder) {
    return this.filters.showsCoder(coder);
  }

  *visibleCodings() {
    for (const c of this.work.codings.values()) if (this.filters.shows(c)) yield c;
  }

  showAlike() {
    const { start, end } = this.walk.unit.span;
    location.assign(`/search?like=${location.pathname.split("/")[2]}:${start}-${end}`);
  }

  withChosen(coding, action) {
    this.meant.chosen = idOf(coding);
    this.walk.unit.element.focus({ preventScroll: true });
    this.actions()[action]();
  }

  focusBack() {
    this.walk.unit.element.focus({ preventScroll: true });
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
    this.about.draw(this.drawCodings());
    this.filters.apply();
    this.drawProgress();
    this.drawHere();
    this.drawSaved();
    this.pass.draw();
    if (this.tabs.isShown("tab-memos")) this.memos.draw();
  }

  drawCodings() {
    const codings = [...this.visibleCodings()];
    const isMine = (c) => this.work.isMine(c);
    const chosen = this.meant.chosen && this.work.codings.get(this.meant.chosen);
    this.drawnChosen = this.meant.chosen;
    this.marks.draw(codings, isMine);
    return this.stripes.draw(codings, { codes: this.work.codes, isMine, chosen });
  }

  drawHere() {
    this.moveOn();
    const chosen = this.meant.chosen && this.work.codings.get(this.meant.chosen);
    if (this.meant.chosen !== this.drawnChosen) this.drawCodings();
    this.marks.show("chosen", chosen);
    this.selecting.draw();
    this.codes.draw();
    if (this.tabs.isShown("tab-suggestions")) this.suggestions.draw();
  }

  // What moved where the reader was is shown when they have gone on.
  moveOn() {
    const { span } = this.walk.unit;
    if (this.work.here === span) return;
    this.work.here = span;
    if (this.work.waits) this.work.follow();
  }

  // What was done elsewhere is taken in, as stripes move no words. Codings of people who are not shown are
  // offered.
  async takeNews({ by }) {
    if (!by.length) return null;
    const { work, filters } = this;
    const { element } = this.walk.unit;
    const { top } = element.getBoundingClientRect();
    const before = work.codings;
    await work.reload();
    if (work.isGone) return { words: "This transcript was replaced or removed; what is here is out of date. Open it anew from the list.", show: () => location.assign("/") };
    scrollBy(0, element.getBoundingClientRect().top - top);
    const fresh = [...work.codings].filter(([id, c]) => !before.has(id) && !work.isMine(c));
    for (const [id, c] of fresh) if (!filters.showsCoder(c.coder)) this.unseen.set(id, c.coder);
    const coders = [...new Set(this.unseen.values())].map((coder) => ({ coder }));
    const nOf = ({ coder }) => [...this.unseen].filter(([id, who]) => who === coder && work.codings.has(id)).length;
    const hidden = coders.filter(nOf);
    if (hidden.length) return { words: `${describeNews(hidden, nOf)} here`, show: () => this.showEverybody() };
    if (fresh.length || by.some((one) => one.is_own)) say(`${describeNews(by)}.`);
    return null;
  }

  showEverybody() {
    this.unseen.clear();
    this.filters.showEverybody();
    this.focusBack();
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

  async showProgress() {
    const answer = await send("GET", "/progress", undefined, { byItself: true }).catch(() => null);
    const transcripts = answer?.transcripts ?? [];
    const rows = new Map(transcripts.map((row) => [String(row.number), row]));
    for (const link of document.querySelectorAll("#transcripts a")) {
      const row = rows.get(link.dataset.number);
      if (!row) continue;
      const shown = make("span", { class: "n soft small" }, may("coder") ? ` ${row.n_done} of ${row.n_segments}` : ` ${count(row.n_segments, "segment")}`);
      link.append(shown);
      if (link.hasAttribute("aria-current") && may("coder")) this.progress = shown;
    }
    this.drawProgress();
  }

  // How far the coder is here, as it changes with every act. Paragraphs of one segment count once.
  drawProgress() {
    if (!this.progress) return;
    const done = new Map();
    for (const { span, turn, isCoded } of this.walk.units) {
      if (!turn.classList.contains("participant") && !turn.classList.contains("unknown")) continue;
      done.set(span.start, done.get(span.start) || isCoded);
    }
    this.progress.textContent = ` ${[...done.values()].filter(Boolean).length} of ${done.size}`;
  }
}

const view = new CodingView();
requestAnimationFrame(() => setTimeout(() => performance.mark("painted")));
const fault = await view.text.findFault();
if (fault) {
  const place = byId("fault");
  place.textContent = `${fault} Nothing can be coded on this page; reload it.`;
  place.hidden = false;
  document.body.classList.add("stopped");
  // Nothing is shown as done that is not sent.
  const refuse = new Proxy({}, { get: () => () => say(place.textContent) });
  view.hand = view.suggestions = refuse;
  view.outbox.add = () => say(place.textContent);
}
