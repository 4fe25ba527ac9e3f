// The list of codes: type to find one, digits for those used last, Enter; or a new code by its name.

import { byId, chip, make } from "./dom.js";

const MOST_SHOWN = 60;

export class Picker {
  constructor(work) {
    this.work = work;
    this.dialog = byId("picker");
    this.title = make("h2", { id: "picker-title" });
    this.input = make("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-expanded": "true", "aria-controls": "picker-list", "aria-autocomplete": "list",
      on: { input: () => this.fill() },
    });
    this.list = make("ul", { id: "picker-list", role: "listbox", "aria-label": "Codes" });
    this.about = make("p", { class: "soft small about-code" });
    this.help = make("p", { class: "soft small" });
    this.dialog.replaceChildren(this.title, this.input, this.list, this.about, this.help);
    this.dialog.addEventListener("keydown", (event) => this.press(event));
    // The browser says "close" a moment later, when the list may be open again.
    this.dialog.addEventListener("close", () => {
      if (!this.dialog.open) this.close();
    });
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index), event.shiftKey);
    });
  }

  // Ask for a code; `take` gets {code} or {name} for each that is chosen. Resolves when closed.
  open({ title, words = "", several = true, anew = true, newWords = "New code: ", placeholder = this.askFor(anew), listed = "Codes", take }) {
    this.take = take;
    this.several = several;
    this.anew = anew;
    this.newWords = newWords;
    this.input.placeholder = placeholder;
    this.input.setAttribute("aria-label", placeholder);
    this.list.setAttribute("aria-label", listed);
    this.title.textContent = title;
    this.input.value = words;
    this.help.textContent = several
      ? "Enter takes it, Shift+Enter takes it and stays, digits take one used last, Esc leaves."
      : "Enter takes it, Esc leaves.";
    this.dialog.showModal();
    this.fill({ preferNew: Boolean(words) });
    this.input.focus();
    this.input.select();
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  // What the list is for: where nothing can be found yet, a name can be typed.
  askFor(anew) {
    if (!anew) return "type to find a code";
    return this.work.codes.size ? "type to find a code, or a new name" : "type the name of a new code";
  }

  close() {
    const { resolve } = this;
    this.resolve = null;
    if (this.dialog.open) this.dialog.close();
    resolve?.();
  }

  fill({ preferNew = false } = {}) {
    const words = this.input.value.trim();
    const codes = words ? find(words, [...this.work.codes.values()]) : this.recentFirst();
    this.options = codes.slice(0, MOST_SHOWN).map((code) => ({ code }));
    const folded = fold(words);
    const isKnown = [...this.work.codes.values()].some((code) => fold(code.name) === folded);
    if (words && !isKnown && this.anew) this.options.push({ name: words });
    const nRecent = words ? 0 : this.work.recent.length;
    this.list.replaceChildren(
      ...this.options.map((option, i) => this.describe(option, i, i < nRecent)),
    );
    const last = this.options.length - 1;
    this.point(preferNew && this.options[last]?.name ? last : 0);
  }

  describe(option, i, isRecent) {
    const properties = {
      id: `option-${i}`, role: "option", "data-index": i, "aria-selected": "false",
    };
    if (!option.code) {
      return make("li", { ...properties, class: "new" }, this.newWords, make("bdi", {}, option.name));
    }
    const path = option.code.path ? make("bdi", { class: "soft small path" }, option.code.path) : null;
    const digit = isRecent && i < 9 ? make("kbd", {}, String(i + 1)) : null;
    return make("li", properties, chip(option.code), path, digit);
  }

  recentFirst() {
    const recent = this.work.recent
      .map((id) => this.work.codes.get(id))
      .filter((code) => code?.codable && !code.archived);
    const rest = [...this.work.codes.values()].filter(
      (code) => code.codable && !code.archived && !recent.includes(code),
    );
    return [...recent, ...rest];
  }

  point(i) {
    this.at = i;
    [...this.list.children].forEach((element, n) => {
      element.setAttribute("aria-selected", String(n === i));
      if (n === i) element.scrollIntoView({ block: "nearest" });
    });
    if (this.options.length) this.input.setAttribute("aria-activedescendant", `option-${i}`);
    else this.input.removeAttribute("aria-activedescendant");
    const code = this.options[i]?.code;
    this.about.textContent = code?.definition ?? "";
  }

  press(event) {
    if (event.isComposing) return;
    const n = this.options.length;
    if (event.key === "ArrowDown" && n) this.point((this.at + 1) % n);
    else if (event.key === "ArrowUp" && n) this.point((this.at + n - 1) % n);
    else if (event.key === "Enter") this.choose(this.at, event.shiftKey);
    else if (event.key === "Escape") this.close();
    else if (/^[1-9]$/.test(event.key) && !this.input.value && !hasModifier(event)) {
      if (Number(event.key) > this.work.recent.length) return;
      this.choose(Number(event.key) - 1, false);
    } else return;
    event.preventDefault();
  }

  choose(i, stays) {
    const option = this.options[i];
    if (!option) return;
    this.take(option.code ? { code: option.code.id } : { name: option.name });
    if (stays && this.several) {
      this.input.value = "";
      this.fill();
      this.input.focus();
    } else {
      this.close();
    }
  }
}

export const hasModifier = (event) => event.ctrlKey || event.altKey || event.metaKey;

export const fold = (words) =>
  words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

// Codes whose name, path, id or definition holds all the words; the nearest to the beginning first.
export function find(words, codes) {
  const parts = fold(words).split(" ");
  const ranked = [];
  for (const code of codes) {
    if (!code.codable || code.archived) continue;
    const name = fold(code.name);
    const rest = `${fold(code.path)} ${fold(code.id)} ${fold(code.definition)}`;
    if (!parts.every((part) => name.includes(part) || rest.includes(part))) continue;
    let rank = 3;
    if (name === parts.join(" ")) rank = -1;
    else if (name.startsWith(parts[0])) rank = 0;
    else if (name.includes(` ${parts[0]}`)) rank = 1;
    else if (name.includes(parts[0])) rank = 2;
    ranked.push([rank, code]);
  }
  ranked.sort((a, b) => a[0] - b[0]); // codes of one rank keep the codebook's order
  return ranked.map(([, code]) => code);
}
