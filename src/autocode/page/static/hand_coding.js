// Coding by hand: codes put on words, changed, moved and taken away; memos, readings, undo.

import { count, say } from "./dom.js";
import { idOf } from "./work.js";

export class HandCoding {
  constructor(view) {
    this.view = view;
  }

  async pickCode() {
    const { view } = this;
    const chosen = view.meant.chosen && view.work.codings.get(view.meant.chosen);
    if (chosen && !view.meant.isMineOrSay(chosen)) return;
    const span = view.meant.spanHere();
    const name = chosen && view.work.codes.get(chosen.code).name;
    await view.picker.open({
      title: chosen ? `In place of ${name}` : "Code",
      several: !chosen,
      anew: !chosen,
      take: (choice) => (chosen ? this.recode(chosen, choice.code) : this.applyCode(choice, span)),
    });
    view.focusBack();
  }

  async codeInVivo() {
    const { view } = this;
    const span = view.meant.spanHere();
    const words = view.text.slice(span.start, span.end).replace(/\s+/g, " ").trim();
    await view.picker.open({
      title: "Code in vivo",
      words: shorten(words, 60),
      several: false,
      take: (choice) => this.applyCode(choice, span),
    });
    view.focusBack();
  }

  codeAgain() {
    const { view } = this;
    const code = view.work.codes.get(view.work.recent[0]);
    if (!code) return say("No code has been used yet. Press c to choose one.");
    this.applyCode({ code: code.id });
  }

  async applyCode(choice, span = this.view.meant.spanHere()) {
    const { view } = this;
    view.selecting.clear();
    view.meant.chosen = null;
    if (choice.name) {
      this.making = { name: choice.name, span, answer: view.work.codeAnew(span, choice.name) };
      const { answer } = this.tell(await this.making.answer);
      this.making = null;
      const made = answer?.changed?.codings.added[0];
      if (made) {
        view.work.use(made.code);
        view.meant.made = idOf(made);
        say(`${answer.changed.codes ? "New code" : "Coded"} ${choice.name}. Ctrl+Z undoes.`);
      }
      return;
    }
    const done = view.work.code(span, choice.code);
    const { name } = view.work.codes.get(choice.code);
    if (!done) return say(`These words are coded ${name} already.`);
    view.meant.made = idOf(done.coding);
    view.draw();
    say(`Coded ${name}. Ctrl+Z undoes.`);
    this.tell(await done.promise);
  }

  async recode(coding, code) {
    const { view } = this;
    if (coding.code === code) return;
    const { coding: after, promise } = view.work.recode(coding, code);
    view.meant.chosen = idOf(after);
    view.draw();
    say(`Changed to ${view.work.codes.get(code).name}. Ctrl+Z undoes.`);
    this.tell(await promise);
  }

  async respan(coding, span) {
    const { view } = this;
    const { coding: after, promise } = view.work.respan(coding, span);
    if (view.meant.chosen) view.meant.chosen = idOf(after);
    view.meant.made = idOf(after);
    view.draw();
    say(`Moved: “${shorten(view.text.slice(span.start, span.end), 60)}”. Ctrl+Z undoes.`);
    this.tell(await promise);
  }

  async remove() {
    const { view } = this;
    const coding = view.meant.target() ?? view.meant.onlyMine();
    if (!coding) {
      const n = view.meant.codingsHere().length;
      return say(n ? `${count(n, "coding")} here; choose one with o.` : "Nothing is coded here.");
    }
    if (!view.meant.isMineOrSay(coding)) return;
    view.meant.chosen = null;
    view.meant.made = null;
    const { name } = view.work.codes.get(coding.code);
    const promise = view.work.uncode(coding);
    say(`Taken away: ${name}. Ctrl+Z brings it back.`);
    this.tell(await promise);
  }

  // A memo on the coding that is meant, else on the words: the one they have, or a new one.
  async writeMemo() {
    const { view } = this;
    const { making } = this; // a memo right after a new code is about its coding
    if (making) return this.askForMemo(making.span, "", "", making.name, making.answer);
    const coding = view.selecting.span ? null : view.meant.target();
    if (coding && !view.meant.isMineOrSay(coding)) return;
    const { start, end } = coding ?? view.meant.spanHere();
    if (coding) return this.askForMemo({ start, end }, coding.memo, idOf(coding), view.work.codes.get(coding.code).name);
    const left = this.findLeftDraft({ start, end });
    if (left) return this.askForMemo(left, "", left.draft);
    return this.editMemo(view.work.memoOn({ start, end }) ?? { start, end, text: "" });
  }

  // A draft of a memo on a coding here that is gone by now, as where its code was merged.
  findLeftDraft({ start, end }) {
    const { memoDialog, work } = this.view;
    for (const draft of memoDialog.drafts.keys()) {
      const [from, to, ...ofCoding] = draft.split("-");
      if (!ofCoding.length || work.codings.has(draft)) continue;
      if (Number(from) < end && Number(to) > start) return { start: Number(from), end: Number(to), draft };
    }
    return null;
  }

  // A memo on words: as the page has it, or one without words that is to be written.
  editMemo({ start, end, text }) {
    return this.askForMemo({ start, end }, text, `${start}-${end}`);
  }

  async askForMemo(span, before, draft, code = null, making = null) {
    const { view } = this;
    const words = await view.memoDialog.open({
      title: code ? `Memo on ${code}` : "Memo on these words",
      quote: view.text.slice(span.start, span.end),
      words: before,
      draft,
    });
    view.focusBack();
    if (words === null || (!before && !words.trim())) return;
    await making;
    await this.keepMemo(span, before, words.trim(), { draft: making ? view.meant.made : draft, words });
  }

  deleteMemo(memo) {
    const { start, end, text } = memo;
    return this.keepMemo({ start, end }, text, "", { draft: `${start}-${end}`, words: "" });
  }

  // Kept, or, where it was changed elsewhere, left as a draft beside what is there by now.
  async keepMemo(span, before, after, { draft, words }) {
    const { view } = this;
    const { work } = view;
    view.selecting.clear();
    const coding = [...work.codings.values()].find((c) => idOf(c) === draft);
    const memo = work.memos.find((m) => work.isMine(m) && m.start === span.start && m.end === span.end && m.text === before);
    const promise = coding
      ? work.noteCoding(coding, after)
      : memo
        ? work.changeMemo(memo, after)
        : work.noteWords(span, after);
    say(after ? "Memo kept. Ctrl+Z undoes." : "Memo deleted. Ctrl+Z brings it back.");
    const { error } = await promise;
    if (!error) return;
    if (words) view.memoDialog.drafts.set(draft, words);
    say(words ? `${error.message} Your words are kept as a draft: press m.` : error.message);
  }

  async toggleRead() {
    const { view } = this;
    const { span } = view.walk.unit;
    const reading = view.meant.readingHere();
    if (reading) {
      const same = reading.start === span.start && reading.end === span.end;
      if (!same) return say("This was read as a part of something longer.");
      say("Not read. Ctrl+Z undoes.");
      return this.tell(await view.work.markRead(span, false));
    }
    if (view.meant.onlyMine()) return say("This segment is coded.");
    if (view.suggestions.here().length) return view.suggestions.rejectAll();
    say("Read, no code applies. Ctrl+Z undoes.");
    this.tell(await view.work.markRead(span, true));
  }

  async undo(redo = false) {
    const { view } = this;
    if (redo ? !view.work.canRedo : !view.work.canUndo) {
      return say(`There is nothing to ${redo ? "redo" : "undo"}.`);
    }
    view.meant.chosen = null;
    view.meant.made = null;
    const { answer, place } = this.tell(await view.work.undo(redo));
    if (!answer) return;
    if (place) view.walk.goTo(place);
    say(`${redo ? "Redone" : "Undone"}: ${answer.changed?.undone ?? "the last act"}.`);
  }

  tell(outcome) {
    if (outcome.error) say(outcome.error.message);
    return outcome;
  }
}

function shorten(words, most) {
  const points = [...words];
  if (points.length <= most) return words;
  const cut = points.slice(0, most).join("");
  return cut.slice(0, cut.lastIndexOf(" ") > most / 2 ? cut.lastIndexOf(" ") : cut.length).trim();
}
