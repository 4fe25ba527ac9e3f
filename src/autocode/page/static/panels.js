// The panels beside the text: the codings at this place and the codebook; all memos; the last acts.

import { send } from "./http.js";
import { byId, chip, make } from "./dom.js";
import { may } from "./may.js";

const WHEN = new Intl.DateTimeFormat([], {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

export class Tabs {
  constructor(list) {
    this.tabs = [...list.querySelectorAll("[role=tab]")].filter((tab) => may(tab.dataset.needs));
    this.opened = new Map();
    for (const tab of this.tabs) tab.addEventListener("click", () => this.show(tab));
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const n = this.tabs.length;
      const next = this.tabs[(this.tabs.indexOf(document.activeElement) + step + n) % n];
      this.show(next);
      next.focus();
    });
  }

  onOpen(id, act) {
    this.opened.set(id, act);
  }

  show(tab) {
    for (const other of this.tabs) {
      const isShown = other === tab;
      other.setAttribute("aria-selected", String(isShown));
      other.tabIndex = isShown ? 0 : -1;
      byId(other.getAttribute("aria-controls")).hidden = !isShown;
    }
    this.opened.get(tab.id)?.();
  }

  open(id) {
    this.show(byId(id));
  }

  isShown(id) {
    return byId(id).getAttribute("aria-selected") === "true";
  }
}

export class CodesPanel {
  constructor(view) {
    this.view = view;
    this.here = make("div", { class: "here" });
    this.codes = make("ul", { class: "codes list" });
    this.about = make("p", { class: "soft small" });
    byId("panel-codes").replaceChildren(
      make("h2", {}, "At this place"),
      this.here,
      make("p", {}, make("button", { type: "button", class: "small", on: { click: () => view.showAlike() } }, "Excerpts like this ", make("kbd", {}, "l"))),
      make("h2", {}, make("a", { href: "/codes" }, "Codebook")),
      this.about,
      this.codes,
    );
    this.codes.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-code]");
      if (button) view.hand.applyCode({ code: view.work.codes.get(button.dataset.code).id });
    });
  }

  draw() {
    const { view } = this;
    const rows = view.meant.codingsHere().map((coding) => this.describe(coding));
    this.here.replaceChildren(
      ...(rows.length ? [make("ul", { class: "list" }, ...rows)] : [make("p", { class: "soft" }, this.emptyWords())]),
    );
    this.drawCodes();
  }

  emptyWords() {
    const reading = this.view.meant.readingHere();
    return reading ? "Read; no code applies." : "Nothing is coded here yet.";
  }

  describe(coding) {
    const { view } = this;
    const isMine = view.work.isMine(coding);
    const code = view.work.codes.get(coding.code);
    const isChosen = view.meant.isChosen(coding);
    const choose = make(
      "button",
      {
        type: "button", class: "plain", "aria-pressed": String(isChosen),
        on: { click: () => view.meant.choose(coding) },
      },
      chip(code),
    );
    const button = (words, key, act) =>
      make(
        "button",
        { type: "button", "aria-label": `${words}: ${code.name}`, on: { click: act } },
        `${words} `,
        make("kbd", {}, key),
      );
    return make(
      "li",
      { class: isChosen ? "chosen" : null },
      choose,
      isMine ? null : make("bdi", { class: "soft small" }, ` ${coding.coder}`),
      coding.memo ? make("p", { class: "small memo-words" }, coding.memo) : null,
      isMine && isChosen && may("coder")
        ? make(
            "p",
            { class: "buttons small" },
            button("Change", "c", () => view.withChosen(coding, "code")),
            button("Memo", "m", () => view.withChosen(coding, "memo")),
            button("Start", "[", () => view.withChosen(coding, "moveStart")),
            button("End", "]", () => view.withChosen(coding, "moveEnd")),
            button("Take away", "Del", () => view.withChosen(coding, "remove")),
            make("a", { href: `/codes/${code.number}`, "aria-label": `In the codebook: ${code.name}` }, "In the codebook"),
          )
        : null,
    );
  }

  drawCodes() {
    const { work } = this.view;
    const counts = new Map();
    for (const c of this.view.visibleCodings()) counts.set(c.code, (counts.get(c.code) ?? 0) + 1);
    const sign = [...work.codes.values()]
      .map((code) => `${code.id}/${code.name}/${code.colour}/${counts.get(code.id) ?? 0}`)
      .join("\n");
    if (sign === this.sign) return;
    this.sign = sign;
    const key = (letter) => make("kbd", {}, letter);
    this.about.replaceChildren(
      ...(work.codes.size
        ? [may("coder") ? "A click puts the code on the selected words or the segment." : ""]
        : may("coder")
          ? ["There are no codes yet. Make the first with ", key("c"), " and its name, or ", key("i"), " for the words themselves."]
          : ["There are no codes yet."]),
    );
    this.codes.replaceChildren(
      ...[...work.codes.values()]
        .filter((code) => !code.archived)
        .map((code) => {
          const name = code.codable && may("coder")
            ? make("button", { type: "button", class: "plain", "data-code": code.id, title: code.definition || null }, chip(code))
            : chip(code);
          const count = make("span", { class: "n soft small" }, String(counts.get(code.id) ?? ""));
          return make("li", { style: { "--depth": code.depth } }, name, count);
        }),
    );
  }
}

export class MemosPanel {
  constructor(view) {
    this.view = view;
    this.panel = byId("panel-memos");
  }

  draw() {
    const { work } = this.view;
    const memos = [
      ...work.memos.map((memo) => ({ ...memo, code: null })),
      ...[...this.view.visibleCodings()].filter((c) => c.memo).map((c) => ({ ...c, text: c.memo })),
    ].filter((memo) => this.view.isShownCoder(memo.coder));
    memos.sort((a, b) => a.start - b.start || a.end - b.end);
    this.panel.replaceChildren(
      make("h2", {}, "Memos"),
      memos.length
        ? make("ul", { class: "list memos" }, ...memos.map((memo) => this.describe(memo)))
        : make("p", { class: "soft" }, `No memos on this transcript yet.${may("coder") ? " Press m on a coding or on selected words." : ""}`),
    );
  }

  button(words, quote, act) {
    const label = `${words} the memo on “${quote}”`;
    return make("button", { type: "button", "aria-label": label, on: { click: act } }, words);
  }

  describe(memo) {
    const quote = this.view.text.slice(memo.start, Math.min(memo.end, memo.start + 80));
    const code = memo.code ? this.view.work.codes.get(memo.code) : null;
    return make(
      "li",
      {},
      code ? chip(code) : null,
      make("p", { class: "memo-words" }, memo.text),
      make(
        "p",
        { class: "small" },
        make(
          "button",
          { type: "button", class: "plain link", on: { click: () => this.view.walk.goTo(memo) } },
          make("bdi", {}, `“${quote}${memo.end > memo.start + 80 ? " …" : ""}”`),
        ),
        make("bdi", { class: "soft" }, ` ${memo.coder}`),
      ),
      memo.code || !this.view.work.isMine(memo) || !may("coder")
        ? null
        : make(
            "p",
            { class: "buttons small" },
            this.button("Change", quote, () => this.view.hand.editMemo(memo)),
            this.button("Delete", quote, () => this.view.hand.deleteMemo(memo)),
          ),
    );
  }
}

export class HistoryPanel {
  constructor(view) {
    this.view = view;
    this.panel = byId("panel-history");
  }

  async draw() {
    const answer = await send("GET", "/acts/last", undefined, { byItself: true }).catch(() => null);
    if (!answer) return;
    const { acts } = answer;
    this.panel.replaceChildren(
      make("h2", {}, "Last acts"),
      acts.length
        ? make("ol", { class: "list history" }, ...acts.map((act) => this.describe(act)))
        : make("p", { class: "soft" }, "Nothing has been done yet."),
    );
  }

  describe(act) {
    const time = WHEN.format(new Date(act.made_at));
    return make(
      "li",
      { class: act.is_undone ? "undone" : null },
      make("bdi", {}, act.summary),
      make("span", { class: "soft small" }, ` ${act.number === null ? "" : `${act.number} · `}${time}${act.is_undone ? " · taken back" : ""}`),
    );
  }
}
