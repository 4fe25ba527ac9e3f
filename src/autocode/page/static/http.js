// Requests to our own server: JSON out and in, and what went wrong as an error with a status.

export class Refused extends Error {
  constructor(status, payload) {
    super(payload.error || "This cannot be done.");
    this.status = status;
    this.payload = payload;
  }
}

export async function send(method, path, body, { byItself = false, signal, known } = {}) {
  const headers = {};
  const as = document.documentElement.dataset.as; // whose page this is
  if (as) headers["Autocode-As"] = as;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (byItself) headers["Autocode-By"] = "itself"; // does not keep an idle session open
  if (known) headers["If-None-Match"] = known; // where it is still so, null is the answer
  const answer = await fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  if (answer.status === 304) return null;
  const payload = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, payload);
  return payload;
}
