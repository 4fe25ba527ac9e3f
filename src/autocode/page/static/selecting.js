// The words that are about to be coded: selected with the mouse (whole words; with Alt as they are),
// or by moving the ends with the keyboard. The same keys move the ends of a coding.

import { byId } from "./dom.js";
import { say } from "./dom.js";
import { may } from "./may.js";

export class Selecting {
  constructor(view) {
    this.view = view;
    this.text = view.text;
    this.span = null;
    this.moving = null; // {edge, coding, span}
    this.bar = byId("bar");
    document.addEventListener("pointerup", (event) => {
      if (!this.bar.contains(event.target)) setTimeout(() => this.takeSelection(event.altKey));
    });
    document.addEventListener("keyup", (event) => {
      if (event.shiftKey && event.key.startsWith("Arrow")) this.takeSelection(event.altKey);
    });
    this.bar.addEventListener("click", (event) => {
      const { do: name } = event.target.closest("button")?.dataset ?? {};
      const actions = { code: "pickCode", again: "codeAgain", vivo: "codeInVivo", memo: "writeMemo" };
      if (name) view.hand[actions[name]]();
    });
    addEventListener("scroll", () => this.placeBar(), { passive: true });
  }

  takeSelection(isExact) {
    if (document.querySelector("dialog[open]")) return;
    const selection = getSelection();
    const selected = this.text.selected(selection);
    if (!selected) return;
    const span = isExact ? this.text.trim(selected) : this.text.snap(selected);
    if (!span) return;
    this.view.walk.goTo(span);
    this.view.meant.chosen = null;
    this.set(span);
    const range = this.text.liveRange(span.start, span.end);
    selection.removeAllRanges();
    selection.addRange(range);
  }

  set(span) {
    this.span = span;
    this.draw();
  }

  clear() {
    if (this.span || this.moving) {
      this.moving = null;
      this.span = null;
      getSelection().removeAllRanges();
      this.draw();
    }
  }

  draw() {
    this.view.marks.show("pending", this.moving?.span ?? this.span);
    this.text.root.classList.toggle("moving", Boolean(this.moving));
    this.placeBar();
  }

  placeBar() {
    const span = this.span;
    this.bar.hidden = !span || Boolean(this.moving?.coding) || !may("coder");
    if (this.bar.hidden) return;
    const { work } = this.view;
    const again = this.bar.querySelector("[data-do=again]");
    const code = work.codes.get(work.recent[0]);
    again.hidden = !code;
    if (code) again.firstChild.data = `${code.name} `;
    const box = this.text.liveRange(span.start, span.end).getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.bar;
    const top = box.bottom + 6 + offsetHeight < innerHeight ? box.bottom + 6 : box.top - offsetHeight - 6;
    const left = Math.max(6, Math.min(box.left, innerWidth - offsetWidth - 6));
    this.bar.style.setProperty("top", `${Math.max(6, top)}px`);
    this.bar.style.setProperty("left", `${left}px`);
  }

  // Begin to move an end: of the coding that is meant, else of the words to be coded.
  adjust(edge) {
    this.finish();
    const coding = this.span ? null : this.view.meant.target();
    if (coding && !this.view.meant.isMineOrSay(coding)) return;
    const { start, end } = coding ?? this.span ?? this.view.walk.unit.span;
    this.moving = { edge, coding, span: { start, end } };
    this.draw();
    say(`Moving the ${edge}: arrows by word, Ctrl by character, Enter keeps, Esc leaves.`);
  }

  // Keys while an end is moved; whether this was one of them.
  press(event) {
    if (!this.moving) return false;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      this.move(event.key === "ArrowRight" ? 1 : -1, event.ctrlKey || event.metaKey);
      return true;
    }
    if (event.key === "Enter") {
      this.finish();
      return true;
    }
    if (event.key === "Escape") {
      this.moving = null;
      this.draw();
      say("Left as it was.");
      return true;
    }
    if (event.key !== "Shift" && event.key !== "Control") this.finish();
    return false;
  }

  move(direction, byCharacter) {
    const { edge, span } = this.moving;
    const next = this.text.step(span[edge], direction, { edge, byCharacter });
    const moved = { ...span, [edge]: next };
    if (moved.start >= moved.end || !this.text.slice(moved.start, moved.end).trim()) return;
    this.moving.span = moved;
    this.draw();
    this.showEdge(moved, edge);
  }

  showEdge(span, edge) {
    const at = edge === "start" ? span.start : span.end - 1;
    this.text.pieceAt(at).element.scrollIntoView({ block: "nearest" });
    const words = this.text.slice(span.start, span.end);
    say(edge === "start" ? `Starts: ${words.slice(0, 40)}` : `Ends: ${words.slice(-40)}`);
  }

  finish() {
    const { moving } = this;
    if (!moving) return;
    this.moving = null;
    const { coding, span } = moving;
    if (!coding) this.set(span);
    else if (coding.start !== span.start || coding.end !== span.end) this.view.hand.respan(coding, span);
    this.draw();
  }
}
