// Writes out the evidence of a suggestion where a reader opens it.
(function () {
  var evidence = null;
  function read() {
    evidence = evidence || JSON.parse(document.getElementById("evidence").textContent);
    return evidence;
  }
  function writeLine(into, line) {
    var kind = read().kinds[line[0]];
    into.append(kind[0] + ": ");
    for (var at = 1; at < line.length; at += 2) {
      var words = read().phrases[line[at]];
      if (kind[1]) {
        var quote = document.createElement("q");
        quote.dir = "auto";
        quote.textContent = words;
        words = quote;
      }
      into.append(words, " (" + line[at + 1] + ")" + (at + 2 < line.length ? ", " : ""));
    }
  }
  function writeOut(suggestion) {
    var row = suggestion.closest(".row"), why = suggestion.querySelector(".why");
    if (why.childNodes.length) { return; }
    var place = [].indexOf.call(row.querySelectorAll("details.suggested"), suggestion);
    read().of[row.id][place].forEach(function (line, number) {
      if (number) { why.append(document.createElement("br")); }
      writeLine(why, line);
    });
  }
  // The event does not rise from an element to those around it, so it is caught on its way down.
  document.addEventListener("toggle", function (event) {
    if (event.target.open && event.target.matches("details.suggested")) { writeOut(event.target); }
  }, true);
})();
