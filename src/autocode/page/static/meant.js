// What a key is about: the coding that is chosen, else the one just made, else the words selected,
// else the segment.

import { say } from "./dom.js";
import { idOf } from "./work.js";

export class Meant {
  constructor(view) {
    this.view = view;
    this.chosen = null; // id of the coding that was picked
    this.made = null; // id of the coding that was just made
  }

  codingsHere() {
    const { view } = this;
    const here = [...view.work.touching(view.walk.unit.span, (c) => view.filters.shows(c))];
    return here.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  readingHere() {
    const { view } = this;
    const { start, end } = view.walk.unit.span;
    for (const r of view.work.readings.values()) {
      if (view.work.isMine(r) && r.start <= start && r.end >= end) return r;
    }
    return null;
  }

  isChosen(coding) {
    return idOf(coding) === this.chosen;
  }

  choose(coding) {
    const { view } = this;
    const i = view.walk.units.findIndex((u) => u.start < coding.end && u.end > coding.start);
    if (coding.start >= view.walk.unit.end || coding.end <= view.walk.unit.start) view.walk.point(i);
    this.chosen = this.isChosen(coding) ? null : idOf(coding);
    view.selecting.clear();
    view.draw();
    if (this.chosen) this.sayCoding(coding);
  }

  sayCoding(coding) {
    const { view } = this;
    const code = view.work.codes.get(coding.code).name;
    const words = view.text.slice(coding.start, Math.min(coding.end, coding.start + 60));
    say(`${code}, ${coding.coder}${coding.memo ? ", with a memo" : ""}: “${words}”`);
  }

  // The coding that a key is about: the chosen one, the one just made, or the only one here.
  target() {
    for (const id of [this.chosen, this.made]) {
      const coding = id && this.view.work.codings.get(id);
      if (coding) return coding;
    }
    return null;
  }

  onlyMine() {
    const mine = this.codingsHere().filter((c) => this.view.work.isMine(c));
    return mine.length === 1 ? mine[0] : null;
  }

  spanHere() {
    const { view } = this;
    return view.selecting.span ?? view.walk.unit.span;
  }

  letGo() {
    const { view } = this;
    this.chosen = null;
    this.made = null;
    view.selecting.clear();
    view.draw();
  }

  isMineOrSay(coding) {
    if (this.view.work.isMine(coding)) return true;
    say(`This coding is ${coding.coder}'s; only ${coding.coder} changes it.`);
    return false;
  }

  cycle() {
    const { view } = this;
    const here = this.codingsHere();
    if (!here.length) return say("Nothing is coded here.");
    const i = here.findIndex((c) => this.isChosen(c));
    const next = here[i + 1];
    view.selecting.clear();
    this.chosen = next ? idOf(next) : null;
    view.draw();
    if (next) this.sayCoding(next);
    else say("No coding is chosen.");
  }
}
