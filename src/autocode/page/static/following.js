// Suggestions that follow the coder: a process beside the server learns from each act. What moved is
// asked for after acts, at first soon and then ever more seldom.

import { send } from "./http.js";

const SOON = 250; // milliseconds
const LEARNING = 2000;
const SELDOM = 30000;

export class Following {
  // `hear` gets the suggestions that moved, null where only the words of the state are new.
  constructor(hear) {
    this.hear = hear;
    this.words = "";
    this.transcript = null;
  }

  // Follow the coder through this transcript, and no longer through another.
  begin(transcript) {
    this.transcript = transcript;
    this.number = -1;
    this.wait = SOON;
    return this.ask("POST", "", {});
  }

  // Something was stored.
  stir() {
    this.wait = SOON;
    if (this.timer) this.askLater();
  }

  askLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask("GET", `?since=${this.number}`), this.wait);
    this.wait = Math.min(2 * this.wait, SELDOM);
  }

  async ask(method, query, body) {
    const { transcript } = this;
    const path = `/t/${transcript}/following${query}`;
    const answer = await send(method, path, body, { byItself: true }).catch(() => null);
    if (transcript !== this.transcript) return;
    clearTimeout(this.timer);
    this.timer = null;
    if (answer?.state === "learning") this.wait = Math.min(this.wait, LEARNING);
    if (answer ? ["learning", "ready"].includes(answer.state) : method === "GET") this.askLater();
    if (!answer || (!answer.suggestions && answer.words === this.words)) return;
    if (answer.suggestions) this.number = answer.number;
    this.words = answer.words;
    this.hear(answer.suggestions);
  }
}

// Suggestions by segment.
export function bySegment(suggestions) {
  const groups = new Map();
  for (const s of suggestions) {
    const spot = `${s.start}-${s.end}`;
    groups.set(spot, [...(groups.get(spot) ?? []), s]);
  }
  return groups;
}

// Whether two lists suggest the same, as it is shown.
export function areAlike(one, other) {
  const sign = (list) => list.map((s) => `${s.code} ${s.words} ${Math.round(100 * s.probability)}`).join();
  return sign(one) === sign(other);
}
