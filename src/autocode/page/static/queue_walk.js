// Where the coder is in the queue, and where they go next.

import { byId, say } from "./dom.js";
import { arrange } from "./queue_items.js";
import { fetchEvidence } from "./suggestions.js";

const PAUSE = 200; // milliseconds in which a decision is seen before the next segment comes
const AHEAD = 3;

export class QueueWalk {
  constructor(view) {
    this.view = view;
    this.visited = [];
    this.at = 0;
  }

  get item() {
    return this.wanted[this.at];
  }

  refill() {
    const { view } = this;
    const { item } = this.wanted ? this : {};
    this.wanted = arrange(view.items, view.wants, view.codes, view.passages);
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
    return this.view.draw();
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
    const { view } = this;
    const { item } = this;
    byId("empty").hidden = this.wanted.length > 0;
    byId("parts").hidden = !item;
    if (!item) {
      byId("empty").textContent = view.wants.order === "next" && !view.passages ? "It is being worked out what to code next …" : view.items.length ? "Nothing is suggested that fits this choice." : view.reason || "Nothing suggested is left to decide.";
      return view.draw();
    }
    view.followHere();
    await item.load();
    const open = item.firstOpen();
    item.chosen = Math.max(open, 0);
    if (item === this.item) view.draw();
    for (const next of this.wanted.slice(this.at + 1, this.at + 1 + AHEAD)) {
      next.load().catch(() => null);
      const [first] = next.suggestions;
      if (view.card.showsEvidence && first) fetchEvidence(first.number, view.madeBy).catch(() => null);
    }
  }
}
