// The history: an act is taken back after a look at what goes with it.

import "./leave.js";
import { send } from "./http.js";
import { byId, make, readData, say } from "./dom.js";
import { ask } from "./ask.js";
import { Keys } from "./keys.js";

const state = readData("state");
const post = (path, act) => send("POST", path, { key: crypto.randomUUID(), ...act });
const keys = new Map(); // by what was asked: where the answer was lost, asking again does no more

async function act(fields) {
  const asked = JSON.stringify(fields);
  if (!keys.has(asked)) keys.set(asked, crypto.randomUUID());
  try {
    await post("/acts", { key: keys.get(asked), ...fields });
    location.reload();
    return null;
  } catch (error) {
    return error.message;
  }
}

async function undo(redo) {
  const name = redo ? "redo" : "undo";
  if (!state[name]) return say(`There is nothing to ${name}.`);
  const fault = await act({ kind: "undo", redo });
  return fault && say(fault);
}

async function takeBack(button) {
  const number = Number(button.dataset.act);
  const verb = button.getAttribute("aria-label").split(" ")[0];
  const answer = await post("/history/preview", { kind: "undo-act", act: number }).catch((error) => error);
  if (!answer.changed) return showFault(answer.message);
  const { acts, n_rows: rows, blocked } = answer.changed;
  return ask({
    title: `${verb} act ${number}?`,
    children: [
      blocked ? make("p", { class: "fault" }, blocked) : null,
      make("p", {}, `${acts.length === 1 ? "This act is" : `These ${acts.length} acts are`} taken back; ${rows} ${rows === 1 ? "row changes" : "rows change"}:`),
      make("ul", { class: "unread" }, ...acts.map((words) => make("li", {}, make("bdi", {}, words)))),
    ].filter(Boolean),
    confirm: acts.length === 1 ? verb : `${verb} all ${acts.length}`,
    act: () => ({ kind: "undo-act", act: number, later: Boolean(blocked) }),
    perform: act,
  });
}

function showFault(words) {
  byId("fault").textContent = words;
  byId("fault").hidden = false;
}

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => takeBack(button));
}
for (const name of ["undo", "redo"]) {
  byId(name).disabled = !state[name];
  byId(name).addEventListener("click", () => undo(name === "redo"));
}
byId("verify").addEventListener("click", async () => {
  byId("check").textContent = "Verifying …";
  const check = await send("GET", "/history/check").catch((error) => ({ words: error.message }));
  byId("check").textContent = check.words;
});
const click = (id) => () => byId(id)?.click();
new Keys(document.body, { older: click("older"), newer: click("newer"), undo: () => undo(false), redo: () => undo(true) }, {
  keys: [
    [["n"], "older", "older acts"],
    [["p"], "newer", "newer acts"],
  ],
  words: "Letters act everywhere on this screen. Every key has a button or link too.",
});
