// The tree of codes: arrows walk it, Alt+arrows move a code, the field above it filters.

import { byId, chip, count, make, say } from "./dom.js";
import { fold, hasModifier } from "./picker.js";

export class CodeTree {
  constructor(view) {
    this.view = view;
    this.list = byId("tree");
    this.closed = new Set();
    this.at = null;
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=treeitem]");
      if (!item) return;
      this.at = item.dataset.code;
      if (event.target.closest(".twig")) this.toggle(this.at);
      else view.show(view.codes.get(this.at).number).then(() => this.focus());
    });
    this.find = byId("find");
    this.find.addEventListener("input", () => this.draw());
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.find.value) this.find.value = "";
      else if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.draw();
      this.at = this.shown[0]?.id ?? null;
      this.focus();
    });
    this.listenToDrags();
  }

  draw() {
    const { view } = this;
    const rows = [...view.codes.values()];
    const isFound = this.findRows(rows);
    this.parents = new Set(rows.map((row) => row.parent));
    const words = this.find.value.trim();
    this.shown = rows.filter((row) => (words ? isFound.has(row.id) : !this.isHidden(row)));
    if (!this.shown.some((row) => row.id === this.at)) this.at = view.code?.id ?? this.shown[0]?.id ?? null;
    if (!this.shown.some((row) => row.id === this.at)) this.at = this.shown[0]?.id ?? null;
    const hadFocus = this.list.contains(document.activeElement);
    this.list.replaceChildren(...this.shown.map((row) => this.describe(row)));
    this.list.hidden = !rows.length;
    byId("found").textContent = words ? `${isFound.matches} of ${count(rows.length, "code")}.` : "";
    if (hadFocus) this.focus();
  }

  // The ids of codes that hold the words, and of those above them.
  findRows(rows) {
    const parts = fold(this.find.value).split(" ");
    const found = new Set();
    found.matches = 0;
    for (const row of rows) {
      const words = fold(`${row.name} ${row.id} ${row.definition} ${row.inclusion}`);
      if (!parts.every((part) => words.includes(part))) continue;
      found.matches += 1;
      for (let one = row; one; one = this.view.codes.get(one.parent)) found.add(one.id);
    }
    return found;
  }

  isHidden(row) {
    for (let above = row.parent; above; above = this.view.codes.get(above)?.parent) {
      if (this.closed.has(above)) return true;
    }
    return false;
  }

  // Whether a code is another one or stands below it.
  isBelow(row, other) {
    for (let one = row; one; one = this.view.codes.get(one.parent)) if (one.id === other.id) return true;
    return false;
  }

  beside(row) {
    return [...this.view.codes.values()].filter((one) => one.parent === row.parent);
  }

  describe(row) {
    const isParent = this.parents.has(row.id);
    const beside = this.beside(row);
    const notes = [row.archived && "archived", row.n_outdated && `${row.n_outdated} to look at`].filter(Boolean).join(", ");
    return make(
      "li",
      {
        role: "treeitem", "data-code": row.id, tabindex: row.id === this.at ? "0" : "-1", draggable: String(this.view.state.can_edit),
        "aria-level": row.depth + 1, "aria-setsize": beside.length, "aria-posinset": beside.indexOf(row) + 1,
        "aria-expanded": isParent ? String(!this.closed.has(row.id)) : null,
        "aria-selected": String(row.id === this.view.code?.id),
        class: row.archived ? "archived" : null, style: { "--depth": row.depth },
      },
      make("span", { class: "twig", "aria-hidden": "true" }, isParent ? (this.closed.has(row.id) ? "▸" : "▾") : ""),
      chip(row),
      notes ? make("span", { class: "soft small" }, notes) : null,
      make("span", { class: "n small" }, String(row.n_codings), make("span", { class: "unseen" }, row.n_codings === 1 ? " coding" : " codings"), row.n_below ? make("span", { class: "soft" }, ` +${row.n_below}`, make("span", { class: "unseen" }, " below")) : null),
    );
  }

  press(event) {
    const row = this.view.codes.get(this.at);
    if (!row || event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      if (event.key.startsWith("Arrow")) {
        event.preventDefault();
        this.shift(row.id, event.key.slice(5));
      }
      return;
    }
    if (hasModifier(event)) return;
    const i = this.shown.indexOf(row);
    const isParent = this.parents.has(row.id);
    const isClosed = this.closed.has(row.id);
    const steps = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: this.shown.length - 1 };
    if (event.key in steps) this.point(this.shown[steps[event.key]]);
    else if (event.key === "Enter" || event.key === " ") this.view.show(row.number);
    else if (event.key === "ArrowRight" && isParent) isClosed ? this.toggle(row.id) : this.point(this.shown[i + 1]);
    else if (event.key === "ArrowLeft") isParent && !isClosed ? this.toggle(row.id) : this.point(this.view.codes.get(row.parent));
    else return;
    event.preventDefault();
  }

  // A move waits for the one before it, since it carries the code as that one leaves it.
  shift(id, where) {
    const move = () => this.move(id, where);
    this.moving = Promise.resolve(this.moving).then(move, move);
  }

  // The shown code is the one that keys act on, so that a code is shown before it is moved.
  async move(id, where) {
    const { view } = this;
    const row = view.codes.get(id);
    if (!row) return null;
    if (!view.state.can_edit) return view.run("move");
    const beside = this.beside(row);
    const at = beside.indexOf(row);
    if (view.code?.id !== row.id) await view.show(row.number, { keep: true });
    if (!view.code) return null;
    if (where === "Up" || where === "Down") {
      const by = where === "Up" ? -1 : 1;
      if (!beside[at + by]) return say(`${row.name} is at the end of its row.`);
      return view.act({ kind: "code-shift", ...view.about, by }, `Moved ${where.toLowerCase()}. Ctrl+Z undoes.`);
    }
    if (where === "Right") return beside[at - 1] ? view.place(beside[at - 1].id) : say("No code stands before it.");
    return row.parent ? view.place(view.codes.get(row.parent).parent) : say(`${row.name} is at the top.`);
  }

  toggle(id) {
    if (!this.closed.delete(id)) this.closed.add(id);
    this.draw();
    this.focus();
  }

  point(row) {
    if (!row) return;
    this.at = row.id;
    for (const item of this.list.children) item.tabIndex = item.dataset.code === row.id ? 0 : -1;
    this.focus();
  }

  focus() {
    const item = [...this.list.children].find((one) => one.dataset.code === this.at);
    if (item) item.focus();
    else document.querySelector("#detail button")?.focus();
  }

  listenToDrags() {
    let dragged = null;
    const over = (event) => event.target.closest?.("[role=treeitem]");
    this.list.addEventListener("dragstart", (event) => (dragged = over(event)?.dataset.code));
    this.list.addEventListener("dragover", (event) => {
      if (dragged && over(event)) event.preventDefault();
    });
    this.list.addEventListener("drop", async (event) => {
      event.preventDefault();
      const [row, target] = [dragged, over(event)?.dataset.code].map((id) => this.view.codes.get(id));
      dragged = null;
      if (!row || !target || this.isBelow(target, row)) return;
      await this.view.show(row.number, { keep: true });
      await this.view.place(target.id);
    });
  }
}
