// The dialog for a memo. What was typed and not kept stays as a draft while the page is open.

import { byId, make } from "./dom.js";

export class MemoDialog {
  constructor() {
    this.drafts = new Map();
    this.dialog = byId("memo");
    this.title = make("h2", { id: "memo-title" });
    this.quote = make("blockquote", { class: "quote" });
    this.kept = make("p", { class: "soft small" });
    this.area = make("textarea", { rows: "6", maxlength: "20000", "aria-labelledby": "memo-title" });
    this.keep = make(
      "button",
      { type: "button", class: "main", on: { click: () => this.close(true) } },
      "Keep ",
      make("kbd", {}, "Ctrl Enter"),
    );
    const leave = make(
      "button",
      { type: "button", on: { click: () => this.close(false) } },
      "Leave as draft ",
      make("kbd", {}, "Esc"),
    );
    this.dialog.replaceChildren(
      this.title, this.quote, this.area, this.kept, make("p", { class: "buttons" }, this.keep, leave),
    );
    this.dialog.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const isKept = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (!isKept && event.key !== "Escape") return;
      event.preventDefault();
      this.close(isKept);
    });
    // The browser says "close" a moment later, when another memo may be open already.
    this.dialog.addEventListener("close", () => {
      if (!this.dialog.open) this.close(false);
    });
  }

  // Ask for the words of a memo; resolves to them, or to null where they are not kept.
  open({ title, quote, words, draft }) {
    this.draft = draft;
    this.before = words;
    this.title.textContent = title;
    this.quote.textContent = quote.length > 300 ? `${quote.slice(0, 299)}…` : quote;
    this.area.value = this.drafts.get(draft) ?? words;
    this.kept.textContent = this.area.value !== words && words ? `Kept now: ${words}` : "";
    this.dialog.showModal();
    this.area.focus();
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  close(isKept) {
    const resolve = this.resolve;
    if (!resolve) return;
    this.resolve = null;
    const words = this.area.value;
    if (isKept || words === this.before) this.drafts.delete(this.draft);
    else this.drafts.set(this.draft, words);
    if (this.dialog.open) this.dialog.close();
    resolve(isKept && words !== this.before ? words : null);
  }
}
