// What a person decides on draft themes, each after a look at what would come of it.

import { send } from "./http.js";
import { count, make } from "./dom.js";
import { ask, field } from "./ask.js";
import { facts } from "./themes_work.js";

export class DraftActs {
  constructor(work) {
    this.work = work;
  }

  ask(name, draft) {
    return { edit: () => this.rename(draft), code: () => this.makeCode(draft), merge: () => this.merge(draft), split: () => this.split(draft), drop: () => this.drop(draft) }[name]();
  }

  act(action, drafts, more = {}) {
    return { kind: "draft-decide", action, drafts: drafts.map((d) => d.key), base: drafts.map((d) => d.name), ...more };
  }

  // Have themes drafted, or drafted anew; `start` begins it.
  askAnew(start) {
    const words = this.work.is_drafted
      ? "They are drafted anew from what no coding and no likely suggestion covers by now. The draft themes of now go, with their names; what is placed on the map stays there. This is not undone."
      : "They are drafted from what no coding and no likely suggestion covers.";
    return ask({
      title: this.work.is_drafted ? "Draft themes anew" : "Draft themes",
      children: [make("p", {}, words), make("p", { class: "soft small" }, "This takes a while, in a process beside the page. With more choices: autocode themes draft STUDY")],
      confirm: "Draft",
      act: () => ({}),
      perform: (act) => Promise.resolve(start(act)).then(() => null),
    });
  }

  rename(draft) {
    const name = field("Name", draft.name);
    return ask({
      title: `Name ${draft.key}`,
      children: [name.label],
      confirm: "Keep",
      focus: name.input,
      act: () => this.act("rename", [draft], { name: name.input.value }),
      perform: (act) => this.work.perform(act, "Named."),
    });
  }

  // A code by the draft's name; its segments are listed, and those ticked are coded as well.
  makeCode(draft) {
    const name = field("Name of the code", draft.name);
    const list = make("ul", { class: "ticks" });
    const more = make("p", { class: "soft small" });
    const ticked = () => [...list.querySelectorAll("input:checked")].map((box) => box.value);
    const tickAll = ({ target }) => list.querySelectorAll("input").forEach((box) => (box.checked = target.checked));
    this.list(draft, list, more);
    return ask({
      title: `Make a code of ${draft.key}`,
      children: [
        name.label,
        make("p", {}, `Its typical excerpts become examples. Read its ${count(draft.n_segments, "segment")} and tick those to be coded with it, as your work.`),
        make("p", {}, make("label", { class: "check" }, make("input", { type: "checkbox", on: { change: tickAll } }), " all of them")),
        list,
        more,
      ],
      confirm: "Make the code",
      focus: name.input,
      act: () => this.act("code", [draft], { name: name.input.value, coded: ticked() }),
      perform: (act) => this.work.perform(act, `The code is made, ${count(act.coded.length, "segment")} coded.`),
    });
  }

  async list(draft, list, more) {
    const { excerpts, n } = await send("GET", `/themes/excerpts?draft=${draft.key}`);
    const rows = excerpts.map((row) => {
      const box = make("input", { type: "checkbox", value: row.address.slice("/t/".length) });
      const who = make("span", { class: "soft small" }, ` ${row.participant || row.transcript}`);
      return make("li", {}, make("label", { class: "tick" }, box, make("span", {}, make("bdi", {}, row.words), who)));
    });
    list.replaceChildren(...rows);
    if (n > rows.length) more.textContent = `${n - rows.length} more can be coded with: autocode themes apply STUDY ${draft.key}`;
  }

  merge(draft) {
    const others = this.work.drafts.filter((other) => other.key !== draft.key);
    const boxes = others.map((other) => {
      const box = make("input", { type: "checkbox", on: { change: () => look() } });
      return { other, box, line: make("label", { class: "tick" }, box, make("span", {}, `${other.key} `, make("bdi", {}, other.name), make("span", { class: "soft small" }, ` ${facts(other)}`))) };
    });
    const name = field("Name of what they become", draft.name);
    const becomes = make("div", { role: "status" });
    const chosen = () => [draft, ...boxes.filter(({ box }) => box.checked).map(({ other }) => other)];
    const look = () => this.preview(becomes, "merge", chosen(), chosen().length > 1);
    return ask({
      title: `Merge ${draft.key} ${draft.name} with`,
      children: [make("ul", { class: "ticks" }, ...boxes.map(({ line }) => make("li", {}, line))), becomes, name.label],
      confirm: "Merge",
      focus: boxes[0].box,
      act: () => this.act("merge", chosen(), { name: name.input.value }),
      perform: (act) => this.work.perform(act, "Merged."),
    });
  }

  split(draft) {
    const becomes = make("div", { role: "status" });
    this.preview(becomes, "split", [draft]);
    return ask({
      title: `Split ${draft.key} ${draft.name}`,
      children: [make("p", {}, "Its sub-themes become draft themes of their own:"), becomes],
      confirm: "Split",
      act: () => this.act("split", [draft]),
      perform: (act) => this.work.perform(act, "Split."),
    });
  }

  drop(draft) {
    const becomes = make("div", { role: "status" });
    this.preview(becomes, "drop", [draft]);
    return ask({
      title: `Drop ${draft.key} ${draft.name}`,
      children: [make("p", {}, "Its segments stay in the study, in no draft theme."), becomes],
      confirm: "Drop",
      act: () => this.act("drop", [draft]),
      perform: (act) => this.work.perform(act, "Dropped."),
    });
  }

  // What the study says would come of it: it is carried out there and taken back at once.
  async preview(box, action, drafts, isWanted = true) {
    if (!isWanted) return box.replaceChildren();
    const path = `/themes/preview?${new URLSearchParams({ action, drafts: drafts.map((d) => d.key).join(",") })}`;
    const answer = await send("GET", path).catch((error) => ({ themes: [], n_left: 0, error: error.message }));
    const lines = answer.themes.map((theme) => `${theme.key}${action === "split" ? ` ${theme.name}` : ""}: ${facts(theme)}`);
    if (answer.n_left) lines.push(`${count(answer.n_left, "segment")} in no draft theme any more`);
    if (answer.error) lines.push(answer.error);
    return box.replaceChildren(...lines.map((line) => make("p", { class: "becomes" }, make("bdi", {}, line))));
  }
}
