// Acts on their way to the server: one after the other, each until it is answered. What cannot be
// sent stays on the screen and is sent again; what is refused is taken back and said.

import { Refused, send } from "./http.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 8000;
const PATIENCE = 15000;
const CLOCK = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export class Outbox extends EventTarget {
  constructor() {
    super();
    this.waiting = [];
    this.isSending = false;
    this.failures = 0;
    this.savedAt = null;
    addEventListener("beforeunload", (event) => {
      if (this.waiting.length) event.preventDefault();
    });
    addEventListener("online", () => this.hurry());
  }

  // `act` is what is sent; `apply` shows it before it is stored; `done` and `refused` are told.
  add(act, { apply = () => {}, done = () => {}, refused = () => {} } = {}) {
    const item = { act: { key: crypto.randomUUID(), ...act }, apply, done, refused };
    this.waiting.push(item);
    this.changed();
    this.run();
    return item;
  }

  hurry() {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
      this.run();
    }
  }

  async run() {
    if (this.isSending || this.timer) return;
    this.isSending = true;
    try {
      while (this.waiting.length && (await this.sendFirst()));
    } finally {
      // Also where whoever is told of an answer fails: what waits behind it is sent all the same.
      this.isSending = false;
      if (this.waiting.length) this.waitAndRun();
    }
  }

  async sendFirst() {
    const item = this.waiting[0];
    let answer;
    try {
      answer = await send("POST", "/acts", item.act, { signal: AbortSignal.timeout(PATIENCE) });
    } catch (error) {
      if (error instanceof Refused && ![401, 500, 502, 503].includes(error.status)) {
        this.waiting.shift();
        this.failures = 0;
        this.changed();
        item.refused(error);
        return true;
      }
      this.failures += 1;
      this.reason = error instanceof Refused ? error.message : "The server does not answer.";
      this.changed();
      return false;
    }
    this.waiting.shift();
    this.failures = 0;
    this.savedAt = new Date();
    this.changed();
    item.done(answer);
    return true;
  }

  waitAndRun() {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => {
      this.timer = null;
      this.run();
    }, wait);
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  // The state of saving in words.
  get words() {
    if (this.failures) return `${this.waiting.length} not saved, trying again. ${this.reason}`;
    if (this.waiting.length) return "Saving …";
    if (!this.savedAt) return "All saved";
    return `Saved ${CLOCK.format(this.savedAt)}`;
  }
}
