// Positions of a transcript's text. The server counts code points, a page counts UTF-16 units inside
// text nodes; this is the one place where one becomes the other. Every part of the text lies in one
// element <p data-start data-end> with one text node.

const SEGMENTS = new Map();

function segmenter(language, granularity) {
  const key = `${language}/${granularity}`;
  if (!SEGMENTS.has(key)) {
    SEGMENTS.set(key, new Intl.Segmenter(language || undefined, { granularity }));
  }
  return SEGMENTS.get(key);
}

class Piece {
  constructor(element, raw) {
    this.element = element;
    this.start = Number(element.dataset.start);
    this.end = Number(element.dataset.end);
    if ("raw" in element.dataset) element.textContent = raw[this.start] ?? "";
    element.normalize(); // a parser of HTML cuts text after 65,536 characters
    this.node = element.firstChild ?? element.appendChild(document.createTextNode(""));
    this.text = this.node.data;
    this.isHead = element.parentElement.classList.contains("head"); // the name of a speaker
    this.isPlain = this.text.length === this.end - this.start;
  }

  // UTF-16 offset of each code point, with the end; only for texts that need it.
  get units() {
    if (!this._units) {
      this._units = [];
      let at = 0;
      for (const point of this.text) {
        this._units.push(at);
        at += point.length;
      }
      this._units.push(at);
    }
    return this._units;
  }

  unitOf(point) {
    return this.isPlain ? point - this.start : this.units[point - this.start];
  }

  pointOf(unit) {
    if (this.isPlain) return this.start + unit;
    let low = 0;
    let high = this.units.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.units[middle] < unit) low = middle + 1;
      else high = middle;
    }
    return this.start + low;
  }

  get nPoints() {
    return this.isPlain ? this.text.length : this.units.length - 1;
  }

  // Starts and ends of words, as code points.
  words(language) {
    if (!this._words) {
      this._words = [];
      for (const part of segmenter(language, "word").segment(this.text)) {
        if (!part.isWordLike) continue;
        this._words.push([
          this.pointOf(part.index),
          this.pointOf(part.index + part.segment.length),
        ]);
      }
    }
    return this._words;
  }
}

export class TextMap {
  constructor(root, raw) {
    this.root = root;
    this.language = root.lang || "";
    this.pieces = [...root.querySelectorAll("p[data-start]")].map((p) => new Piece(p, raw));
    this.pieces.sort((a, b) => a.start - b.start);
    this.byElement = new Map(this.pieces.map((piece) => [piece.element, piece]));
    this.length = Number(root.dataset.points);
  }

  // Why the page must not code: its text is not the study's. Empty if all is well.
  async findFault() {
    let at = 0;
    for (const piece of this.pieces) {
      if (piece.start !== at || piece.nPoints !== piece.end - piece.start) {
        return `The text differs from the study's at ${at}.`;
      }
      at = piece.end;
    }
    if (at !== this.length) return "The text is not whole.";
    const text = this.pieces.map((piece) => piece.text).join("");
    const bytes = new DataView(new ArrayBuffer(2 * text.length));
    for (let i = 0; i < text.length; i += 1) bytes.setUint16(2 * i, text.charCodeAt(i), true);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.buffer));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex === this.root.dataset.digest ? "" : "The text differs from the study's.";
  }

  indexAt(point) {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pieces[middle].end <= point) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  pieceAt(point) {
    return this.pieces[this.indexAt(point)];
  }

  // The pieces that a span touches, each with the part of it that lies there.
  *parts(start, end) {
    for (let i = this.indexAt(start); i < this.pieces.length; i += 1) {
      const piece = this.pieces[i];
      if (piece.start >= end) return;
      yield [piece, Math.max(start, piece.start), Math.min(end, piece.end)];
    }
  }

  slice(start, end) {
    let words = "";
    for (const [piece, from, to] of this.parts(start, end)) {
      words += piece.text.slice(piece.unitOf(from), piece.unitOf(to));
    }
    return words;
  }

  // One range for each piece, so that nothing between them is marked.
  ranges(start, end) {
    const ranges = [];
    for (const [piece, from, to] of this.parts(start, end)) {
      if (piece.isHead) continue;
      ranges.push(
        new StaticRange({
          startContainer: piece.node,
          startOffset: piece.unitOf(from),
          endContainer: piece.node,
          endOffset: piece.unitOf(to),
        }),
      );
    }
    return ranges;
  }

  liveRange(start, end) {
    const range = document.createRange();
    const first = this.pieceAt(start);
    const last = this.pieceAt(Math.max(start, end - 1));
    range.setStart(first.node, first.unitOf(start));
    range.setEnd(last.node, last.unitOf(end));
    return range;
  }

  // The position of a point of the document; outside of all pieces, that of the next one.
  pointOf(node, offset) {
    const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("p");
    const piece = this.byElement.get(element);
    if (piece && node === piece.node) return piece.pointOf(offset);
    if (piece) return offset === 0 ? piece.start : piece.end;
    const range = document.createRange();
    range.setStart(node, offset);
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (range.comparePoint(this.pieces[middle].node, 0) < 0) low = middle + 1;
      else high = middle;
    }
    return low < this.pieces.length ? this.pieces[low].start : this.length;
  }

  // The span of the browser's selection, null where none of it is in the text.
  selected(selection) {
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return null;
    const inside = (node) => this.root.contains(node);
    const start = inside(range.startContainer)
      ? this.pointOf(range.startContainer, range.startOffset)
      : 0;
    const end = inside(range.endContainer)
      ? this.pointOf(range.endContainer, range.endOffset)
      : this.length;
    return start < end ? { start, end } : null;
  }

  // A span without blanks at its ends; null if nothing is left.
  trim({ start, end }) {
    const points = [...this.slice(start, end)];
    let from = 0;
    let to = points.length;
    while (from < to && !points[from].trim()) from += 1;
    while (to > from && !points[to - 1].trim()) to -= 1;
    return from < to ? { start: start + from, end: start + to } : null;
  }

  // A span grown to whole words.
  snap(span) {
    const trimmed = this.trim(span);
    if (!trimmed) return null;
    let { start, end } = trimmed;
    for (const [from, to] of this.pieceAt(start).words(this.language)) {
      if (from < start && start < to) start = from;
    }
    for (const [from, to] of this.pieceAt(end - 1).words(this.language)) {
      if (from < end && end < to) end = to;
    }
    return { start, end };
  }

  // The next place to the right (+1) or left (-1) where a span may begin or end.
  step(point, direction, { edge, byCharacter }) {
    if (byCharacter) return this.stepCharacter(point, direction);
    const pick = edge === "start" ? 0 : 1;
    for (
      let i = this.indexAt(Math.max(0, direction > 0 ? point : point - 1));
      i >= 0 && i < this.pieces.length;
      i += direction
    ) {
      const places = this.pieces[i].words(this.language).map((word) => word[pick]);
      const next =
        direction > 0 ? places.find((at) => at > point) : places.findLast((at) => at < point);
      if (next !== undefined) return next;
    }
    return direction > 0 ? this.length : 0;
  }

  stepCharacter(point, direction) {
    const next = point + direction;
    if (next < 0 || next > this.length) return point;
    const piece = this.pieceAt(direction > 0 ? point : next);
    const places = [piece.end];
    for (const part of segmenter(this.language, "grapheme").segment(piece.text)) {
      places.push(piece.pointOf(part.index));
    }
    places.sort((a, b) => a - b);
    const found =
      direction > 0 ? places.find((at) => at > point) : places.findLast((at) => at < point);
    return found ?? next;
  }
}
