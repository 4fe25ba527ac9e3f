(function () {
  var find = document.getElementById("find"), only = document.getElementById("only");
  var papers = [].slice.call(document.querySelectorAll("details.transcript"));
  function said(unit) {
    return (unit.querySelector("span.words") || unit).textContent.toLowerCase();
  }
  function sift() {
    var words = find.value.trim().toLowerCase(), code = only.value;
    papers.forEach(function (paper) {
      var hits = 0;
      [].forEach.call(paper.querySelectorAll("[data-codes]"), function (unit) {
        var show = (!words || said(unit).indexOf(words) >= 0)
          && (!code || unit.dataset.codes.indexOf("|" + code + "|") >= 0);
        unit.style.display = show ? "" : "none";
        if (show) { hits += 1; }
      });
      paper.style.display = hits ? "" : "none";
      if ((words || code) && hits) { paper.open = true; }
    });
  }
  find.addEventListener("input", sift);
  only.addEventListener("change", sift);
  document.getElementById("unfold").addEventListener("click", function () {
    var open = !papers.every(function (p) { return p.open; });
    papers.forEach(function (p) { p.open = open; });
    this.textContent = open ? "Close all" : "Open all";
  });
})();
