// The thematic map: the server draws it, keys and the mouse move its cards, a list says the same.

import "./leave.js";
import { byId, count, make, say } from "./dom.js";
import { Keys } from "./keys.js";
import { may, mayOrSay } from "./may.js";
import { hasModifier } from "./picker.js";
import { ThemesWork, facts, keepFocus } from "./themes_work.js";

const STEP = 10;
const FAR = 50;
const PAUSE = 700; // milliseconds after the last arrow key until the card is kept there
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// [keys, name of the action, what it does in words, whether holding the key repeats it, who may]
const MAP_KEYS = [
  [["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], "nudge", may("coder") ? "move the card, with Shift further; in the list: next theme" : "in the list: next theme"],
  [["j"], "next", "next theme", true],
  [["k"], "previous", "previous theme", true],
  [["p"], "lay", "let the map lay out the card", false, "coder"],
  [["n"], "add", "new theme", false, "coder"],
  [["r"], "edit", "name and define the theme", false, "coder"],
  [["t"], "memo", "memo on the theme", false, "coder"],
  [["m"], "move", "put the theme under another", false, "coder"],
  [["l"], "relate", "relate the theme to another", false, "coder"],
  [["z"], "central", "make it the central theme, or not", false, "coder"],
  [["Delete", "Backspace"], "remove", "remove the theme", false, "coder"],
];
const BUTTONS = { edit: ["Name and define …", "r"], memo: ["Memo …", "t"], move: ["Put under …", "m"], relate: ["Relate …", "l"], central: ["Central", "z"], lay: ["Lay out by itself", "p"], remove: ["Remove …", "Del"] };
const ASKS = { edit: "askEdit", memo: "askMemo", move: "askUnder", relate: "askRelate", central: "setCentral", remove: "askRemove" };

class MapScreen {
  constructor() {
    this.work = new ThemesWork();
    this.box = byId("picture");
    this.at = this.work.themes[0]?.key ?? "";
    this.moving = null;
    const names = [...MAP_KEYS.map(([, name]) => name), "undo", "redo"];
    const actions = Object.fromEntries(names.map((name) => [name, () => this.run(name)]));
    this.keys = new Keys(byId("layout"), { ...actions, adjusting: (event) => this.nudge(event) }, {
      keys: MAP_KEYS,
      words: "Keys act while a card, or a theme in the list, has the focus. Every key has a button too.",
    });
    byId("new").addEventListener("click", () => this.run("add"));
    byId("lay-out").addEventListener("click", () => this.work.do({ kind: "map-lay-out" }, "Laid out anew."));
    for (const box of [this.box, byId("list")]) {
      box.addEventListener("focusin", ({ target }) => this.choose(target.closest("[data-theme]")?.dataset.theme));
      box.addEventListener("focusout", () => this.keep());
    }
    this.listenToDrags();
    this.work.addEventListener("change", () => (this.drawn = this.draw()));
    this.drawn = this.draw();
    // A picture drawn anew takes the card away to which a dialog gives the focus back.
    byId("ask").addEventListener("close", () => {
      if (document.activeElement === document.body) this.cardOf(this.at)?.focus({ preventScroll: true });
    });
    this.drawn.then(() => {
      if (document.activeElement === document.body) (this.cardOf(this.at) ?? byId("new")).focus({ preventScroll: true });
    });
  }

  get chosen() {
    return this.work.byKey.get(this.at) ?? null;
  }

  cardOf(key) {
    return this.box.querySelector(`[data-theme="${CSS.escape(key)}"]`);
  }

  itemOf(key) {
    return byId("list").querySelector(`[data-theme="${CSS.escape(key)}"]`);
  }

  async draw() {
    const { work } = this;
    const isShown = work.themes.length > 0;
    byId("layout").hidden = byId("lay-out").hidden = byId("save").hidden = !isShown;
    byId("new").hidden = work.is_blind;
    byId("empty").hidden = isShown || work.is_blind;
    byId("progress").textContent = !isShown ? "" : `${count(work.themes.length, "theme")}, ${count(work.relations.length, "relation")}`;
    if (!isShown) return this.box.replaceChildren();
    if (!this.chosen) this.at = work.themes[0].key;
    const wasInList = byId("list").contains(document.activeElement);
    byId("list").replaceChildren(...work.themes.map((theme) => this.describe(theme)));
    byId("relations").replaceChildren(...work.relations.map((relation) => this.describeRelation(relation)));
    if (wasInList) this.itemOf(this.at)?.focus({ preventScroll: true });
    await this.drawPicture();
    return null;
  }

  // The picture as the report has it, put into the page as a document: no markup is made of words.
  async drawPicture() {
    const request = new XMLHttpRequest();
    this.asked = request;
    const answer = await new Promise((resolve) => {
      request.open("GET", "/map/picture");
      const as = document.documentElement.dataset.as;
      if (as) request.setRequestHeader("Autocode-As", as);
      request.responseType = "document";
      request.onloadend = () => resolve(request.status === 200 ? request.responseXML : null);
      request.send();
    });
    if (this.asked !== request) return null; // a later one is under way, and shows more
    if (!answer) return say("The picture could not be drawn. The list says what is on the map.");
    const svg = document.importNode(answer.documentElement, true);
    svg.setAttribute("role", "group");
    for (const card of svg.querySelectorAll("[data-theme]")) {
      const theme = this.work.byKey.get(card.dataset.theme);
      [card.dataset.drawnX, card.dataset.drawnY] = [card.dataset.x, card.dataset.y];
      card.setAttribute("tabindex", "-1");
      card.setAttribute("role", "button");
      card.setAttribute("aria-roledescription", "card");
      card.setAttribute("aria-label", `${theme?.name ?? ""}${theme?.is_central ? ", central theme" : ""}: ${theme ? facts(theme) : ""}`);
    }
    // Keys may have gone on to another card while it was drawn.
    const isNowhere = document.activeElement === document.body && !document.querySelector("dialog[open]");
    const wasInPicture = isNowhere || this.box.contains(document.activeElement);
    this.box.replaceChildren(svg);
    this.showMoving();
    this.point();
    if (wasInPicture) this.cardOf(this.at)?.focus({ preventScroll: true });
    return null;
  }

  describe(theme) {
    const codes = theme.codes.map((id) => this.work.codesById.get(id)?.name).filter(Boolean);
    const drafts = theme.drafts.map(({ key, n_segments: n }) => `${count(n, "segment")} of ${key || "its own"}`);
    const inside = [...codes, ...drafts].join(", ");
    return make(
      "li",
      { style: { "--depth": theme.depth } },
      make(
        "button",
        { type: "button", class: "item", tabindex: "-1", "data-theme": theme.key },
        make("bdi", { class: "name" }, theme.name),
        theme.is_central ? " (central)" : "",
        make("span", { class: "facts" }, facts(theme)),
        inside ? make("span", { class: "facts" }, make("bdi", {}, inside)) : null,
      ),
    );
  }

  describeRelation(relation) {
    const [one, other] = [relation.one, relation.other].map((key) => this.work.describe(key));
    const words = `${one} ${relation.name || "relates to"} ${other}`;
    const button = (name, act) => make("button", { type: "button", "aria-label": `${name}: ${words}`, on: { click: act } }, name);
    return make(
      "li",
      {},
      make("span", {}, make("bdi", {}, one), " ", make("b", {}, make("bdi", {}, relation.name || "relates to")), " ", make("bdi", {}, other)),
      make(
        "span",
        { class: "buttons", "data-needs": "coder" },
        button("Change", () => this.work.askRelate(this.work.byKey.get(relation.one), relation).then(() => this.goTo(relation.one))),
        button("Reverse", () => this.work.reverse(relation).then(() => this.goTo(relation.one))),
        button("Remove", () => this.work.unrelate(relation).then(() => this.goTo(relation.one))),
      ),
    );
  }

  choose(key) {
    // A card of the picture that is about to be drawn anew may be of a theme that is gone.
    if (!this.work.byKey.has(key) || key === this.at) return;
    this.at = key;
    this.point();
  }

  point() {
    for (const element of document.querySelectorAll("#picture [data-theme], #list [data-theme]")) {
      const isHere = element.dataset.theme === this.at;
      element.setAttribute("tabindex", isHere ? "0" : "-1");
      if (isHere) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
    // A theme inside the card of another is reached from the list: some card can always be reached.
    if (!this.cardOf(this.at)) this.box.querySelector("[data-theme]")?.setAttribute("tabindex", "0");
    this.drawPanel();
  }

  drawPanel() {
    const back = keepFocus(byId("panel"));
    const theme = this.chosen;
    const inCard = this.cardOf(theme.key) !== null;
    const names = Object.entries(BUTTONS).filter(([name]) => name !== "lay" || theme.position.length);
    byId("panel").replaceChildren(
      make("h2", { id: "panel-title" }, make("bdi", {}, theme.name)),
      make("p", { class: "soft small" }, `${theme.is_central ? "Central theme" : "Theme"}; ${facts(theme)}`),
      theme.definition ? make("p", { class: "definition" }, make("bdi", {}, theme.definition)) : "",
      ...this.work.drawMemos(theme),
      inCard
        ? make("p", { class: "arrows", "data-needs": "coder", role: "group", "aria-label": "Move the card" }, ...Object.entries({ left: "←", up: "↑", down: "↓", right: "→" }).map(([name, sign]) => this.arrow(name, sign)))
        : make("p", { class: "soft small" }, "It is written in the card of ", make("bdi", {}, this.work.describe(theme.parent)), "."),
      make(
        "p",
        { class: "buttons", "data-needs": "coder" },
        ...names.map(([name, [words, key]]) =>
          make("button", { type: "button", "aria-pressed": name === "central" ? String(theme.is_central) : null, on: { click: () => this.run(name) } }, `${words} `, make("kbd", {}, key)),
        ),
      ),
    );
    back();
  }

  arrow(name, sign) {
    const by = ARROWS[`Arrow${name[0].toUpperCase()}${name.slice(1)}`];
    return make("button", { type: "button", "aria-label": `Move ${name}`, on: { click: () => this.shift(by[0] * FAR, by[1] * FAR) } }, sign);
  }

  run(name) {
    if (name === "undo" || name === "redo") return this.work.undo(name === "redo");
    if (name === "add") return this.work.askNew().then(() => this.goTo(this.work.made ?? this.at));
    if (name === "next" || name === "previous") return this.step(name === "next" ? 1 : -1);
    const theme = this.chosen;
    if (!theme) return null;
    if (name === "lay" && theme.position.length) return this.work.do({ kind: "map-move", theme: theme.key, position: [], base: theme.position }, "Laid out.");
    return this.work[ASKS[name]]?.(theme)?.then(() => this.at === theme.key || !this.chosen ? this.goTo(theme.key) : null);
  }

  // To a theme, or where it has gone to the first one; once the picture shows what was done.
  async goTo(key) {
    const from = this.at;
    await this.drawn;
    if (this.at !== from && this.chosen) return null; // keys have gone on meanwhile
    const { themes, byKey } = this.work;
    if (!themes.length) return byId("new").focus();
    this.at = byKey.has(key) ? key : themes[0].key;
    this.point();
    return (this.cardOf(this.at) ?? this.itemOf(this.at))?.focus();
  }

  step(by) {
    const { themes } = this.work;
    const next = themes[themes.findIndex((theme) => theme.key === this.at) + by];
    if (!next) return;
    const isInList = byId("list").contains(document.activeElement);
    this.choose(next.key);
    ((isInList ? null : this.cardOf(next.key)) ?? this.itemOf(next.key))?.focus();
  }

  // ---- moving a card: shown at once, kept when the keys rest

  nudge(event) {
    const by = ARROWS[event.key];
    if (!by || hasModifier(event)) return false;
    if (byId("list").contains(event.target)) {
      if (by[1]) this.step(by[1]);
      return true;
    }
    if (!this.box.contains(event.target)) return false;
    if (!mayOrSay("coder")) return true;
    const step = event.shiftKey ? FAR : STEP;
    this.shift(by[0] * step, by[1] * step);
    return true;
  }

  shift(x, y) {
    if (!this.cardOf(this.at)) return;
    if (this.moving?.key !== this.at) {
      this.keep();
      this.moving = { key: this.at, x: 0, y: 0 };
    }
    this.moving.x += x;
    this.moving.y += y;
    this.showMoving();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  // A card is shown where it was moved to, whether or not the picture has been drawn since.
  showMoving() {
    const card = this.moving && this.cardOf(this.moving.key);
    if (!card) return;
    const [x, y] = [Number(card.dataset.x) - Number(card.dataset.drawnX), Number(card.dataset.y) - Number(card.dataset.drawnY)];
    card.setAttribute("transform", `translate(${x + this.moving.x} ${y + this.moving.y})`);
  }

  async keep() {
    const { moving } = this;
    if (!moving || moving.isDragged) return;
    this.moving = null;
    clearTimeout(this.timer);
    const theme = this.work.byKey.get(moving.key);
    const card = this.cardOf(moving.key);
    if (!theme || !card || (!moving.x && !moving.y)) return;
    const position = [Number(card.dataset.x) + moving.x, Number(card.dataset.y) + moving.y].map((part) => Math.max(0, Math.round(part)));
    const base = theme.position;
    // The next keys go on from here, whether or not the server has answered and the picture is drawn.
    theme.position = position;
    [card.dataset.x, card.dataset.y] = position;
    await this.work.do({ kind: "map-move", theme: moving.key, position, base }, `${theme.name} is moved.`);
  }

  listenToDrags() {
    let from = null;
    this.box.addEventListener("pointerdown", (event) => {
      const card = event.target.closest("[data-theme]");
      if (!card || event.button !== 0) return;
      card.focus({ preventScroll: true });
      if (!may("coder")) return;
      this.keep();
      const svg = card.ownerSVGElement;
      from = { x: event.clientX, y: event.clientY, scale: svg.viewBox.baseVal.width / svg.getBoundingClientRect().width };
      this.moving = { key: card.dataset.theme, x: 0, y: 0, isDragged: true };
      this.box.setPointerCapture(event.pointerId);
    });
    this.box.addEventListener("pointermove", (event) => {
      if (!from || !this.moving) return;
      this.moving.x = (event.clientX - from.x) * from.scale;
      this.moving.y = (event.clientY - from.y) * from.scale;
      this.showMoving();
    });
    const stop = () => {
      from = null;
      if (this.moving) this.moving.isDragged = false;
      this.keep();
    };
    this.box.addEventListener("pointerup", stop);
    this.box.addEventListener("pointercancel", stop);
  }
}

new MapScreen();
