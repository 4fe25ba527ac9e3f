// The segment of the queue on the screen: its words, the codes to decide on, and their evidence.

import { byId, chip, make } from "./dom.js";
import { describeEvidence, describeOutcome, fetchEvidence, measure } from "./suggestions.js";

const EVIDENCE = "autocode-evidence";

export class Card {
  constructor(view) {
    this.view = view;
    this.element = byId("card");
    this.showsEvidence = localStorage.getItem(EVIDENCE) === "1";
  }

  focus() {
    this.element.focus({ preventScroll: true });
  }

  draw() {
    const { item } = this.view.walk;
    if (!item?.around) return;
    const hadFocus = this.element.contains(document.activeElement);
    byId("card-title").replaceChildren(make("bdi", {}, item.around.name), `, ${item.around.position}`);
    byId("in-transcript").href = `/t/${item.transcript}#${item.start}-${item.end}`;
    this.drawWords(item.around);
    byId("options").replaceChildren(
      ...item.suggestions.map((s, i) => this.describe(item, s, i)),
      this.describeNone(item),
    );
    byId("options-title").textContent = this.titleOf(item);
    this.drawButtons(item);
    this.drawEvidence(item);
    if (hadFocus) this.focus();
  }

  // What stands above the codes: with an answer of the coder's own, that too.
  titleOf(item) {
    const own = item.own.map((code) => this.view.codes.get(code)?.name).filter(Boolean).join(", ");
    if (!item.isBare) return "Suggested codes";
    if (!item.isDone) return "Your own code first: c codes, 0 says that none applies";
    const mine = own ? `Your code: ${own}` : "You: no code applies";
    return item.suggestions.length ? `${mine}. Suggested:` : mine;
  }

  drawWords({ before, after, quote, speaker, language }) {
    const words = (who, text, kind) =>
      make(
        "p",
        { class: `words ${kind}`, lang: language || null, dir: "auto" },
        who ? make("bdi", { class: "speaker" }, who) : null,
        text,
      );
    byId("words").replaceChildren(
      ...before.map((s) => words(s.speaker, s.words, "around")),
      words(speaker, quote, "here"),
      ...after.map((s) => words(s.speaker, s.words, "around")),
    );
  }

  describe(item, suggestion, i) {
    const { view } = this;
    const code = view.codes.get(suggestion.code);
    const decision = item.decisions.get(suggestion.code);
    const isChosen = i === item.chosen;
    const outcome = describeOutcome(decision, view.codes);
    return make(
      "li",
      { class: [isChosen ? "chosen" : "", decision ? "decided" : ""].join(" ").trim() || null },
      make(
        "button",
        {
          type: "button", class: "plain choice", "aria-pressed": String(isChosen),
          title: code.definition || null, on: { click: () => view.do(["first", "second", "third"][i]) },
        },
        make("kbd", {}, String(i + 1)),
        chip(code),
      ),
      measure(suggestion),
      outcome ? make("span", { class: "outcome" }, make("bdi", {}, outcome)) : null,
    );
  }

  describeNone(item) {
    const isSo = item.isRead && !item.own.length;
    return make(
      "li",
      { class: isSo ? "decided" : null },
      make(
        "button",
        { type: "button", class: "plain choice", "data-needs": "coder", on: { click: () => this.view.do("none") } },
        make("kbd", {}, "0"),
        make("span", {}, item.suggestions.length ? "None of these" : "No code applies"),
      ),
      item.suggestions.some((s) => s.likely) ? null : make("span", { class: "soft small" }, "no code is likely here"),
      isSo ? make("span", { class: "outcome" }, "Read, no code applies") : null,
    );
  }

  drawButtons(item) {
    const { view } = this;
    const suggestion = item.suggestions[item.chosen];
    const name = suggestion ? view.codes.get(suggestion.code).name : "";
    const button = (words, key, action, { about = false, needs = "coder" } = {}) =>
      make(
        "button",
        {
          type: "button", "data-needs": needs, "aria-keyshortcuts": key,
          "aria-label": about ? `${words}: ${name}` : null,
          on: { click: () => view.do(action) },
        },
        `${words} `,
        make("kbd", {}, key === "Backspace" ? "⌫" : key),
      );
    byId("deciding").replaceChildren(
      ...(suggestion
        ? [
            button("Accept", "a", "accept", { about: true }),
            button("Reject", "x", "reject", { about: true }),
            button("Change", "c", "change", { about: true }),
          ]
        : [button("Code", "c", "change")]),
      button("Skip", "s", "skip"),
      button("Previous", "p", "previous", { needs: null }),
      button("Next", "n", "next", { needs: null }),
      button("Back", "Backspace", "back", { needs: null }),
      button(this.showsEvidence ? "Hide evidence" : "Evidence", "e", "evidence", { needs: null }),
    );
  }

  toggleEvidence() {
    this.showsEvidence = !this.showsEvidence;
    localStorage.setItem(EVIDENCE, this.showsEvidence ? "1" : "0");
    this.view.draw();
  }

  async drawEvidence(item) {
    const { view } = this;
    const place = byId("evidence");
    const suggestion = item.suggestions[item.chosen];
    place.hidden = !this.showsEvidence;
    if (!this.showsEvidence || !suggestion) return place.replaceChildren();
    const code = view.codes.get(suggestion.code);
    const title = make("h2", { id: "evidence-title" }, "Evidence: ", make("bdi", {}, code.name));
    const asked = `${item.id} ${suggestion.code} ${suggestion.number}`;
    if (this.evidenceOf !== asked) place.replaceChildren(title);
    this.evidenceOf = asked;
    const parts = await fetchEvidence(suggestion.number, this.view.madeBy)
      .then((evidence) => describeEvidence(evidence, code))
      .catch((error) => [make("p", { class: "soft" }, view.fresh ? "This was suggested anew since; u takes the new suggestions." : error.message)]);
    if (this.evidenceOf === asked) place.replaceChildren(title, ...parts);
  }
}
