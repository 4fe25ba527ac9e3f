// Marks in the words: dots below what has a likely suggestion, one pale tint for what the coder has coded, a strong one for the chosen coding,
// and the words about to be coded. Colours of codes stand in the margin only: forty tints over each
// other cannot be read.

const NAMES = ["suggested", "coded", "others", "chosen", "pending"];

export class Marks {
  constructor(text) {
    this.text = text;
    this.known = new Map();
    this.sets = null;
    if (!("highlights" in CSS)) return; // stripes alone then carry every coding
    this.sets = Object.fromEntries(NAMES.map((name) => [name, new Highlight()]));
    NAMES.forEach((name, i) => {
      this.sets[name].priority = i;
      CSS.highlights.set(name, this.sets[name]);
    });
  }

  // Mark these codings; only what differs from the last time is touched.
  draw(codings, isMine) {
    if (!this.sets) return;
    const now = new Set(codings);
    for (const coding of now) {
      if (this.known.has(coding)) continue;
      const set = this.sets[isMine(coding) ? "coded" : "others"];
      const ranges = this.text.ranges(coding.start, coding.end);
      for (const range of ranges) set.add(range);
      this.known.set(coding, [set, ranges]);
    }
    for (const [coding, [set, ranges]] of this.known) {
      if (now.has(coding)) continue;
      for (const range of ranges) set.delete(range);
      this.known.delete(coding);
    }
  }

  // Put dots below the words of these spans.
  drawSuggested(spans) {
    const sign = spans.map((span) => `${span.start}-${span.end}`).join(" ");
    if (!this.sets || sign === this.suggested) return;
    this.suggested = sign;
    this.sets.suggested.clear();
    for (const { start, end } of spans) {
      for (const range of this.text.ranges(start, end)) this.sets.suggested.add(range);
    }
  }

  show(name, span) {
    if (!this.sets) return;
    this.sets[name].clear();
    if (!span) return;
    for (const range of this.text.ranges(span.start, span.end)) this.sets[name].add(range);
  }
}
