// Where the reader is in the transcript: segments and turns by keys, and places by their address.

import { byId, say } from "./dom.js";

export class Walk {
  constructor(view) {
    this.view = view;
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
  }

  get unit() {
    return this.units[this.at];
  }

  point(i, { focus = true } = {}) {
    const { view } = this;
    if (!this.units[i]) return;
    const isOther = i !== this.at;
    this.units[this.at].element.tabIndex = -1;
    this.at = i;
    this.unit.element.tabIndex = 0;
    if (isOther) {
      view.meant.chosen = null;
      view.meant.made = null;
      view.selecting.clear();
      view.scheduleDraw();
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
    const i = this.view.stripes.firstUnit(span.start);
    this.point(Math.min(i, this.units.length - 1));
  }

  // An address that ends in #START-END leads to these words.
  goToAddress() {
    const { view } = this;
    const [, start, end] = /^#(\d+)-(\d+)$/.exec(location.hash) ?? [];
    if (!start || Number(start) >= Number(end) || Number(end) > view.text.length) return false;
    const span = { start: Number(start), end: Number(end) };
    this.goTo(span);
    view.selecting.set(span);
    return true;
  }

  // Where the coder left off: what a participant says that is neither coded nor read yet.
  resume() {
    const isDone = ({ state }) => (state & 3) > 0;
    const isOpen = (unit) => !isDone(unit) && !unit.turn.classList.contains("interviewer");
    const next = this.units.some(isDone) ? this.units.findIndex(isOpen) : 0;
    this.point(Math.max(next, 0));
  }
}
