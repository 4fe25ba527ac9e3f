// The ends of the words that a consensus codes, moved by keys: by word, with Ctrl by character.

import { say } from "./dom.js";

export class Ends {
  constructor(view) {
    this.view = view;
    this.moving = null; // {row, edge, span}
  }

  // The span that is being moved in a difference, null where none is.
  spanOf(row) {
    return this.moving?.row === row ? this.moving.span : null;
  }

  begin(row, edge) {
    const span = this.spanOf(row) ?? spanToBegin(row);
    this.moving = { row, edge, span };
    this.view.redrawWords(row);
    say(`Moving the ${edge}: arrows by word, Ctrl by character, Enter settles so, Esc leaves.`);
  }

  // Keys while an end is moved; whether this was one of them.
  press(event) {
    if (!this.moving) return false;
    const { row, span } = this.moving;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      this.move(event.key === "ArrowRight" ? 1 : -1, event.ctrlKey || event.metaKey);
    } else if (event.key === "[" || event.key === "]") {
      this.begin(row, event.key === "[" ? "start" : "end");
    } else if (event.key === "Enter") {
      if (event.target.closest("button")) return false;
      this.moving = null;
      this.view.settle(row, "span", { to_start: span.start, to_end: span.end });
    } else if (event.key === "Escape") {
      this.leave();
      say("Left as it was.");
    } else {
      return false;
    }
    return true;
  }

  leave() {
    if (!this.moving) return;
    const { row } = this.moving;
    this.moving = null;
    this.view.redrawWords(row);
  }

  move(direction, byCharacter) {
    const { row, edge, span } = this.moving;
    const places = listPlaces(row, edge, byCharacter);
    const at = span[edge];
    const next = direction > 0 ? places.find((place) => place > at) : places.findLast((place) => place < at);
    if (next === undefined) return say("There are no more words here.");
    const moved = { ...span, [edge]: next };
    if (moved.start >= Math.min(moved.end, row.end) || moved.end <= row.start) return say("It must share words with the place.");
    this.moving.span = moved;
    this.view.redrawWords(row);
    const words = [...row.words].slice(moved.start - row.shown, moved.end - row.shown).join("");
    return say(edge === "start" ? `Starts: ${words.slice(0, 40)}` : `Ends: ${words.slice(-40)}`);
  }
}

// What the consensus has by now, else what one of the two marked.
function spanToBegin(row) {
  const [settled] = row.settled?.spans ?? [];
  if (settled) return { start: settled[0], end: settled[1] };
  const [first] = row.readings.flat();
  return first ? { start: first.start, end: first.end } : { start: row.start, end: row.end };
}

// Where a start or an end may stand, in code points.
function listPlaces(row, edge, byCharacter) {
  const parts = new Intl.Segmenter(undefined, { granularity: byCharacter ? "grapheme" : "word" }).segment(row.words);
  const places = [];
  let at = row.shown;
  for (const { segment, isWordLike } of parts) {
    const end = at + [...segment].length;
    if (byCharacter || isWordLike) places.push(edge === "start" ? at : end);
    at = end;
  }
  return places;
}
