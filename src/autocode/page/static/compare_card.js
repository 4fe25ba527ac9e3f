// A difference as it is drawn: the one's reading, the words with both marked, the other's reading.

import { chip, make } from "./dom.js";

const BUTTONS = {
  left: "1", right: "2", both: "3", neither: "0", another: "c", start: "[", end: "]", stand: "b", flag: "f",
};
const WORDS = {
  both: "Both", neither: "Neither", another: "Another code …", stand: "Both readings stand",
  start: "Other start …", end: "Other end …", flag: "Flag for the codebook",
};
const OUTCOMES = { both: "As both have it", neither: "Not applied", stand: "Both readings stand", span: "On other words" };

export function describeDifference(view, row, i) {
  const pressed = settledAs(view, row);
  const button = (name, key) =>
    make(
      "button",
      { type: "button", "aria-pressed": name === "flag" ? null : String(pressed === name), on: { click: () => view.runAt(i, name) } },
      `${WORDS[name] ?? view.nameOf(name === "left" ? 0 : 1)} `,
      make("kbd", {}, key),
    );
  return make(
    "article",
    { class: row.settled ? "difference settled" : "difference", tabindex: "-1", "aria-labelledby": `d${i}` },
    make("h2", { id: `d${i}` }, chip(view.codes.get(row.code)), make("span", { class: "soft small" }, ` ${row.position}`)),
    make("div", { class: "sides" }, describeSide(view, row, 0), describeWords(view, row), describeSide(view, row, 1)),
    row.settled ? make("p", { class: "outcome" }, make("bdi", {}, describeOutcome(view, row.settled))) : null,
    make("p", { class: "buttons", "data-needs": "lead" }, ...Object.entries(BUTTONS).map(([name, key]) => button(name, key))),
  );
}

function settledAs(view, { settled }) {
  const { outcome, note } = settled ?? {};
  if (outcome === "neither" && note) return "another";
  if (outcome === "one" || outcome === "other") return view.outcomeOf("left") === outcome ? "left" : "right";
  return outcome;
}

function describeOutcome(view, { outcome, reason, note, by }) {
  const name = { one: 0, other: 1 }[outcome];
  const who = name === undefined ? OUTCOMES[outcome] : `As ${view.nameOf(view.sides.indexOf(name))} has it`;
  return `${who}${note ? `, ${note}` : ""}: ${reason} (${by})`;
}

function describeSide(view, row, side) {
  const codings = row.readings[view.sides[side]];
  const suggested = row.suggested[view.sides[side]];
  const memos = codings.filter((coding) => coding.memo);
  return make(
    "div",
    {},
    make("h3", {}, make("bdi", {}, view.nameOf(side))),
    make("p", {}, codings.length ? `coded, line ${side === 0 ? "above" : "below"}` : "not coded"),
    suggested ? make("p", { class: "soft small" }, suggested) : null,
    ...memos.map((coding) => make("p", { class: "soft" }, make("bdi", {}, `Memo: ${coding.memo}`))),
  );
}

// The words, cut where a marked stretch begins or ends; positions are code points.
export function describeWords(view, row) {
  const points = [...row.words];
  const moved = view.ends.spanOf(row);
  const consensus = moved ? [moved] : (row.settled?.spans ?? []).map(([start, end]) => ({ start, end }));
  const marks = {
    left: row.readings[view.sides[0]], right: row.readings[view.sides[1]], consensus, here: [{ start: row.start, end: row.end }],
  };
  const cuts = new Set([0, points.length]);
  for (const { start, end } of Object.values(marks).flat()) cuts.add(start - row.shown).add(end - row.shown);
  const ends = [...cuts].filter((at) => at >= 0 && at <= points.length).sort((a, b) => a - b);
  const parts = ends.slice(1).map((end, i) => {
    const from = ends[i];
    const holds = ({ start, end: last }) => start - row.shown <= from && last - row.shown >= end;
    const names = Object.keys(marks).filter((name) => marks[name].some(holds));
    return make("span", { class: names.join(" ") || "around" }, points.slice(from, end).join(""));
  });
  return make("p", { class: moved ? "words moving" : "words" }, ...parts);
}
