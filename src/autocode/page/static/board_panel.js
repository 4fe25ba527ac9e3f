// What stands beside the board: the chosen card in words, and its excerpts.

import { make } from "./dom.js";
import { may } from "./may.js";
import { facts } from "./themes_work.js";

export function* describeChosen(work, kind, item, column) {
  if (kind === "rest") {
    yield make("p", { class: "soft" }, `Codes and draft themes that stand under no theme of the map.${may("coder") ? " Choose one with the arrow keys, and move it with m." : ""}`);
    return;
  }
  if (!item) return;
  yield make("p", { class: "soft small" }, `${{ code: "Code", draft: "Draft theme", theme: item.is_central ? "Central theme" : "Theme" }[kind]}; ${facts(item)}${kind === "code" ? ", codes below it included" : ""}`);
  if (kind !== "theme" && column) yield make("p", { class: "soft small" }, "in ", make("bdi", {}, work.describe(column)));
  if (item.path) yield make("p", { class: "soft small" }, "in the codebook under ", make("bdi", {}, item.path));
  if (item.definition) yield make("p", { class: "definition" }, make("bdi", {}, item.definition));
  if (kind === "draft") {
    if (item.terms.length) yield make("p", {}, "Words: ", make("bdi", {}, item.terms.join(", ")));
    if (item.near) yield make("p", {}, "Nearest code: ", make("bdi", {}, item.near));
    if (item.stability !== null) yield make("p", {}, `Stability ${item.stability.toFixed(2)} (below 0.50: unstable)`);
    if (item.cautions.length) yield make("p", { class: "fault" }, item.cautions.join("; "));
    if (item.parts.length) yield make("p", {}, "Sub-themes: ", make("bdi", {}, item.parts.map((part) => part.name).join("; ")));
  }
  if (kind === "theme") yield* work.drawMemos(item);
  const relations = kind === "theme" ? work.relations.filter(({ one, other }) => one === item.key || other === item.key) : [];
  for (const { one, other, name } of relations) {
    yield make("p", {}, make("bdi", {}, work.describe(one)), " ", make("b", {}, name || "relates to"), " ", make("bdi", {}, work.describe(other)));
  }
}

export function* describeExcerpt({ transcript, address, participant, words, note }) {
  yield make("blockquote", {}, make("bdi", {}, words));
  const rest = [participant && participant !== transcript ? participant : "", note].filter(Boolean).join("; ");
  yield make("a", { href: address }, make("bdi", {}, transcript));
  if (rest) yield make("span", { class: "soft small" }, " ", make("bdi", {}, rest));
}
