// What the queue and the coding view show of a suggestion: its bar, number and words, and the
// evidence for and against it.

import { send } from "./http.js";
import { make } from "./dom.js";

export function percent(probability) {
  return `${Math.round(100 * probability)} %`;
}

// The bar, the number and the words of a suggestion.
export function measure(suggestion) {
  const share = percent(suggestion.probability);
  return make(
    "span",
    { class: "measure" },
    make(
      "span",
      { class: "gauge", "aria-hidden": "true" },
      make("span", { style: { "--p": share.replace(" ", "") } }),
    ),
    make("span", { class: "share" }, share),
    make("span", { class: "worth soft" }, suggestion.words),
  );
}

// What a decision came to, in words; `codes` by id.
export function describeOutcome(decision, codes) {
  if (!decision) return "";
  if (decision.action === "accept") return "Accepted";
  if (decision.action === "reject") return "Rejected";
  return `Changed to ${codes.get(decision.applied)?.name ?? "another code"}`;
}

const known = new Map();

// The evidence of a suggestion by its number and when its run was made, asked for once.
export function fetchEvidence(number, by) {
  if (number === null) return Promise.resolve(null);
  const path = `/s/${number}/evidence?by=${encodeURIComponent(by ?? "")}`;
  if (!known.has(path)) {
    const asked = send("GET", path);
    asked.catch(() => known.delete(path));
    known.set(path, asked);
  }
  return known.get(path);
}

// The evidence as elements: what speaks for the code, and as large what speaks against it.
export function describeEvidence(evidence, code) {
  if (!evidence) {
    const words = "What you coded in this transcript moved this code up. More is said when codes are suggested anew.";
    return [make("p", { class: "soft" }, words)];
  }
  const parts = [];
  const { phrase, words, neighbours, guide, missing } = evidence;
  if (phrase && phrase.text !== code.name) {
    parts.push(
      make("h3", {}, `The codebook (${phrase.part})`),
      make("blockquote", {}, make("bdi", {}, phrase.text)),
    );
  }
  parts.push(...describePrecedent(`Nearest coded ${code.name}`, evidence.coded_so, false));
  parts.push(...describePrecedent(`Nearest not coded ${code.name}`, evidence.coded_otherwise, true));
  if (guide) parts.push(make("h3", {}, "The interview guide"), make("p", {}, `${guide[0].toUpperCase()}${guide.slice(1)}.`));
  if (words.length) {
    parts.push(make("h3", {}, "Words that speak for it"), make("p", {}, make("bdi", {}, words.join(", "))));
  }
  if (neighbours.length) {
    const near = neighbours.map((n) =>
      make("li", {}, `${n.is_before ? "before" : "after"}: `, make("bdi", {}, n.code), n.known ? " (coded)" : " (likely)"),
    );
    parts.push(make("h3", {}, "Segments around it"), make("ul", { class: "list" }, ...near));
  }
  const rest = missing.join("; ");
  if (rest) parts.push(make("p", { class: "soft small" }, `${rest[0].toUpperCase()}${rest.slice(1)}.`));
  return parts;
}

function describePrecedent(title, precedent, isAgainst) {
  if (!precedent) return [];
  const where = precedent.transcript
    ? make(
        "a",
        { href: `/t/${precedent.transcript}#${precedent.start}-${precedent.end}` },
        make("bdi", {}, precedent.name),
      )
    : make("bdi", {}, precedent.name);
  const codes = isAgainst && precedent.codes.length ? `coded ${precedent.codes.join(", ")}, ` : "";
  return [
    make("h3", {}, title),
    make("blockquote", {}, make("bdi", {}, precedent.excerpt)),
    make(
      "p",
      { class: "soft small" },
      where,
      make("bdi", {}, ` ${codes}${precedent.coders.join(", ")}`),
      ` · similarity ${precedent.similarity.toFixed(2)}`,
    ),
  ];
}
