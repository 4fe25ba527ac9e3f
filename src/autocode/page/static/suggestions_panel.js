// The panel of the coding view in which suggestions for the segment are decided on.

import { byId, chip, count, make, say } from "./dom.js";
import { may } from "./may.js";
import { describeEvidence, fetchEvidence, measure } from "./suggestions.js";

export class SuggestionsPanel {
  constructor(view) {
    this.view = view;
    this.at = 0;
    this.showsEvidence = false;
    this.list = make("ul", { class: "list suggested" });
    this.buttons = make("p", { class: "buttons" });
    this.empty = make("p", { class: "soft" });
    this.proof = make("div", { class: "proof" });
    this.what = make("span");
    this.news = make(
      "p",
      {},
      make("button", { type: "button", on: { click: () => this.renew() } }, this.what, " ", make("kbd", {}, "u")),
    );
    this.follows = make("p", { class: "soft small" });
    byId("panel-suggestions").replaceChildren(
      make("h2", {}, "Suggested for this segment"),
      this.news,
      this.empty,
      this.list,
      this.buttons,
      this.proof,
      this.follows,
      make("p", { class: "small" }, make("a", { href: `/queue?transcript=${view.work.transcript}` }, "One after the other, in the queue")),
    );
  }

  // What is suggested and open for the segment where the reader is, the likeliest first.
  here() {
    const { walk, work } = this.view;
    return work.openSuggestions(walk.unit).sort((a, b) => b.probability - a.probability);
  }

  chosen() {
    const here = this.here();
    return here[Math.min(this.at, here.length - 1)] ?? null;
  }

  choose(i) {
    const n = this.here().length;
    if (i >= n) return say(n ? `There ${n === 1 ? "is" : "are"} ${count(n, "suggestion")} here.` : "Nothing is suggested here.");
    this.at = i;
    this.view.tabs.open("tab-suggestions");
    this.draw();
  }

  // To the next segment that has a likely suggestion.
  move(step) {
    const { view } = this;
    const places = [...view.about.likely.keys()].sort((a, b) => a - b);
    const next = step > 0 ? places.find((i) => i > view.walk.at) : places.findLast((i) => i < view.walk.at);
    view.tabs.open("tab-suggestions");
    if (next === undefined) return say(step > 0 ? "No likely suggestion after this." : "No likely suggestion before this.");
    view.walk.point(next);
  }

  async decide(kind) {
    const { view } = this;
    const suggestion = this.chosen();
    if (!suggestion) return say("Nothing is suggested here.");
    const { code } = suggestion;
    const applied = kind === "accept" ? code : null;
    const promise = view.work.decide(kind, suggestion, { suggested: code }, applied);
    say(`${kind === "accept" ? "Accepted" : "Rejected"} ${view.work.codes.get(code).name}. Ctrl+Z undoes.`);
    view.hand.tell(await promise);
  }

  async change() {
    const { view } = this;
    const suggestion = this.chosen();
    if (!suggestion) return;
    let to = null;
    await view.picker.open({
      title: `In place of ${view.work.codes.get(suggestion.code).name}`,
      several: false,
      anew: false,
      take: (choice) => (to = choice.code),
    });
    view.focusBack();
    if (!to) return;
    const isSame = to === suggestion.code;
    const fields = isSame ? { suggested: to } : { suggested: suggestion.code, to };
    const promise = view.work.decide(isSame ? "accept" : "change", suggestion, fields, to);
    say(`Coded ${view.work.codes.get(to).name}. Ctrl+Z undoes.`);
    view.hand.tell(await promise);
  }

  async rejectAll() {
    const { view } = this;
    const [first] = this.here();
    const same = this.here().filter((s) => s.start === first.start && s.end === first.end);
    const promise = view.work.decide("reject-all", first, { suggested: same.map((s) => s.code) }, null);
    say("Read, no code applies. Ctrl+Z undoes.");
    view.hand.tell(await promise);
  }

  async renew() {
    const { view } = this;
    if (view.work.waits) {
      view.work.follow(undefined, { isAsked: true });
      view.focusBack();
      view.drawHere();
      return say("These follow your coding.");
    }
    await view.work.reload();
    view.focusBack();
    const isNew = view.work.renew();
    if (isNew && may("coder")) view.following.begin(view.work.transcript);
    say(isNew ? "These are the new suggestions." : "Nothing was suggested anew.");
  }

  toggleEvidence() {
    this.showsEvidence = !this.showsEvidence;
    this.view.tabs.open("tab-suggestions");
    this.draw();
  }

  draw() {
    const { view } = this;
    if (this.unit !== view.walk.unit) this.at = 0;
    this.unit = view.walk.unit;
    const here = this.here();
    this.at = Math.min(this.at, Math.max(here.length - 1, 0));
    this.news.hidden = !view.work.fresh && !view.work.waits;
    this.what.textContent = view.work.waits ? "Your coding moved these: take them" : "Take what was suggested anew";
    this.follows.textContent = view.following.words;
    this.empty.hidden = here.length > 0;
    this.empty.textContent = view.work.suggestions.size
      ? "Nothing is suggested here."
      : "Nothing is suggested for you in this transcript.";
    this.list.replaceChildren(...here.map((s, i) => this.describe(s, i)));
    this.buttons.replaceChildren(...(here.length ? this.describeButtons(here[this.at]) : []));
    this.drawEvidence(here[this.at]);
  }

  describe(suggestion, i) {
    const isChosen = i === this.at;
    return make(
      "li",
      { class: isChosen ? "chosen" : null },
      make(
        "button",
        {
          type: "button", class: "plain choice", "aria-pressed": String(isChosen),
          on: { click: () => this.choose(i) },
        },
        make("kbd", {}, String(i + 1)),
        chip(this.view.work.codes.get(suggestion.code)),
      ),
      measure(suggestion),
    );
  }

  describeButtons(suggestion) {
    const { name } = this.view.work.codes.get(suggestion.code);
    const button = (words, key, about, act, needs = "coder") =>
      make(
        "button",
        {
          type: "button", "data-needs": needs, "aria-label": about ? `${words}: ${name}` : null,
          on: {
            click: () => {
              this.view.focusBack();
              act();
            },
          },
        },
        `${words} `,
        key ? make("kbd", {}, key) : null,
      );
    return [
      button("Accept", "a", true, () => this.decide("accept")),
      button("Reject", "x", true, () => this.decide("reject")),
      button("Change", "", true, () => this.change()),
      button("None of these", "0", false, () => this.rejectAll()),
      button("Evidence", "e", false, () => this.toggleEvidence(), null),
    ];
  }

  async drawEvidence(suggestion) {
    const isShown = this.showsEvidence && suggestion;
    const asked = isShown ? `${suggestion.start} ${suggestion.code} ${suggestion.number}` : null;
    this.evidenceOf = asked;
    if (!isShown) return this.proof.replaceChildren();
    const code = this.view.work.codes.get(suggestion.code);
    const parts = await fetchEvidence(suggestion.number, this.view.work.run)
      .then((evidence) => describeEvidence(evidence, code))
      .catch((error) => [make("p", { class: "soft" }, error.message)]);
    if (this.evidenceOf === asked) this.proof.replaceChildren(...parts);
  }
}
