// What the role of whoever looks does not allow is not offered, and asking for it by a key says why not:
// in the words of the server, which the page carries. What is made with `data-needs` is not shown.

import { say } from "./dom.js";

const said = { coder: "notCoder", lead: "notLead" };
const refusalOf = (needed) => document.documentElement.dataset[said[needed]];

// Whether the one who looks may what needs a "coder" or a "lead".
export const may = (needed) => !refusalOf(needed);

export function mayOrSay(needed) {
  if (may(needed)) return true;
  say(refusalOf(needed));
  return false;
}
