// Codings as stripes in the margin: each in a lane of its own, so that overlapping ones stand beside
// each other. A stripe is drawn in every unit (segment) that its coding touches.

import { make } from "./dom.js";

const MOST_LANES = 12;
const LEAST_HEIGHT = 15;

export class Stripes {
  // `units` are {element, margin, words, start, end} in the order of the text.
  constructor(units, text) {
    this.units = units;
    this.text = text;
    this.shown = units.map(() => []);
    this.byElement = new Map(units.map((unit, i) => [unit.element, i]));
    this.visible = new Set();
    this.toMeasure = new Set();
    const seen = new IntersectionObserver((entries) => this.see(entries), { rootMargin: "300px" });
    for (const unit of units) seen.observe(unit.element);
    new ResizeObserver(() => {
      this.toMeasure = new Set(this.visible);
      this.measureSoon();
    }).observe(text.root);
  }

  see(entries) {
    for (const entry of entries) {
      const i = this.byElement.get(entry.target);
      if (entry.isIntersecting) {
        this.visible.add(i);
        this.toMeasure.add(i);
      } else {
        this.visible.delete(i);
      }
    }
    this.measureSoon();
  }

  // Draw these codings; `codes` by id, `isMine` and `chosen` say which stand out. Returns for
  // each unit its codings with their lanes, the same list as last time where nothing differs.
  draw(codings, { codes, isMine, chosen }) {
    const here = this.units.map(() => []);
    let nLanes = 1;
    for (const [coding, lane] of assignLanes(codings)) {
      nLanes = Math.max(nLanes, Math.min(lane + 1, MOST_LANES));
      for (let i = this.firstUnit(coding.start); i < this.units.length; i += 1) {
        if (this.units[i].start >= coding.end) break;
        here[i].push([coding, lane]);
      }
    }
    if (nLanes !== this.nLanes) this.text.root.style.setProperty("--lanes", nLanes);
    this.nLanes = nLanes;
    const isAnew = codes !== this.codes;
    this.codes = codes;
    here.forEach((stripes, i) => {
      const isSame = sameStripes(stripes, this.shown[i]);
      const hasChosen = stripes.some(([c]) => c === chosen || c === this.chosen);
      if (isSame) here[i] = this.shown[i];
      if (isSame && !isAnew && !(hasChosen && chosen !== this.chosen)) return;
      this.shown[i] = here[i];
      this.fill(this.units[i], stripes, { codes, isMine, chosen });
      if (this.visible.has(i)) this.toMeasure.add(i);
    });
    this.chosen = chosen;
    this.measureSoon();
    return here;
  }

  firstUnit(point) {
    let low = 0;
    let high = this.units.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.units[middle].end <= point) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  fill(unit, stripes, { codes, isMine, chosen }) {
    const elements = [];
    let nMore = 0;
    for (const [coding, lane] of stripes) {
      const code = codes.get(coding.code);
      if (lane >= MOST_LANES || !code) {
        nMore += 1;
        continue;
      }
      const begins = coding.start >= unit.start;
      const ends = coding.end <= unit.end;
      const classes = ["stripe"];
      if (begins) classes.push("begins");
      if (ends) classes.push("ends");
      if (!isMine(coding)) classes.push("others");
      if (coding.memo) classes.push("noted");
      if (coding === chosen) classes.push("chosen");
      const length = unit.end - unit.start;
      const top = Math.max(0, (coding.start - unit.start) / length);
      const bottom = Math.max(0, (unit.end - coding.end) / length);
      const element = make(
        "span",
        {
          class: classes.join(" "),
          style: {
            "--in": lane,
            "--c": code.colour,
            "--i": code.ink,
            top: `${100 * top}%`,
            bottom: `${100 * bottom}%`,
          },
        },
        begins ? code.letters : "",
      );
      element.coding = coding;
      elements.push(element);
    }
    if (nMore) elements.push(make("span", { class: "more" }, `+${nMore}`));
    unit.margin.replaceChildren(...elements);
  }

  // Stripes of parts of a unit begin and end at the lines of their words. All are measured before
  // any is moved, so that the page is laid out once.
  measureSoon() {
    if (!this.toMeasure.size || this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      const places = [...this.toMeasure].flatMap((i) => this.measure(this.units[i]));
      this.toMeasure.clear();
      for (const [element, top, bottom] of places) {
        element.style.setProperty("top", `${top}px`);
        element.style.setProperty("bottom", `${bottom}px`);
      }
    });
  }

  measure(unit) {
    const partial = [...unit.margin.children].filter(
      ({ coding: c }) => c && (c.start > unit.start || c.end < unit.end),
    );
    if (!partial.length) return [];
    const box = unit.margin.getBoundingClientRect();
    if (!box.height) return [];
    return partial.map((element) => {
      const start = Math.max(element.coding.start, unit.start);
      const end = Math.min(element.coding.end, unit.end);
      const words = this.text.liveRange(start, end).getBoundingClientRect();
      const top = Math.min(Math.max(0, words.top - box.top), box.height - LEAST_HEIGHT);
      const bottom = Math.min(box.bottom - words.bottom, box.height - top - LEAST_HEIGHT);
      return [element, Math.max(0, top), Math.max(0, bottom)];
    });
  }
}

const sameStripes = (some, others) =>
  some.length === others.length &&
  some.every(([coding, lane], i) => coding === others[i][0] && lane === others[i][1]);

// Each coding with the first lane that is free where it begins; long ones come first.
export function* assignLanes(codings) {
  const ordered = [...codings].sort(
    (a, b) => a.start - b.start || b.end - a.end || (a.code < b.code ? -1 : 1),
  );
  const ends = [];
  for (const coding of ordered) {
    let lane = ends.findIndex((end) => end <= coding.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = coding.end;
    yield [coding, lane];
  }
}
