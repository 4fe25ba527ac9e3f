// Shows only the units that hold the words and the code a reader asks for.
document.addEventListener("DOMContentLoaded", function () {
  var words = document.getElementById("find"), code = document.getElementById("only");
  var transcripts = [].slice.call(document.querySelectorAll("details.transcript"));
  function textOf(unit) {
    return (unit.querySelector("span.words") || unit).textContent.toLowerCase();
  }
  function filter() {
    var wanted = words.value.trim().toLowerCase(), only = code.value;
    transcripts.forEach(function (transcript) {
      var shown = 0;
      [].forEach.call(transcript.querySelectorAll("[data-codes]"), function (unit) {
        var matches = (!wanted || textOf(unit).indexOf(wanted) >= 0)
          && (!only || unit.dataset.codes.indexOf("|" + only + "|") >= 0);
        unit.style.display = matches ? "" : "none";
        if (matches) { shown += 1; }
      });
      transcript.style.display = shown ? "" : "none";
      if ((wanted || only) && shown) { transcript.open = true; }
    });
  }
  words.addEventListener("input", filter);
  code.addEventListener("change", filter);
  document.getElementById("unfold").addEventListener("click", function () {
    var open = !transcripts.every(function (t) { return t.open; });
    transcripts.forEach(function (t) { t.open = open; });
    this.textContent = open ? "Close all" : "Open all";
  });
});
