// Accepting several suggestions at once: a list that can be read through, with a tick on each.

import { send } from "./http.js";
import { byId, chip, make, say } from "./dom.js";
import { measure } from "./suggestions.js";

export class SeveralDialog {
  constructor(view) {
    this.view = view;
    this.dialog = byId("several");
    this.which = make(
      "select",
      { on: { change: () => this.fill() } },
      make("option", { value: "unseen" }, "that could be accepted unseen"),
      make("option", { value: "likely" }, "that are likely"),
    );
    this.list = make("ul", { class: "list", tabindex: "0", "aria-label": "Suggestions to accept" });
    this.count = make("p", { class: "soft", role: "status" });
    this.accept = make("button", { type: "button", class: "main", on: { click: () => this.send() } });
    this.dialog.replaceChildren(
      make("h2", { id: "several-title" }, "Accept several"),
      make("p", { class: "soft" }, "Of the transcript, code and case that are chosen. Take the tick off what you do not accept. All of it is one act, and one Ctrl+Z undoes it."),
      make("p", {}, make("label", {}, "Suggestions ", this.which)),
      this.count,
      this.list,
      make(
        "p",
        { class: "buttons" },
        this.accept,
        make("button", { type: "button", on: { click: () => this.dialog.close() } }, "Close ", make("kbd", {}, "Esc")),
      ),
    );
    this.list.addEventListener("change", () => this.drawCount());
    this.dialog.addEventListener("close", () => this.view.card.focus());
  }

  async open() {
    const answer = await send("GET", "/queue/list").catch((error) => say(error.message));
    if (!answer) return;
    this.suggestions = answer.suggestions;
    this.madeBy = answer.suggested_by;
    this.which.value = "unseen";
    this.fill();
    this.dialog.showModal();
  }

  fill() {
    const { transcript, code, case: person, attribute } = this.view.wants;
    const people = new Map(this.view.items.map((item) => [item.id, item]));
    const shown = this.suggestions.filter(
      (s) =>
        (this.which.value === "likely" || s.auto_acceptable) &&
        (!transcript || s.transcript === Number(transcript)) &&
        (!code || s.code === code) &&
        (!person || people.get(`${s.transcript}:${s.start}-${s.end}`)?.case === person) &&
        (!attribute || people.get(`${s.transcript}:${s.start}-${s.end}`)?.values.includes(attribute)),
    );
    this.shown = shown;
    this.list.replaceChildren(...shown.map((s) => this.describe(s)));
    this.drawCount();
  }

  describe(suggestion) {
    const code = this.view.codes.get(suggestion.code);
    const tick = make("input", { type: "checkbox", "data-number": suggestion.number, checked: true });
    return make(
      "li",
      {},
      make(
        "label",
        {},
        tick,
        make(
          "span",
          {},
          chip(code),
          make("span", { class: "words" }, make("bdi", {}, suggestion.quote)),
          make("span", { class: "soft small" }, make("bdi", {}, this.view.transcripts.get(suggestion.transcript)), `, ${suggestion.position}`),
        ),
      ),
      measure(suggestion),
    );
  }

  chosen() {
    return [...this.list.querySelectorAll("input:checked")].map((tick) => Number(tick.dataset.number));
  }

  drawCount() {
    const n = this.chosen().length;
    this.count.textContent = this.shown.length
      ? `${n} of ${this.shown.length} would be accepted.`
      : this.which.value === "unseen"
        ? "None of these: the coded transcripts do not show that at most one in ten would be wrong."
        : "None of these.";
    this.accept.textContent = `Accept ${n}`;
    this.accept.disabled = !n;
  }

  send() {
    const numbers = this.chosen();
    const accepted = this.shown.filter((s) => numbers.includes(s.number));
    this.dialog.close();
    this.view.outbox.add(
      { kind: "accept-many", numbers, by: this.madeBy },
      {
        done: () => {
          this.view.noteAccepted(accepted);
          this.view.checks.n_together += accepted.length;
          this.view.announce();
          say(`${numbers.length} accepted. Ctrl+Z undoes all of them.`);
        },
        refused: (error) => {
          this.view.reread();
          say(error.message);
        },
      },
    );
  }
}
