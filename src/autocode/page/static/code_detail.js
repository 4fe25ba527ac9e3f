// One code in full, and what stands there while none is chosen.

import { send } from "./http.js";
import { chip, count, make, say } from "./dom.js";

const WHEN = new Intl.DateTimeFormat([], { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const PARTS = [["definition", "Definition"], ["inclusion", "Applies to"], ["exclusion", "Does not apply to"]];
const NAMES = { ...Object.fromEntries(PARTS), name: "Name", examples: "Examples", colour: "Colour", memo: "Memo", under: "Under", revision: "Revision", archived: "Archived" };

const heading = (words) => make("h2", {}, words);
const link = (row, words) => make("a", { href: `/t/${row.transcript}#${row.start}-${row.end}` }, make("bdi", {}, words));
const button = (words, key, act, properties = {}) =>
  make("button", { type: "button", on: { click: act }, ...properties }, key ? `${words} ` : words, key ? make("kbd", {}, key) : null);

// A link to a code that does not load the page anew.
function codeLink(view, row) {
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    view.show(row.number).then(() => view.tree.focus());
    view.tree.at = row.id;
  };
  return make("a", { href: `/codes/${row.number}`, on: { click: open } }, chip(row));
}

export function drawOverview(view) {
  const { state } = view;
  const title = make("h1", {}, "Codebook");
  const blind = state.is_blind ? make("p", { class: "blind" }, "Blind: you do not see other coders. The codebook is that of the day your passes were assigned, and the counts are your own.") : null;
  if (!state.codes.length) {
    return [
      title,
      blind,
      !state.can_add ? make("p", {}, "There are no codes yet.") : make("p", {}, "There are no codes yet. Make the first one here, or while you code (", make("kbd", {}, "c"), " and its name, or ", make("kbd", {}, "i"), " for the words themselves), or take in a codebook: ", make("code", {}, "autocode import STUDY codebook.csv")),
      !state.can_add ? null : make("p", {}, button("New code", "n", () => view.run("create"), { class: "main" })),
    ].filter(Boolean);
  }
  const isOutdated = state.codes.some((row) => row.n_outdated);
  const rows = state.codes.map((row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", style: { "--depth": row.depth } }, codeLink(view, row), row.archived ? make("span", { class: "soft small" }, " archived") : null),
      ...[row.n_codings, row.n_transcripts, row.n_participants, ...state.coders.map((who) => row.by_coder[who] ?? 0), ...(isOutdated ? [row.n_outdated] : [])].map((n) => make("td", { class: "n" }, n ? String(n) : "")),
    ),
  );
  const heads = ["code", "codings", "transcripts", "participants", ...state.coders, ...(isOutdated ? ["to look at again"] : [])];
  const pairs = state.similar.map((pair) => pair.map((id) => view.codes.get(id)));
  return [
    title,
    blind,
    make("section", {}, make("h2", { id: "all-title" }, count(state.codes.length, "code")), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "all-title" }, table(heads, rows, "names"))),
    pairs.length
      ? make("section", {}, heading("May be one"), make("p", { class: "soft" }, "Codes with nearly the same name. Open one to merge it into the other."), make("ul", { class: "list" }, ...pairs.map(([one, other]) => make("li", {}, codeLink(view, one), " and ", codeLink(view, other)))))
      : null,
  ].filter(Boolean);
}

function table(heads, rows, kind = null) {
  return make("table", { class: kind }, make("thead", {}, make("tr", {}, ...heads.map((words, i) => make("th", { scope: "col", class: i ? "n" : null }, words)))), make("tbody", {}, ...rows));
}

export function drawCode(view) {
  const { code, row, state } = view;
  return [
    make("p", { class: "small" }, make("a", { href: "/codes" }, "All codes"), row.path ? make("bdi", { class: "soft" }, ` › ${row.path}`) : null),
    make("h1", {}, chip(row)),
    make("p", { class: "soft small" }, `key ${code.id} · revision ${code.revision} · ${count(code.n_codings, "coding")}${row.archived ? " · archived: kept, but suggested no more" : ""}${row.codable ? "" : " · only heads other codes"}`),
    state.is_blind ? make("p", { class: "blind" }, "Blind: you do not see other coders, and the codebook stays as it was when your passes were assigned.") : state.can_edit ? drawButtons(view) : null,
    drawMeaning(code),
    drawOutdated(view),
    drawCounts(code),
    drawExcerpts(view),
    drawNear(view),
    drawVersions(view),
  ].filter(Boolean);
}

function drawButtons(view) {
  const acts = [
    ["Edit", "e", "edit"], ["Move …", "v", "move"], ["Merge …", "g", "merge"], ["Split …", "s", "split"],
    [view.row.archived ? "Take back into use" : "Archive …", "z", "archive"], ["Delete …", "Del", "remove"],
  ];
  return make("p", { class: "buttons", role: "toolbar", "aria-label": "This code" }, ...acts.map(([words, key, name]) => button(words, key, () => view[name]())));
}

function drawMeaning(code) {
  const { says } = code;
  const said = PARTS.filter(([part]) => says[part]).flatMap(([part, words]) => [make("dt", {}, words), make("dd", {}, make("bdi", {}, says[part]))]);
  if (says.examples.length) said.push(make("dt", {}, "Examples"), make("dd", {}, ...says.examples.map((words) => make("blockquote", {}, make("bdi", {}, words)))));
  if (says.memo) said.push(make("dt", {}, "Memo"), make("dd", {}, make("bdi", {}, says.memo)));
  for (const memo of code.memos) said.push(make("dt", {}, "Memo of ", make("bdi", {}, memo.coder)), make("dd", {}, make("bdi", {}, memo.text)));
  return make("section", { class: "meaning" }, heading("What it means"), said.length ? make("dl", {}, ...said) : make("p", { class: "soft" }, "Nothing is said of it yet. A definition helps coders, and suggestions are made from it."));
}

function drawOutdated(view) {
  const { code } = view;
  if (!code.n_outdated) return null;
  const mayTick = (coding) => view.state.can_edit || (view.state.can_add && coding.is_mine);
  const rows = code.outdated.map((coding, i) =>
    make(
      "li",
      { tabindex: i ? "-1" : "0", "data-index": i },
      make("blockquote", {}, make("bdi", {}, coding.words)),
      about(coding),
      make(
        "p",
        { class: "buttons small" },
        mayTick(coding) ? button("Still fits", "y", () => view.fits([coding])) : null,
        coding.is_mine && view.state.can_add ? button("Take off", "Del", () => view.takeOff(coding)) : null,
        link(coding, "To the place"),
      ),
    ),
  );
  const mine = code.outdated.filter((coding) => coding.is_mine);
  const all = [["All of mine still fit", mine, view.state.can_add], ["All of them still fit", code.outdated, view.state.can_edit]];
  const wanted = all.filter(([, places, may], i) => may && places.length && (i || places.length < rows.length || !view.state.can_edit));
  return make(
    "section",
    { class: "look" },
    heading(`${count(code.n_outdated, "coding")} to look at again`),
    make("p", { class: "soft" }, "Coded under an earlier revision of this code. Nothing is changed until you say so; ", make("kbd", {}, "l"), " comes here, ", make("kbd", {}, "j"), " and ", make("kbd", {}, "k"), " walk."),
    make("ol", { class: "list walked", id: "outdated" }, ...rows),
    make("p", { class: "buttons" }, ...wanted.map(([words, places]) => button(words, null, () => view.fits(places)))),
  );
}

const about = (coding) =>
  make("p", { class: "small soft" }, make("bdi", {}, `${coding.name}, ${coding.position} · ${coding.coder}`), coding.memo ? make("bdi", {}, ` · memo: ${coding.memo}`) : null);

function drawCounts(code) {
  if (!code.n_codings) return null;
  const line = (words, n, note) => make("tr", {}, make("th", { scope: "row" }, make("bdi", {}, words), note ? make("span", { class: "soft small" }, ` ${note}`) : null), make("td", { class: "n" }, String(n)));
  return make(
    "section",
    {},
    heading("How much is coded"),
    make(
      "div",
      { class: "two" },
      table(["coder", "codings"], code.by_coder.map(({ coder, kind, n }) => line(coder, n, kind === "person" ? "" : kind))),
      table(["who speaks", "segments"], code.by_case.map(({ case: who, role, n }) => line(who, n, role))),
    ),
  );
}

function drawExcerpts(view) {
  const { code } = view;
  const list = make("ol", { class: "list walked", id: "excerpts" }, ...code.excerpts.map((coding) => describeExcerpt(view, coding)));
  const left = () => code.n_codings - list.children.length;
  const more = button("", null, async () => {
    const answer = await send("GET", `/codes/${code.number}/more?from=${list.children.length}`).catch((error) => say(error.message));
    if (!answer) return;
    list.append(...answer.code.excerpts.map((coding) => describeExcerpt(view, coding)));
    code.excerpts.push(...answer.code.excerpts);
    label();
  });
  const label = () => {
    more.textContent = `Show more (${left()} left)`;
    more.hidden = !left();
  };
  label();
  return make("section", {}, heading("Excerpts"), code.n_codings ? null : make("p", { class: "soft" }, "Nothing is coded with it yet."), list, make("p", {}, more));
}

function describeExcerpt(view, coding) {
  return make(
    "li",
    { tabindex: "-1" },
    make("blockquote", {}, make("bdi", {}, coding.words)),
    about(coding),
    make("p", { class: "buttons small" }, link(coding, "To the place"), !view.state.can_edit ? null : button("Use as example", null, () => view.useAsExample(coding.words))),
  );
}

function drawNear(view) {
  const { code } = view;
  if (!code.near.length) return null;
  const rows = code.near.map(({ code: id, likeness, n_shared: n }) => {
    const other = view.codes.get(id);
    const words = [likeness >= 0.12 && `words alike ${likeness.toFixed(2)}`, n && `on the same words ${count(n, "time")}`].filter(Boolean).join(", ");
    return make("li", {}, codeLink(view, other), make("span", { class: "soft small" }, ` ${words} `), !view.state.can_edit ? null : button("Merge into it …", null, () => view.mergeInto(id), { "aria-label": `Merge into ${other.name}` }));
  });
  return make("section", {}, heading("Nearest codes"), make("ul", { class: "list near" }, ...rows));
}

function drawVersions(view) {
  const { code } = view;
  if (!code.versions.length) return null;
  const rows = code.versions.map((version, i) =>
    make(
      "li",
      {},
      make("p", {}, make("bdi", {}, version.summary), make("span", { class: "soft small" }, ` ${[version.number, version.coder, WHEN.format(new Date(version.made_at)), version.is_undone && "taken back"].filter(Boolean).join(" · ")}`)),
      ...version.changes.map(({ part, before, after }) => make("p", { class: "diff" }, make("span", { class: "soft small" }, `${NAMES[part] ?? part}: `), ...differences(before, after))),
      i && version.says && view.state.can_edit ? make("p", { class: "buttons small" }, button("Restore this …", null, () => view.editWith(null, version.says))) : null,
    ),
  );
  return make("section", {}, make("details", {}, make("summary", {}, make("span", { class: "as-heading" }, `History (${rows.length})`)), make("ol", { class: "list versions" }, ...rows)));
}

// The words that went and those that came, by the longest part that both begin and end with.
function differences(before, after) {
  const [old, now] = [before, after].map((words) => words.split(/(\s+)/));
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const part = (words) => words.slice(head, words.length - tail).join("");
  return [
    make("bdi", {}, old.slice(0, head).join("")),
    part(old) ? make("del", {}, part(old)) : null,
    part(now) ? make("ins", {}, part(now)) : null,
    make("bdi", {}, tail ? old.slice(-tail).join("") : ""),
  ];
}
