// The segments of the queue: which are wanted, in which order, with what was decided on each.

import { send } from "./http.js";

export class QueueItem {
  constructor(given) {
    Object.assign(this, given);
    this.id = `${given.transcript}:${given.start}-${given.end}`;
    this.isBare = !given.suggestions.length; // nothing is shown here, or not yet
    this.decisions = new Map(); // by the code suggested
    this.isRead = false;
    this.own = []; // codes that the coder has applied here
    this.chosen = 0;
    this.around = null;
  }

  get isDone() {
    const all = this.suggestions.length > 0 && this.suggestions.every((s) => this.decisions.has(s.code));
    const applied = [...this.decisions.values()].some((d) => d.action !== "reject");
    const isAnswered = this.isBare && this.own.length > 0;
    return this.isRead || all || applied || isAnswered || this.suggestions.some((s) => this.own.includes(s.code));
  }

  // The words, those around them, and the coder's work here as the study has it.
  async load({ anew = false } = {}) {
    if (this.around && !anew) return this;
    const path = `/t/${this.transcript}/around?start=${this.start}&end=${this.end}`;
    this.asked ??= send("GET", path, undefined, { byItself: true });
    try {
      this.around = await this.asked;
    } finally {
      this.asked = null;
    }
    this.decisions = new Map(this.around.decisions.map((d) => [d.code, d]));
    this.isRead = this.around.is_read;
    this.own = this.around.codings;
    if (this.isBare) this.suggestions = this.around.suggestions;
    return this;
  }

  // What is known of the coder's work here, until it is asked for again.
  forget() {
    this.around = null;
    this.decisions = new Map();
    this.isRead = false;
    this.own = [];
  }

  // The next suggestion here that is not decided on, after the one that is chosen.
  firstOpen() {
    return this.suggestions.findIndex((s) => !this.decisions.has(s.code));
  }
}

const top = (item) => item.suggestions[0]?.probability ?? 0;

// Items in an order; those alike stay in the order of the text.
// `passages` are [transcript, start, end] of what to code next, the first one first.
export function arrange(items, { order, transcript, code, case: person, attribute }, codes, passages) {
  const wanted = items.filter(
    (item) =>
      (!transcript || item.transcript === Number(transcript)) &&
      (!person || item.case === person) &&
      (!attribute || item.values.includes(attribute)) &&
      (!code || item.suggestions.some((s) => s.code === code)),
  );
  if (order === "next") {
    const places = new Map();
    for (const item of wanted) {
      const at = (passages ?? []).findIndex(
        ([t, start, end]) => t === item.transcript && start <= item.start && end >= item.end,
      );
      if (at >= 0) places.set(item, at);
    }
    return [...places.keys()].sort((a, b) => places.get(a) - places.get(b));
  }
  if (order === "uncertain") wanted.sort((a, b) => Math.abs(top(a) - 0.5) - Math.abs(top(b) - 0.5));
  if (order === "code") {
    const places = new Map([...codes.keys()].map((id, i) => [id, i]));
    const place = (item) => places.get(item.suggestions[0]?.code) ?? places.size;
    wanted.sort((a, b) => place(a) - place(b) || top(b) - top(a));
  }
  return wanted;
}
