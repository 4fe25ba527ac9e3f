// What the coder does on a segment of the queue: decides on what is suggested, or codes it first.

import { quoteOf } from "./quote.js";
import { count, say } from "./dom.js";
import { describeOutcome } from "./suggestions.js";

const REFIT_AFTER = 25; // decisions after which codes are suggested anew

export class Deciding {
  constructor(view) {
    this.view = view;
    this.nDecided = 0;
  }

  choose(item, i) {
    if (!item.suggestions[i]) return say(`There ${item.suggestions.length === 1 ? "is" : "are"} ${count(item.suggestions.length, "suggestion")} here.`);
    item.chosen = i;
    return this.view.draw();
  }

  async decide(item, action, to = null) {
    const { view } = this;
    await item.load();
    const suggestion = item.suggestions[item.chosen];
    const before = item.decisions.get(suggestion.code);
    const applied = { accept: suggestion.code, reject: null, change: to }[action];
    if (before && before.action === action && before.applied === applied) {
      return say(`${describeOutcome(before, view.codes)} already. Ctrl+Z undoes.`);
    }
    const made = { code: suggestion.code, action, applied };
    item.decisions.set(suggestion.code, made);
    item.own = item.own.filter((code) => code !== before?.applied);
    if (applied) item.own.push(applied);
    const fields = { suggested: suggestion.code };
    if (to) fields.to = to;
    this.send(item, action, fields);
    const { name } = view.codes.get(suggestion.code);
    const words = action === "change" ? `${name} changed to ${view.codes.get(to).name}` : `${describeOutcome(made, view.codes)} ${name}`;
    say(`${words}. Ctrl+Z undoes.`);
    const open = item.firstOpen();
    if (action === "reject" && open >= 0 && !item.own.length) item.chosen = open;
    else view.walk.advanceSoon();
    view.draw();
  }

  // Where nothing is shown yet the coder answers first: codes the words, or reads them.
  async answerFirst(item, name) {
    const { view } = this;
    await item.load();
    if (name === "none") {
      this.sendOwn(item, "read", {});
      item.isRead = true;
      say("Read, no code applies. Ctrl+Z undoes.");
      return view.draw();
    }
    if (name !== "change") return say("Nothing is shown here: c codes it, 0 says that no code applies.");
    const taken = [];
    await view.picker.open({ title: "Code", several: true, anew: false, take: ({ code }) => taken.push(code) });
    view.card.focus();
    for (const code of taken) {
      view.recent = [code, ...view.recent.filter((id) => id !== code)].slice(0, 9);
      item.own.push(code);
      this.sendOwn(item, "code", { code });
      say(`Coded ${view.codes.get(code).name}. Ctrl+Z undoes.`);
    }
    return view.draw();
  }

  sendOwn(item, kind, fields) {
    const { view } = this;
    this.send(item, kind, fields, async () => {
      if (view.outbox.waiting.length) return;
      await view.reread(item);
      if (item === view.walk.item && !item.suggestions.length) view.walk.advanceSoon();
    });
  }

  async change(item) {
    const { view } = this;
    let choice = null;
    const suggestion = item.suggestions[item.chosen];
    await view.picker.open({
      title: `In place of ${view.codes.get(suggestion.code).name}`,
      several: false,
      anew: false,
      take: (taken) => (choice = taken.code),
    });
    view.card.focus();
    if (!choice) return;
    view.recent = [choice, ...view.recent.filter((id) => id !== choice)].slice(0, 9);
    if (choice === suggestion.code) return this.decide(item, "accept");
    return this.decide(item, "change", choice);
  }

  async rejectAll(item) {
    const { view } = this;
    await item.load();
    const codes = item.suggestions.map((s) => s.code);
    for (const code of codes) item.decisions.set(code, { code, action: "reject", applied: null });
    item.own = [];
    item.isRead = true;
    this.send(item, "reject-all", { suggested: codes });
    say("None of these: read, no code applies. Ctrl+Z undoes.");
    view.walk.advanceSoon();
    view.draw();
  }

  send(item, kind, fields, then = () => {}) {
    const { view } = this;
    const { transcript, start, end } = item;
    const act = { kind, transcript, start, end, quote: quoteOf(item.around.quote), ...fields };
    view.canUndo = true;
    view.canRedo = false;
    view.outbox.add(act, {
      done: (answer) => {
        view.following.stir();
        if (answer.repeated) view.reread(item);
        view.announce();
        then();
        this.nDecided += 1;
        if (this.nDecided % REFIT_AFTER === 0) view.refit.start();
      },
      refused: async (error) => {
        say(error.message);
        await view.reread(item);
      },
    });
  }
}
