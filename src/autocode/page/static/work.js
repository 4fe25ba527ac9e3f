// The work on one transcript as the page has it: codings, readings, memos and codes. Acts are shown
// at once and stored by the outbox; what the server says is what counts.

import { areAlike, bySegment } from "./following.js";
import { send } from "./http.js";
import { quoteOf } from "./quote.js";

export const idOf = (c) => `${c.start}-${c.end}-${c.code}-${c.coder}`;
const suggestionId = (s) => `${s.start}-${s.end}-${s.code}`;
const spotOf = (r) => `${r.start}-${r.end}-${r.coder}`;

export class Work extends EventTarget {
  constructor(state, text, outbox) {
    super();
    this.text = text;
    this.outbox = outbox;
    this.transcript = state.transcript;
    this.coder = state.coder;
    this.channel = new BroadcastChannel("autocode");
    this.channel.addEventListener("message", (event) => this.hear(event.data));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.isStale) this.reload();
    });
    this.take(state);
  }

  take(state) {
    this.revision = state.revision;
    const before = this.codings ?? new Map();
    // A coding that is as it was stays the same object, so that nothing is drawn anew for it.
    this.codings = new Map(
      state.codings.map((c) => {
        const id = idOf(c);
        const known = before.get(id);
        return [id, known && known.memo === c.memo ? known : c];
      }),
    );
    this.readings = new Map(state.readings.map((r) => [spotOf(r), r]));
    this.memos = state.memos;
    this.takeSuggestions(state);
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
    this.coders = state.coders;
    this.attributes = state.attributes;
    this.pass = state.pass;
    this.noteWhatIsForCoded();
    this.recent = state.recent;
    this.canUndo = state.undo !== null;
    this.canRedo = state.redo !== null;
    this.isStale = false;
    for (const item of this.outbox.waiting) item.apply();
    this.changed();
  }

  // What was suggested anew waits until it is asked for: nothing changes under the reader.
  takeSuggestions({ suggestions, suggested_by: run }) {
    this.fresh = null;
    if (this.suggestions && run !== this.run) {
      this.fresh = { suggestions, suggested_by: run };
      return;
    }
    const moved = run === this.run ? this.moved : null;
    const stays = this.isUndoing ? [] : this.suggestionsAt(this.here);
    this.run = run;
    this.moved = moved;
    this.suggestions = new Map(suggestions.map((s) => [suggestionId(s), s]));
    // The stored ones do not follow the coder: what was shown in their place is shown again.
    if (moved) for (const group of [...bySegment(moved).values(), stays]) this.putInPlace(group);
  }

  // What is suggested for the very words of a segment, the likeliest first.
  suggestionsAt(span) {
    const all = span ? [...(this.suggestions?.values() ?? [])] : [];
    return all.filter((s) => s.start === span.start && s.end === span.end).sort((a, b) => b.probability - a.probability);
  }

  // Put suggestions in the place of those shown for the same segment, if there are any.
  putInPlace(group) {
    const shown = this.suggestionsAt(group[0]);
    for (const s of shown) this.suggestions.delete(suggestionId(s));
    if (shown.length) for (const s of group) this.suggestions.set(suggestionId(s), s);
  }

  // Show what moved with the coder's coding; where the reader is, only when it is asked for.
  follow(moved = this.moved, { isAsked = false } = {}) {
    this.moved = moved;
    this.waits = false;
    let isNew = false;
    const { here } = this;
    for (const group of bySegment(moved ?? []).values()) {
      const [{ start, end }] = group;
      const before = this.suggestionsAt(group[0]);
      if (!before.length || areAlike(before, group)) continue;
      if (here?.start === start && here.end === end && !isAsked) this.waits = true;
      else {
        this.putInPlace(group);
        isNew = true;
      }
    }
    if (isNew) this.changed();
  }

  // Show what was suggested anew.
  renew() {
    if (!this.fresh) return false;
    const { fresh } = this;
    this.run = fresh.suggested_by;
    this.takeSuggestions(fresh);
    this.noteWhatIsForCoded();
    this.changed();
    return true;
  }

  // Ask for everything anew; what is shown stays where the server does not answer.
  async reload({ byItself = true } = {}) {
    const before = this.codings;
    const reads = this.readings;
    const path = `/t/${this.transcript}/state`;
    const state = await send("GET", path, undefined, { byItself }).catch((error) => {
      this.isGone = error.status === 404;
      return null;
    });
    if (state) this.take(state);
    else this.isStale = true;
    return this.firstDifference(before, reads);
  }

  // Ask for everything anew after something was taken back, suggestions where the reader is too.
  async takeBack(how) {
    this.isUndoing = true;
    const place = await this.reload(how);
    this.isUndoing = false;
    return place;
  }

  firstDifference(before, reads) {
    const differ = [];
    const compare = (one, other) => {
      for (const [id, mark] of one) {
        const twin = other.get(id);
        if (!twin || twin.memo !== mark.memo) differ.push(mark);
      }
    };
    compare(this.codings, before);
    compare(before, this.codings);
    compare(this.readings, reads);
    compare(reads, this.readings);
    return differ[0] ?? null;
  }

  hear(message) {
    if (message.transcript !== this.transcript && !message.all) return;
    if (document.visibilityState === "visible") this.reload();
    else this.isStale = true;
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  announceElsewhere(all = false) {
    this.channel.postMessage({ transcript: this.transcript, all });
  }

  // Whether the coder has coded or read words of this span.
  isDone(span, code = null) {
    const touches = (mark) => this.isMine(mark) && mark.start < span.end && mark.end > span.start;
    for (const c of this.codings.values()) if (touches(c) && (!code || c.code === code)) return true;
    if (code) return false;
    for (const r of this.readings.values()) if (touches(r)) return true;
    return false;
  }

  // Suggestions that are open though the coder has coded there: they were made for coded segments.
  noteWhatIsForCoded() {
    const own = [...this.codings.values(), ...this.readings.values()].filter((m) => this.isMine(m));
    own.sort((a, b) => a.start - b.start);
    let at = 0;
    let reach = 0;
    for (const s of [...this.suggestions.values()].sort((a, b) => a.start - b.start)) {
      for (; at < own.length && own[at].start < s.end; at += 1) reach = Math.max(reach, own[at].end);
      s.isForCoded = reach > s.start;
    }
  }

  // What is suggested for a span and still to be decided.
  openSuggestions(span) {
    const touches = (s) => s.start < span.end && s.end > span.start;
    return [...this.suggestions.values()].filter((s) => touches(s) && this.codes.has(s.code) && !this.isDone(s, s.isForCoded ? s.code : null));
  }

  // Decide on a suggestion; accepted or changed, the segment is done with, and so when none applies.
  decide(kind, suggestion, fields, applied) {
    const isHere = (s) => s.start === suggestion.start && s.end === suggestion.end;
    const gone = [...this.suggestions.values()].filter((s) => (kind === "reject" ? s === suggestion : isHere(s)));
    const { start, end } = suggestion;
    const change = { suggestions: { removed: gone } };
    if (applied) {
      const made = { start, end, code: applied, coder: this.coder, memo: "" };
      if (!this.codings.has(idOf(made))) change.codings = { added: [made] };
      this.use(applied);
    }
    if (kind !== "reject") change.readings = { added: [{ start, end, coder: this.coder }] };
    return this.act(kind, { start, end }, fields, change);
  }

  // Put one change on the screen.
  apply({ codings, readings, memos, suggestions }) {
    for (const s of suggestions?.removed ?? []) this.suggestions.delete(suggestionId(s));
    for (const c of codings?.removed ?? []) this.codings.delete(idOf(c));
    for (const c of codings?.added ?? []) this.codings.set(idOf(c), c);
    for (const r of readings?.removed ?? []) this.readings.delete(spotOf(r));
    for (const r of readings?.added ?? []) this.readings.set(spotOf(r), r);
    if (memos?.removed) this.memos = this.memos.filter((m) => !memos.removed.includes(m));
    for (const m of memos?.added ?? []) if (!this.memos.includes(m)) this.memos.push(m);
  }

  // Send an act about words; `change` is what it will do to the screen.
  act(kind, span, fields, change, { silent = false } = {}) {
    const act = {
      kind,
      transcript: this.transcript,
      start: span.start,
      end: span.end,
      quote: quoteOf(this.text.slice(span.start, span.end)),
      ...fields,
    };
    return new Promise((resolve) => {
      this.outbox.add(act, {
        apply: () => {
          if (change) this.apply(change);
        },
        done: async (answer) => {
          const isCode = Boolean(answer.changed?.codes) || kind === "code-anew";
          if (kind === "code-anew") this.nameMade(fields.name, answer);
          this.revision = answer.revision;
          this.dispatchEvent(new Event("stored"));
          this.announceElsewhere(isCode);
          const again = (answer.repeated || isCode || kind === "note-words" || kind === "change-memo") && this.reload();
          if (isCode) await again; // until then the new code, and what is coded with it, is not there
          resolve({ answer });
        },
        refused: async (error) => {
          await this.takeBack();
          resolve({ error });
        },
      });
      if (change) this.apply(change);
      this.canUndo = true;
      this.canRedo = false;
      if (!silent) this.changed();
    });
  }

  code(span, code) {
    const made = { ...span, code, coder: this.coder, memo: "" };
    this.use(code);
    if (this.codings.has(idOf(made))) return null;
    const promise = this.act("code", span, { code }, { codings: { added: [made] } });
    return { coding: made, promise };
  }

  codeAnew(span, name) {
    return this.act("code-anew", span, { name }, null);
  }

  // What waits to make a code of this name as well applies it: it was not there yet to be chosen.
  nameMade(name, answer) {
    const code = answer.changed?.codings?.added[0]?.code;
    for (const { act } of code ? this.outbox.waiting : []) {
      if (act.kind === "code-anew" && act.name === name) {
        act.kind = "code";
        act.code = code;
        delete act.name;
      }
    }
  }

  uncode(c) {
    return this.act("uncode", c, { code: c.code }, { codings: { removed: [c] } });
  }

  recode(c, to) {
    this.use(to);
    const after = { ...c, code: to };
    const change = { codings: { removed: [c], added: [after] } };
    return { coding: after, promise: this.act("recode", c, { code: c.code, to }, change) };
  }

  respan(c, span) {
    const after = { ...c, ...span };
    const change = { codings: { removed: [c], added: [after] } };
    const fields = {
      code: c.code,
      to_start: span.start,
      to_end: span.end,
      to_quote: quoteOf(this.text.slice(span.start, span.end)),
    };
    return { coding: after, promise: this.act("respan", c, fields, change) };
  }

  noteCoding(c, memo) {
    const after = { ...c, memo };
    const change = { codings: { removed: [c], added: [after] } };
    return this.act("note-coding", c, { code: c.code, memo, base: c.memo }, change);
  }

  noteWords(span, memo) {
    const made = { ...span, coder: this.coder, text: memo };
    return this.act("note-words", span, { memo }, { memos: { added: [made] } });
  }

  // Write a memo on words otherwise; without words it is deleted.
  changeMemo(memo, text) {
    const { start, end } = memo;
    const change = { memos: { removed: [memo], added: text ? [{ ...memo, text }] : [] } };
    return this.act("change-memo", { start, end }, { memo: text, base: memo.text }, change);
  }

  // The coder's memo on exactly these words: the last one.
  memoOn({ start, end }) {
    return this.memos.findLast((m) => this.isMine(m) && m.start === start && m.end === end) ?? null;
  }

  markRead(span, isRead) {
    const reading = { ...span, coder: this.coder };
    const change = isRead ? { added: [reading] } : { removed: [reading] };
    return this.act(isRead ? "read" : "unread", span, {}, { readings: change });
  }

  // Finish the coder's pass; `unread` says what of the segments that are not read.
  finish(unread) {
    return new Promise((resolve) => {
      const then = async (outcome) => {
        await this.reload({ byItself: false });
        resolve(outcome);
      };
      this.outbox.add(
        { kind: "finish", transcript: this.transcript, unread },
        { done: (answer) => then({ answer }), refused: (error) => then({ error }) },
      );
    });
  }

  undo(redo = false) {
    return new Promise((resolve) => {
      this.outbox.add(
        { kind: "undo", redo },
        {
          done: async (answer) => {
            this.dispatchEvent(new Event("stored"));
            const place = await this.takeBack({ byItself: false });
            this.announceElsewhere(true);
            resolve({ answer, place });
          },
          refused: (error) => {
            this.reload();
            resolve({ error });
          },
        },
      );
    });
  }

  // The codes used last come first.
  use(code) {
    this.recent = [code, ...this.recent.filter((id) => id !== code)].slice(0, 9);
  }

  isMine(mark) {
    return mark.coder === this.coder;
  }

  // Codings that touch a span, in the order of the text; those of the chosen coders only.
  *touching(span, visible) {
    for (const c of this.codings.values()) {
      if (c.start < span.end && c.end > span.start && visible(c)) yield c;
    }
  }
}
