// The coefficients above the differences: of the two, and of each with what was settled.

import { send } from "./http.js";
import { byId, count, make } from "./dom.js";

const shown = (value) => (value === null || value === undefined ? "" : value.toFixed(2));
const cell = (value) => make("td", { class: "n" }, shown(value));

export async function showFigures(view) {
  const box = byId("agreement");
  const path = `/compare/${view.transcript}/agreement?pair=${view.pair}`;
  const answer = await send("GET", path, undefined, { byItself: true }).catch((error) => ({ reason: error.message, coefficients: [] }));
  const alpha = answer.coefficients.find((c) => c.name === "krippendorff_alpha");
  byId("agreement-say").textContent = alpha ? sayIn(alpha) : answer.reason;
  if (!answer.coefficients.length) return box.replaceChildren();
  const rows = answer.coefficients.map((c) => describeRow(c.name, c.label, c));
  const settled = answer.consensus.map((c) => {
    const name = view.nameOf(view.sides.indexOf(view.pairs[view.pair].indexOf(c.coder)));
    return describeRow("consensus", `Krippendorff's alpha, ${name} with the consensus`, c, `on ${count(c.n_units, "unit")} that it has read`);
  });
  return box.replaceChildren(
    make("p", { class: "soft small" }, `${count(answer.n_units, "unit")} of ${count(answer.n_transcripts, "transcript")} that both have read; a consensus is left out, so that settling changes none of it.`),
    makeTable([...rows, ...settled]),
  );
}

// One line that leaves the window to the differences; the table is below it.
function sayIn({ label, value, low, high, reason, no_interval: none }) {
  if (value === null) return `${label}: none, ${reason}`;
  return `${label} ${shown(value)} (${low === null ? none : `${shown(low)} to ${shown(high)}`}); all coefficients`;
}

function makeTable(rows) {
  const head = ["coefficient", "value", "low", "high", "note"].map((words) =>
    make("th", { scope: "col", class: words === "note" || words === "coefficient" ? null : "n" }, words),
  );
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

function describeRow(name, label, c, note = "") {
  const notes = [note, c.reason || c.no_interval].filter(Boolean).join("; ");
  return make("tr", { "data-name": name }, make("th", { scope: "row" }, make("bdi", {}, label)), cell(c.value), cell(c.low), cell(c.high), make("td", { class: "soft small" }, notes));
}
