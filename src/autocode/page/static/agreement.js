// Agreement: whether the figures are still those of the study; arrow keys from cell to cell.

import "./leave.js";
import { byId } from "./dom.js";
import { hearNews } from "./news.js";

// Whoever did something, the figures are of an earlier state.
hearNews(() => {
  byId("stale").hidden = false;
});

for (const { style, dataset } of document.querySelectorAll("[data-colour]")) {
  style.setProperty("--c", dataset.colour);
  style.setProperty("--i", dataset.ink);
}

// One cell of the grid is reached by Tab, the others from there: left and right through all of
// them, up and down to the nearest of the next row that has any.
const grid = byId("confusion");
if (grid) {
  const links = [...grid.querySelectorAll("a")];
  const mark = (link) => links.forEach((other) => (other.tabIndex = other === link ? 0 : -1));
  mark(links[0]);
  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = { ArrowLeft: () => beside(link, -1), ArrowRight: () => beside(link, 1), ArrowUp: () => below(link, -1), ArrowDown: () => below(link, 1) }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    mark(next);
    next.focus();
  });
  const beside = (link, by) => links[links.indexOf(link) + by];
  const rowOf = (link) => link.closest("tr").rowIndex;
  const columnOf = (link) => link.closest("td").cellIndex;
  const below = (link, by) => {
    const rest = links.filter((other) => (rowOf(other) - rowOf(link)) * by > 0);
    const row = by > 0 ? rest[0] : rest.at(-1);
    const far = (other) => Math.abs(columnOf(other) - columnOf(link));
    return rest.filter((other) => rowOf(other) === rowOf(row)).sort((a, b) => far(a) - far(b))[0];
  };
}
