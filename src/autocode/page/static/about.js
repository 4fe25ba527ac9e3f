// What is said of each segment: its codes for those who hear the page, whether it is coded or read,
// and the dots below what has a likely suggestion.

export class About {
  constructor(view) {
    this.view = view;
    this.likely = new Map();
  }

  // Each unit says its codes to those who hear the page, and is marked as coded or read.
  draw(stripes) {
    const { view } = this;
    const coded = new Uint8Array(view.walk.units.length);
    for (const mark of [...view.work.codings.values(), ...view.work.readings.values()]) {
      if (!view.work.isMine(mark)) continue;
      for (let i = view.stripes.firstUnit(mark.start); i < view.walk.units.length; i += 1) {
        if (view.walk.units[i].start >= mark.end) break;
        coded[i] |= "code" in mark ? 1 : 2;
      }
    }
    const noted = new Uint8Array(view.walk.units.length);
    for (const memo of view.work.memos) {
      if (!view.isShownCoder(memo.coder)) continue;
      for (let i = view.stripes.firstUnit(memo.start); i < view.walk.units.length; i += 1) {
        if (view.walk.units[i].start >= memo.end) break;
        noted[i] = 1;
      }
    }
    this.likely = this.drawSuggested(coded);
    view.walk.units.forEach((unit, i) => {
      const state = 4 * noted[i] + coded[i];
      const suggested = this.likely.get(i)?.join("; ") ?? "";
      const isSame =
        unit.stripes === stripes[i] && unit.state === state && unit.suggested === suggested;
      if (isSame && unit.codes === view.work.codes) return;
      unit.stripes = stripes[i];
      unit.state = state;
      unit.suggested = suggested;
      unit.codes = view.work.codes;
      const names = stripes[i].map(([c]) => view.work.codes.get(c.code)?.name);
      const memo = Boolean(noted[i]) || stripes[i].some(([c]) => c.memo);
      const words = names.length ? `Codes: ${names.join("; ")}` : coded[i] === 2 ? "Read, no code" : "";
      const about = [words, memo ? "memo" : "", suggested && `Suggested: ${suggested}`].filter(Boolean).join(", ");
      if (unit.words !== about) unit.about.textContent = unit.words = about;
      unit.isCoded = Boolean(coded[i]);
      unit.nCodings = names.length;
      const isRead = coded[i] === 2;
      if (unit.isRead !== isRead) unit.element.classList.toggle("read", (unit.isRead = isRead));
      if (unit.isNoted !== memo) unit.element.classList.toggle("noted", (unit.isNoted = memo));
    });
  }

  // Dots below what has a likely suggestion; the names of these codes by the index of the unit.
  // `coded` says which units the coder has coded or read.
  drawSuggested(coded) {
    const { view } = this;
    const byUnit = new Map();
    const shown = [];
    for (const s of view.work.suggestions.values()) {
      const name = view.work.codes.get(s.code)?.name;
      if (!(s.likely || s.auto_acceptable) || name === undefined) continue;
      const i = view.stripes.firstUnit(s.start);
      if (s.isForCoded ? view.work.isDone(s, s.code) : coded[i]) continue;
      shown.push(s);
      byUnit.set(i, [...(byUnit.get(i) ?? []), name]);
    }
    view.marks.drawSuggested(shown);
    return byUnit;
  }
}
