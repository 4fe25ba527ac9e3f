// The recording of the transcript: played from the segment with the focus, and followed in the text.

import { byId, make, readData, say } from "./dom.js";

const STEP = 3; // seconds back and on

export class Player {
  constructor(view) {
    this.view = view;
    this.sound = byId("sound");
    this.heard = null; // the index of the segment that is being said
    if (!this.sound) return;
    this.begins = this.findBegins(readData("cues"));
    this.listen();
    this.drawTime();
    this.noteTimes();
  }

  // [second, index of the segment], by time.
  findBegins(cues) {
    const byStart = new Map(cues);
    const begins = [];
    this.view.walk.units.forEach((unit, i) => {
      const begin = byStart.get(unit.start);
      if (begin !== undefined) begins.push([begin, i]);
    });
    return begins.sort((a, b) => a[0] - b[0]);
  }

  listen() {
    const { sound } = this;
    byId("play").addEventListener("click", () => this.toggle());
    byId("play-back").addEventListener("click", () => this.skip(-STEP));
    byId("play-on").addEventListener("click", () => this.skip(STEP));
    byId("play-rate").addEventListener("change", (event) => (sound.playbackRate = Number(event.target.value)));
    byId("play-at").addEventListener("input", (event) => (sound.currentTime = Number(event.target.value)));
    for (const name of ["timeupdate", "seeked", "durationchange"]) sound.addEventListener(name, () => this.drawTime());
    for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, () => this.drawButton());
    for (const name of ["durationchange", "playing", "pause"]) sound.addEventListener(name, () => this.noteTimes());
    sound.addEventListener("waiting", () => this.note("The recording is being loaded …"));
    sound.addEventListener("error", () => this.explain());
    if (sound.error) this.explain();
  }

  // From the segment with the focus; in the middle of it, on from where it stopped.
  async toggle() {
    const { sound, view } = this;
    if (!sound) return say("This transcript has no recording; add one with: autocode audio add");
    if (!sound.paused) {
      sound.pause();
      // Whoever went elsewhere meanwhile stays there; else what was heard last is what is meant.
      if (this.from === view.walk.at && this.heard !== null) view.walk.point(this.heard);
      return;
    }
    const begin = this.begins.find(([, i]) => i === view.walk.at);
    if (sound.error) sound.load(); // the file may be back
    else if (begin?.[0] >= sound.duration) return say("The recording ends before this segment is said.");
    if (begin && this.heard !== view.walk.at) sound.currentTime = begin[0];
    this.from = view.walk.at;
    await sound.play().catch(() => this.explain());
  }

  skip(seconds) {
    if (!this.sound) return this.toggle();
    this.sound.currentTime = Math.max(0, this.sound.currentTime + seconds);
  }

  drawButton() {
    byId("play").replaceChildren(this.sound.paused ? "Play " : "Pause ", make("kbd", {}, "Space"));
  }

  drawTime() {
    const { currentTime: at, duration } = this.sound;
    const range = byId("play-at");
    if (duration) range.max = String(Math.ceil(duration));
    range.value = String(Math.floor(at));
    range.setAttribute("aria-valuetext", clock(at));
    byId("play-time").textContent = duration ? `${clock(at)} of ${clock(duration)}` : clock(at);
    this.follow(at);
  }

  // Mark the segment that is being said, and keep it in sight unless the reader went elsewhere.
  follow(at) {
    const begun = this.begins.filter(([begin]) => begin <= at + 0.05);
    const last = begun.at(-1)?.[0];
    const heard = begun.find(([begin]) => begin === last)?.[1] ?? null; // of those at once, the first
    if (heard === this.heard) return;
    const { units, at: here } = this.view.walk;
    units[this.heard]?.element.classList.remove("heard");
    this.heard = heard;
    const element = units[heard]?.element;
    element?.classList.add("heard");
    if (!this.sound.paused && this.from === here) element?.scrollIntoView({ block: "nearest" });
  }

  // What is odd about the times, if anything is.
  noteTimes() {
    const { duration, error } = this.sound;
    if (error) return;
    const last = this.begins.at(-1)?.[0];
    if (last === undefined) this.note("No times in this transcript: it plays without being followed.");
    else if (last >= duration) this.note(`It ends at ${clock(duration)}, and the transcript goes on at ${clock(last)}: check that this is its recording.`);
    else this.note("");
  }

  // Why it does not play: what the server says of it, else that the browser cannot.
  async explain() {
    const answer = await fetch(this.sound.currentSrc || this.sound.src, { headers: { range: "bytes=0-0" } }).catch(() => null);
    const body = answer && !answer.ok ? await answer.json().catch(() => null) : null;
    this.note(body?.error ?? (answer?.ok ? "Your browser cannot play this recording." : "The server does not answer."));
  }

  note(words) {
    byId("play-note").textContent = words;
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(whole % 60)}`;
}
