// The themes board: columns of cards, moved by keys, buttons or the mouse; what is chosen beside it.

import "./leave.js";
import { send } from "./http.js";
import { byId, chip, count, make, say } from "./dom.js";
import { Keys } from "./keys.js";
import { may } from "./may.js";
import { Refit } from "./refit.js";
import { Picker } from "./picker.js";
import { ThemesWork, facts, keepFocus } from "./themes_work.js";
import { describeChosen, describeExcerpt } from "./board_panel.js";
import { DraftActs } from "./drafts.js";

// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
const BOARD_KEYS = [
  [["j", "ArrowDown"], "next", "next card", true],
  [["k", "ArrowUp"], "previous", "previous card", true],
  [["ArrowRight"], "right", "next theme", true],
  [["ArrowLeft"], "left", "previous theme", true],
  [["e"], "open", "excerpts of the card (Enter as well)"],
  [["m"], "move", "move the card to a theme; a theme: under another", false, "coder"],
  [["b"], "also", "put the code under another theme as well", false, "coder"],
  [["Delete", "Backspace"], "remove", "take the card out of its theme; a theme: remove it", false, "coder"],
  [["n"], "add", "new theme", false, "coder"],
  [["r"], "edit", "name and define the theme; name the draft theme", false, "coder"],
  [["t"], "memo", "memo on the theme", false, "coder"],
  [["l"], "relate", "relate the theme to another", false, "coder"],
  [["z"], "central", "make it the central theme, or not", false, "coder"],
  [["c"], "code", "make a code of the draft theme", false, "coder"],
  [["g"], "merge", "merge the draft theme with others", false, "coder"],
  [["s"], "split", "split the draft theme", false, "coder"],
  [["x"], "drop", "drop the draft theme", false, "coder"],
  [["Escape"], "back", "back to the card"],
];
// Which buttons a chosen card has, by its kind.
const BUTTONS = {
  code: { open: "Excerpts", move: "Move to …", also: "Also under …", remove: "Take out" },
  draft: { open: "Excerpts", move: "Move to …", remove: "Take out", edit: "Name …", code: "Make a code …", merge: "Merge …", split: "Split …", drop: "Drop …" },
  theme: { open: "Excerpts", edit: "Name and define …", memo: "Memo …", move: "Put under …", relate: "Relate …", central: "Central", remove: "Remove …" },
  rest: {},
};
const KEY_OF = { open: "e", move: "m", also: "b", remove: "Del", edit: "r", memo: "t", relate: "l", central: "z", code: "c", merge: "g", split: "s", drop: "x" };
const REST = { key: "", name: "Not in a theme yet" };

class Board {
  constructor() {
    this.work = new ThemesWork();
    this.drafts = new DraftActs(this.work);
    this.board = byId("board");
    this.panel = byId("panel");
    this.at = { column: "", kind: "", id: "" };
    const names = [...BOARD_KEYS.map(([, name]) => name), "undo", "redo"];
    const actions = Object.fromEntries(names.map((name) => [name, () => this.run(name)]));
    // Beside the board the arrows scroll what is read there.
    actions.passes = ({ target, key }) => this.panel.contains(target) && key.startsWith("Arrow");
    this.keys = new Keys(byId("layout"), actions, {
      keys: BOARD_KEYS,
      words: "Letters act while a card or what is beside it has the focus. Every key has a button too.",
    });
    this.offered = [];
    this.picker = new Picker(this);
    this.drafting = new Refit((answer) => this.hearDraft(answer), "/themes/draft");
    byId("new").addEventListener("click", () => this.run("add"));
    byId("anew").addEventListener("click", () => this.drafts.askAnew((wanted) => this.drafting.start(wanted)));
    this.board.addEventListener("focusin", ({ target }) => this.choose(target.closest(".item")));
    this.board.addEventListener("click", ({ target }) => target.closest(".item") && this.open());
    this.listenToDrags();
    this.work.addEventListener("change", () => this.draw());
    this.draw();
    (byId("layout").hidden ? byId("new") : this.current)?.focus({ preventScroll: true });
  }

  // Themes are drafted beside the server; what is there when they are ready is shown.
  hearDraft({ state, message, isNews }) {
    const words = { running: "Themes are being drafted. You can go on.", failed: message };
    byId("drafting").textContent = words[state] ?? "";
    byId("anew").disabled = state === "running";
    if (isNews) this.work.reload().then(() => say("The draft themes are there."));
  }

  // What the list to choose from holds: the themes, as if they were codes.
  get codes() {
    const shape = (theme) => ({
      id: theme.key, name: theme.name, path: this.work.describe(theme.parent), definition: theme.definition ?? "",
      codable: true, letters: theme.key || "–", colour: "#1a4a7a", ink: "#ffffff",
    });
    const rows = this.offered.map((theme) => [theme.key, shape(theme)]);
    return new Map(rows);
  }

  get recent() {
    return [];
  }

  // Where a code stands: in its theme, else in the theme of a heading above it, else in none.
  isPlaced(code) {
    const held = new Set(this.work.themes.flatMap((theme) => theme.codes));
    for (let at = code; at; at = this.work.codesById.get(at.parent)) if (held.has(at.id)) return true;
    return false;
  }

  *columns() {
    for (const theme of this.work.themes) {
      const codes = theme.codes.map((id) => ({ kind: "code", id, item: this.work.codesById.get(id) }));
      const drafts = theme.drafts.map(({ key, n_segments: n }) => ({
        kind: "draft", id: key, item: this.work.draftsByKey.get(key) ?? null, n,
      }));
      yield { theme, cards: [...codes, ...drafts] };
    }
    const placed = new Set(this.work.themes.flatMap((theme) => theme.drafts.map((draft) => draft.key)));
    const codes = this.work.codes.filter((code) => !code.archived && !this.isPlaced(code));
    const drafts = this.work.drafts.filter((draft) => !placed.has(draft.key));
    yield {
      theme: REST,
      cards: [
        ...codes.map((item) => ({ kind: "code", id: item.id, item })),
        ...drafts.map((item) => ({ kind: "draft", id: item.key, item })),
      ],
    };
  }

  draw() {
    const { work } = this;
    const hadFocus = this.board.contains(document.activeElement);
    const isShown = !work.is_blind && (work.codes.length > 0 || work.drafts.length > 0 || work.themes.length > 0);
    byId("layout").hidden = !isShown;
    byId("new").hidden = byId("anew").hidden = work.is_blind;
    byId("empty").hidden = isShown || work.is_blind;
    byId("empty").textContent = `There are no codes and no draft themes yet.${may("coder") ? " Code on the transcripts, or have themes drafted." : ""}`;
    if (!isShown) return;
    const columns = [...this.columns()];
    const nRest = columns.at(-1).cards.length;
    byId("progress").textContent = `${count(work.themes.length, "theme")}, ${count(work.codes.length, "code")}, ${count(work.drafts.length, "draft theme")}; ${nRest} not in a theme yet${work.is_drafted ? `, ${count(work.n_unassigned, "segment")} in no draft theme` : ""}`;
    this.board.replaceChildren(...columns.map((column) => this.drawColumn(column)));
    this.point(this.find(this.at) ?? this.board.querySelector(".item"));
    if (hadFocus && !document.querySelector("dialog[open]")) this.current?.focus({ preventScroll: true });
  }

  drawColumn({ theme, cards }) {
    const isRest = theme === REST;
    const up = theme.parent ? make("span", { class: "up" }, "under ", make("bdi", {}, this.work.describe(theme.parent))) : null;
    const head = make(
      "button",
      { type: "button", class: "item head", tabindex: "-1", "data-column": theme.key, "data-kind": isRest ? "rest" : "theme", "data-id": theme.key },
      up,
      make("bdi", {}, theme.name),
      isRest ? make("span", { class: "facts" }, count(cards.length, "card")) : make("span", { class: "facts" }, `${theme.is_central ? "central, " : ""}${facts(theme)}`),
      theme.definition ? make("span", { class: "definition" }, make("bdi", {}, theme.definition)) : null,
    );
    const groups = isRest
      ? ["code", "draft"].map((kind) => [kind === "code" ? "Codes" : "Draft themes", cards.filter((card) => card.kind === kind)]).filter(([, held]) => held.length)
      : [["", cards]];
    const lists = groups.flatMap(([title, held]) => [
      title ? make("h3", {}, title) : null,
      held.length ? make("ul", {}, ...held.map((card) => this.drawCard(card, theme))) : null,
    ]);
    const none = isRest ? "Everything is in a theme." : `Nothing in it yet.${may("coder") ? " Choose a card and press m." : ""}`;
    return make(
      "section",
      { class: `column${theme.is_central ? " central" : ""}${isRest ? " rest" : ""}`, "data-theme": theme.key, "aria-label": theme.name },
      make("h2", {}, head),
      ...lists,
      cards.length ? null : make("p", { class: "none" }, none),
    );
  }

  drawCard({ kind, id, item, n }, theme) {
    const words = [];
    if (kind === "code") words.push(chip(item), make("span", { class: "facts" }, facts(item)));
    else if (item) {
      const cautions = item.cautions.length ? make("span", { class: "caution" }, `; ${item.cautions.join(", ")}`) : null;
      words.push(make("span", { class: "key" }, id), " ", make("bdi", {}, item.name), make("span", { class: "facts" }, facts(item), cautions));
    } else words.push(make("span", {}, id ? `${id}, of an earlier draft` : "placed by hand"), make("span", { class: "facts" }, count(n, "segment")));
    if (kind === "draft" && item && n && n !== item.n_segments) words.push(make("span", { class: "facts" }, `${n} placed here`));
    return make(
      "li",
      { class: `card ${kind}`, draggable: String(may("coder")) },
      make("button", { type: "button", class: "item", tabindex: "-1", "data-column": theme.key, "data-kind": kind, "data-id": id }, ...words),
    );
  }

  // ---- what is chosen

  find({ column, kind, id }) {
    const items = [...this.board.querySelectorAll(".item")];
    const same = items.filter((item) => item.dataset.kind === kind && item.dataset.id === id);
    return same.find((item) => item.dataset.column === column) ?? same[0] ?? null;
  }

  get current() {
    return this.board.querySelector(".item[aria-current]");
  }

  point(item) {
    if (!item) return;
    for (const other of this.board.querySelectorAll(".item[aria-current]")) {
      other.removeAttribute("aria-current");
      other.tabIndex = -1;
    }
    item.setAttribute("aria-current", "true");
    item.tabIndex = 0;
    const { column, kind, id } = item.dataset;
    this.at = { column, kind, id };
    this.drawPanel();
  }

  choose(item) {
    if (item && item !== this.current) this.point(item);
  }

  get chosen() {
    const { kind, id } = this.at;
    return { code: this.work.codesById, draft: this.work.draftsByKey, theme: this.work.byKey }[kind]?.get(id) ?? null;
  }

  drawPanel() {
    const back = keepFocus(this.panel);
    const { kind, id, column } = this.at;
    const item = this.chosen;
    const name = item?.name ?? (kind === "rest" ? REST.name : id || "placed by hand");
    const names = Object.entries(BUTTONS[kind]).filter(([action]) => this.applies(action));
    this.panel.replaceChildren(
      make("h2", { id: "panel-title", tabindex: "-1" }, kind === "draft" ? `${id} ` : "", make("bdi", {}, name)),
      ...describeChosen(this.work, kind, item, column),
      make(
        "p",
        { class: "buttons" },
        ...names.map(([action, words]) =>
          make(
            "button",
            { type: "button", "data-needs": action === "open" ? null : "coder", "aria-pressed": action === "central" ? String(item.is_central) : null, on: { click: () => this.run(action) } },
            `${words} `,
            make("kbd", {}, KEY_OF[action]),
          ),
        ),
      ),
      make("div", { id: "excerpts" }),
    );
    back();
  }

  applies(action) {
    const { kind, column, id } = this.at;
    if (action === "remove" || action === "also") return kind === "theme" || column !== "";
    if (kind === "draft" && !this.chosen) return action === "move";
    if (action === "split") return this.chosen.parts.length > 0;
    if (action === "merge") return this.work.drafts.length > 1;
    return id !== "" || kind !== "rest";
  }

  async open() {
    const { kind, id } = this.at;
    if (kind === "rest") return;
    const path = `/themes/excerpts?${new URLSearchParams({ [kind]: id })}`;
    const answer = await send("GET", path).catch((error) => ({ n: 0, excerpts: [], error: error.message }));
    if (this.at.kind !== kind || this.at.id !== id) return;
    const { n, excerpts } = answer;
    byId("excerpts").replaceChildren(
      make("h3", {}, answer.error ?? (n > excerpts.length ? `${excerpts.length} of ${n} excerpts` : count(n, "excerpt"))),
      make("ul", { class: "excerpts" }, ...excerpts.map((row) => make("li", {}, ...describeExcerpt(row)))),
    );
    byId("panel-title").focus({ preventScroll: matchMedia("(min-width:1001px)").matches });
  }

  // ---- acts

  run(name) {
    if (name === "undo" || name === "redo") return this.work.undo(name === "redo");
    if (name === "add") return this.work.askNew().then(() => this.goToMade());
    if (name === "back") return this.current?.focus();
    if (name === "next" || name === "previous") return this.step(name === "next" ? 1 : -1);
    if (name === "left" || name === "right") return this.cross(name === "right" ? 1 : -1);
    if (!(name in BUTTONS[this.at.kind]) || !this.applies(name)) return say("That cannot be done with what is chosen.");
    if (name === "open") return this.open();
    return this.act(name).then(() => this.current?.focus({ preventScroll: true }));
  }

  async act(name) {
    const { work } = this;
    const { kind, column, id } = this.at;
    const item = this.chosen;
    if (name === "move" && kind !== "theme") return this.pickTheme(false);
    if (name === "also") return this.pickTheme(true);
    if (kind === "draft" && name !== "remove") return this.drafts.ask(name, item);
    if (name === "remove" && kind !== "theme") {
      return work.do({ kind: "theme-move", ...this.cards(kind, id), origin: column, into: "" }, "Taken out.");
    }
    const asks = { edit: "askEdit", memo: "askMemo", move: "askUnder", relate: "askRelate", central: "setCentral", remove: "askRemove" };
    return work[asks[name]](item);
  }

  cards(kind, id) {
    return kind === "code" ? { codes: [id] } : { drafts: [id] };
  }

  async pickTheme(also) {
    const { kind, id, column } = this.at;
    this.offered = this.work.themes.filter((theme) => theme.key !== column);
    if (column && !also) this.offered.push(REST);
    let chosen = null;
    await this.picker.open({
      title: `${also ? "Also under" : "Move to"}: ${this.chosen?.name ?? id}`,
      several: false,
      placeholder: "type to find a theme, or a new name",
      newWords: "New theme: ",
      listed: "Themes",
      take: (choice) => (chosen = choice),
    });
    if (chosen) await this.put({ kind, id, column: also ? "" : column }, chosen);
  }

  // Move a card to a theme that is there (`code` is its key) or to a new one.
  async put({ kind, id, column }, { code, name }) {
    const cards = { ...this.cards(kind, id), origin: column };
    const into = name === undefined ? code : "";
    if (name === undefined && into === column) return;
    const act = name === undefined ? { kind: "theme-move", ...cards, into } : { kind: "theme-add", name, ...cards };
    const words = name === undefined ? `Moved to '${into ? this.work.describe(into) : REST.name}'.` : `Moved to the new theme '${name}'.`;
    this.at = { column: into, kind, id };
    if (await this.work.do(act, words)) {
      const made = this.find({ kind, id, column: this.work.made ?? into });
      this.point(made);
    }
  }

  goToMade() {
    const made = this.work.made && this.find({ column: this.work.made, kind: "theme", id: this.work.made });
    this.point(made ?? this.current);
    this.current?.focus();
  }

  step(by) {
    const items = [...this.board.querySelectorAll(".item")];
    const next = items[items.indexOf(this.current) + by];
    if (next) this.go(next);
  }

  // To the same row of the next column, or its last card.
  cross(by) {
    const columns = [...this.board.children];
    const here = this.current.closest(".column");
    const row = [...here.querySelectorAll(".item")].indexOf(this.current);
    const items = columns[columns.indexOf(here) + by]?.querySelectorAll(".item");
    if (items) this.go(items[Math.min(row, items.length - 1)]);
  }

  go(item) {
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  // ---- the mouse, as an extra

  listenToDrags() {
    let dragged = null;
    const over = (event, on) => event.target.closest?.(".column")?.classList.toggle("over", on);
    this.board.addEventListener("dragstart", (event) => {
      const { column, kind, id } = event.target.querySelector(".item").dataset;
      dragged = { column, kind, id };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", id);
    });
    this.board.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      over(event, true);
    });
    this.board.addEventListener("dragleave", (event) => over(event, false));
    this.board.addEventListener("dragend", () => (dragged = null));
    this.board.addEventListener("drop", (event) => {
      const column = event.target.closest?.(".column");
      if (!dragged || !column) return;
      event.preventDefault();
      over(event, false);
      this.put(dragged, { code: column.dataset.theme });
      dragged = null;
    });
  }
}

new Board();
