// Elements made of words: people's words become text, never markup.

export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") element.className = value;
    else if (key === "on") for (const [type, f] of Object.entries(value)) element.addEventListener(type, f);
    else if (key === "style") for (const [p, v] of Object.entries(value)) element.style.setProperty(p, v);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// "1 code", "2 codes".
export const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

export const byId = (id) => document.getElementById(id);

export function readData(id) {
  return JSON.parse(byId(id).textContent);
}

// A code as it is shown in lists: a dot of its colour and its name.
export function chip(code) {
  return make(
    "span",
    { class: "chip", style: { "--c": code.colour, "--i": code.ink } },
    make("span", { class: "dot", "aria-hidden": "true" }, code.letters),
    make("bdi", {}, code.name),
  );
}

const live = [];

// Says something to those who hear the page, and shows it for a while to those who see it.
export function say(words) {
  let region = byId("say");
  if (!region) {
    region = make("div", { id: "say", class: "say", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  region.textContent = words;
  clearTimeout(live.pop());
  live.push(setTimeout(() => (region.textContent = ""), 6000));
}
