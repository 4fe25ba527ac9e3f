// What a stripe in the margin stands for, shown while the pointer is on it.

import { byId, make } from "./dom.js";

export class Tip {
  constructor(view) {
    this.view = view;
  }

  show(element) {
    const { view } = this;
    const tip = byId("tip");
    const { coding } = element ?? {};
    tip.hidden = !coding;
    if (this.hovered !== coding) {
      this.hovered = coding;
      view.marks.show("chosen", coding ?? (view.meant.chosen && view.work.codings.get(view.meant.chosen)));
    }
    if (!coding) return;
    const code = view.work.codes.get(coding.code);
    tip.replaceChildren(
      make("strong", {}, make("bdi", {}, code.name)),
      make("span", { class: "soft" }, make("bdi", {}, ` ${coding.coder}`)),
      coding.memo ? make("p", {}, coding.memo) : "",
    );
    const box = element.getBoundingClientRect();
    tip.style.setProperty("left", `${Math.min(box.right + 8, innerWidth - 330)}px`);
    tip.style.setProperty("top", `${Math.max(4, Math.min(box.top, innerHeight - 120))}px`);
  }
}
