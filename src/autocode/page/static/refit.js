// Suggestions made anew beside the server: begun, waited for, and said when they are there.

import { send } from "./http.js";

const EVERY = 2000; // milliseconds between two questions how far it is

export class Refit {
  // `hear` gets {state, message, passages, isNews} whenever something is new.
  constructor(hear, path = "/refit") {
    this.hear = hear;
    this.path = path;
    this.number = 0;
    send("GET", this.path, undefined, { byItself: true })
      .then((answer) => {
        this.number = answer.number;
        this.take(answer);
      })
      .catch(() => null);
  }

  async start(wanted = { passages: false }) {
    const answer = await send("POST", this.path, wanted).catch((error) => ({
      state: "failed",
      message: error.message,
      number: this.number,
    }));
    this.take(answer);
  }

  take(answer) {
    const isNews = answer.state === "ready" && answer.number > this.number;
    this.number = answer.number;
    this.hear({ ...answer, isNews });
    if (answer.state === "running") this.askLater();
  }

  askLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const answer = await send("GET", this.path, undefined, { byItself: true }).catch(() => null);
      if (answer) this.take(answer);
      else this.askLater();
    }, EVERY);
  }
}

// How many segments have other codes suggested than the open ones that are shown, or in another order.
export function countChanged(items, fresh) {
  const sign = ({ suggestions, decisions }) =>
    suggestions.filter((s) => !decisions?.has(s.code)).map((s) => `${s.code}/${s.words}`).join(" ");
  const before = new Map(items.filter((item) => !item.isDone).map((item) => [item.id, sign(item)]));
  const after = new Map(fresh.map((item) => [`${item.transcript}:${item.start}-${item.end}`, sign(item)]));
  let n = 0;
  for (const [id, now] of after) if (before.get(id) !== now) n += 1;
  for (const id of before.keys()) if (!after.has(id)) n += 1;
  return n;
}
