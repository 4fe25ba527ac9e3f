// What is shown: whose codings, of which code, and which segments are walked through.

import { byId, count, make } from "./dom.js";
import { may } from "./may.js";

const EVERYBODY = " everybody"; // no name of a coder begins with a blank

export class Filters {
  constructor(view) {
    this.view = view;
    this.form = byId("filters");
    this.fields = this.form.elements;
    this.refresh();
    this.fields.coder.value = may("coder") ? view.work.coder : EVERYBODY; // a reader has no work to show
    this.read();
    this.form.addEventListener("change", () => {
      this.showMarks(this.fields.marks.checked);
      this.read();
      view.draw();
    });
  }

  refresh() {
    const { work } = this.view;
    const people = new Set([work.coder, ...work.coders.map((c) => c.name)]);
    this.fill(this.fields.coder, [...people].map((name) => [name, name]), [
      [EVERYBODY, "everybody"],
    ]);
    const codes = [...work.codes.values()].map((code) => [
      code.id,
      `${"  ".repeat(code.depth)}${code.name}`,
    ]);
    this.fill(this.fields.code, codes, [["", "any"]]);
    const speakers = new Set(this.view.walk.units.map((unit) => unit.turn.dataset.speaker));
    this.fill(this.fields.speaker, [...speakers].filter(Boolean).map((name) => [name, name]), [["", "anybody"]]);
    const values = [...new Set(Object.values(work.attributes).flat())].sort();
    this.fill(this.fields.attribute, values.map((value) => [value, value]), [["", "any"]]);
    this.fields.attribute.parentElement.hidden = !values.length;
  }

  fill(select, options, first) {
    const all = [...first, ...options];
    const sign = all.map((pair) => pair.join("\t")).join("\n");
    if (select.sign === sign) return;
    select.sign = sign;
    const { value } = select;
    select.replaceChildren(...all.map(([v, words]) => make("option", { value: v }, words)));
    if (all.some(([v]) => v === value)) select.value = value;
  }

  // What is chosen, read once: it is asked for each coding.
  read() {
    const { which, code, speaker, coder, attribute } = this.fields;
    this.attribute = attribute.value;
    this.which = which.value;
    this.code = code.value;
    this.speaker = speaker.value;
    this.coder = coder.value;
  }

  showEverybody() {
    this.fields.coder.value = EVERYBODY;
    this.read();
    this.view.draw();
  }

  showsCoder(coder) {
    return this.coder === EVERYBODY || this.coder === coder;
  }

  shows(coding) {
    return this.showsCoder(coding.coder) && (!this.code || coding.code === this.code);
  }

  // Mark the segments that are not wanted; the text stays whole, for the sake of its sense.
  apply() {
    const { which, code, speaker, attribute } = this;
    const { attributes } = this.view.work;
    let nShown = 0;
    for (const unit of this.view.walk.units) {
      const isWanted =
        (!code || unit.nCodings > 0) &&
        (!speaker || unit.turn.dataset.speaker === speaker) &&
        (!attribute || attributes[unit.turn.dataset.speaker]?.includes(attribute)) &&
        (which === "all" ||
          (which === "uncoded" && !unit.isCoded && !unit.turn.classList.contains("interviewer")) ||
          (which === "coded" && unit.nCodings > 0) ||
          (which === "memo" && unit.isNoted));
      nShown += Boolean(isWanted);
      if (unit.isWanted !== isWanted) unit.element.classList.toggle("off", !isWanted);
      unit.isWanted = isWanted;
    }
    const n = this.view.walk.units.length;
    byId("shown").textContent = nShown === n ? "" : `${nShown} of ${count(n, "segment")}; j and k go to these.`;
  }

  toggleMarks() {
    this.fields.marks.checked = !this.fields.marks.checked;
    this.showMarks(this.fields.marks.checked);
  }

  showMarks(isShown) {
    document.body.classList.toggle("unmarked", !isShown);
  }
}
