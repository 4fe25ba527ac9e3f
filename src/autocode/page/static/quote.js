// What stands in an act for the words that it is about: all of them, and of very many the first and
// the last, so that a long segment can be coded too. The server does the same (`shorten_quote`).

const MOST = 2000; // code points

export function quoteOf(words) {
  if (words.length <= MOST) return words;
  const points = [...words];
  if (points.length <= MOST) return words;
  return `${points.slice(0, MOST / 2).join("")}…${points.slice(-MOST / 2).join("")}`;
}
