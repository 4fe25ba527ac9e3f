// What was done elsewhere since the page was drawn, by others or by the coder: asked for every ten seconds while somebody looks, and at
// once when they come back. It is offered, so that nothing changes under the reader; a screen that
// can show it without moving anything takes it in itself.

import { byId, count, make } from "./dom.js";
import { send } from "./http.js";

const LOOK = 10_000;
const page = document.documentElement.dataset;
let since = page.state; // a blind coder's page has none, and asks for nothing
let known = null;
let isAsking = false;
let cameFrom = null; // what had the focus before the notice
let hear = () => ({ show: () => location.reload() });

// `f` gets what others did and says what is offered: `show` does it; nothing where it is done.
export function hearNews(f) {
  hear = f;
}

// What was done in words: how many codings there are more, else that there was something.
export function describeNews(by, nOf = (one) => one.n_codings) {
  const parts = by.map((one) => {
    if (!one.coder) return "changes in the study"; // imports and suggestions are nobody's
    const n = nOf(one);
    const who = one.is_own ? "you, outside this page" : one.coder;
    return n ? `${count(n, "new coding")} by ${who}` : `changes by ${who}`;
  });
  return parts.length > 3 ? `${parts.slice(0, 2).join(", ")} and ${parts.length - 2} others` : parts.join(", ");
}

// Something is being done that must not be disturbed.
function isBusy() {
  const selection = getSelection();
  const isSelecting = selection && !selection.isCollapsed;
  return document.hidden || isSelecting || document.querySelector("dialog[open], .bar:not([hidden])");
}

async function look() {
  if (!since || isAsking || isBusy()) return;
  isAsking = true;
  try {
    const answer = await send("GET", `/news?since=${since}`, undefined, { byItself: true, known: known ?? `"${since}"` }).catch(() => null);
    if (answer && !answer.state) since = null;
    else if (answer && !isBusy()) {
      known = `"${answer.state}"`;
      const offered = (await hear(answer)) ?? null;
      if (!offered || !answer.by.length) {
        if (!byId("news")) since = answer.state;
      } else offer(offered.words ?? describeNews(answer.by), offered.show, answer.state);
    }
  } finally {
    isAsking = false;
  }
}

function offer(words, show, state) {
  const notice = byId("news") ?? draw();
  const [text, button, later] = notice.children;
  const take = async (act) => {
    notice.remove();
    since = state;
    await act();
    if (document.activeElement !== document.body) return;
    const back = cameFrom?.isConnected ? cameFrom : document.querySelector("main [tabindex='0'], main button");
    back?.focus({ preventScroll: true });
  };
  text.textContent = words;
  button.onclick = () => take(show);
  later.onclick = () => take(() => null);
}

function draw() {
  const button = (words) => make("button", { type: "button" }, words);
  const notice = make("section", { id: "news", class: "news", "aria-label": "New work" }, make("p", { role: "status" }), button("Show"), button("Not now"));
  notice.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !notice.contains(relatedTarget)) cameFrom = relatedTarget;
  });
  notice.addEventListener("keydown", ({ key }) => key === "Escape" && notice.lastChild.click());
  document.querySelector(".top").after(notice);
  return notice;
}

setInterval(look, LOOK);
addEventListener("focus", look);
document.addEventListener("visibilitychange", look);
