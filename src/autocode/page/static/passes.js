// A coder's pass: that it is blind, that it is finished, and how it comes to be.

import { byId, count, make, say } from "./dom.js";
import { send } from "./http.js";

const WORDS = 110;

// Asks in the dialog of the page; resolves to the value of the button, or to null.
function ask(title, contents, choices) {
  const dialog = byId("pass-dialog");
  return new Promise((resolve) => {
    let answer = null;
    const buttons = [...choices, ["Go back", null]].map(([words, value]) =>
      make(
        "button",
        {
          type: "button",
          on: {
            click: () => {
              answer = value;
              dialog.close();
            },
          },
        },
        words,
      ),
    );
    dialog.replaceChildren(
      make("h2", { id: "pass-title" }, title),
      ...contents,
      make("p", { class: "buttons" }, ...buttons),
    );
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    dialog.showModal();
  });
}

// Asks whether to finish a pass: unread segments come first. Resolves to what is done with those,
// "refuse" where there are none, or to null where the coder goes on.
export async function askToFinish(number) {
  const { n_segments: n, unread } = await send("GET", `/t/${number}/unread`);
  const fixed = make(
    "p",
    { class: "soft" },
    "What you coded is then fixed. Whoever leads can open the pass again, which is kept in the record.",
  );
  if (!unread.length) {
    return ask("Finish this pass", [make("p", {}, n === 1 ? "The one segment is read." : `All ${n} segments are read.`), fixed], [["Finish", "refuse"]]);
  }
  const rows = unread.map((segment) => describe(number, segment));
  const first = make("p", {}, `${unread.length} of ${count(n, "segment")} ${n === 1 ? "is" : "are"} not read yet:`);
  const list = make("ol", { class: "unread", tabindex: "0", "aria-label": "Unread segments" }, ...rows);
  return ask("Finish this pass", [first, list, fixed], [
    ["All read, nothing applies: finish", "read"],
    ["Leave them unread: finish", "leave"],
  ]);
}

// Asks whether to reveal passes; resolves to true or null.
export function askToReveal(name) {
  const words = make(
    "p",
    {},
    "The passes through ",
    make("bdi", {}, name),
    " are shown to each other, and stay as they were coded. This cannot be undone.",
  );
  return ask("Reveal these passes", [words], [["Reveal", true]]);
}

function describe(number, segment) {
  const points = [...segment.excerpt];
  const words = points.length > WORDS ? `${points.slice(0, WORDS).join("")}…` : segment.excerpt;
  const link = make(
    "a",
    { href: `/t/${number}#${segment.start}-${segment.end}`, on: { click: () => byId("pass-dialog").close() } },
    make("bdi", {}, words),
  );
  return make("li", {}, segment.speaker ? make("bdi", { class: "soft" }, `${segment.speaker}: `) : null, link);
}

// What stands above the text of a transcript.
export class PassBar {
  constructor(view) {
    this.view = view;
    this.bar = byId("pass");
    addEventListener("hashchange", () => view.walk.goToAddress());
  }

  draw() {
    const { state, is_blind: isBlind } = this.view.work.pass;
    const sign = `${state}/${isBlind}`;
    if (sign === this.sign) return;
    this.sign = sign;
    this.bar.hidden = !state && !isBlind;
    const isFixed = state === "finished" || state === "revealed";
    this.bar.replaceChildren(
      ...[
        isBlind ? make("p", { class: "blind" }, "Blind: you do not see other coders.") : null,
        state === "finished" ? make("p", {}, "Your pass is finished: your work here is fixed.") : null,
        state === "revealed" ? make("p", {}, "This pass is revealed: your work here stays as it was coded.") : null,
        state && !isFixed
          ? make("button", { type: "button", id: "finish", on: { click: () => this.finish() } }, "Finish")
          : null,
      ].filter(Boolean),
    );
  }

  async finish() {
    const { view } = this;
    if (view.outbox.waiting.length) return say("Not everything is saved yet. Try again in a moment.");
    const unread = await askToFinish(view.work.transcript).catch((error) => say(error.message));
    if (!unread) return view.focusBack();
    const { error } = await view.work.finish(unread);
    say(error ? error.message : "Your pass is finished.");
    view.focusBack();
  }
}
