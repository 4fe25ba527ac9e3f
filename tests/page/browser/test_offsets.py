"""Positions: what a browser selects is what the study stores, whatever the script and its marks."""

from __future__ import annotations

import random

import pytest

from autocode.project import Project

from .support import Screen, expect

LINES = [
    "Plain words, and then some more of them.",
    "Emoji 👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 👍🏽 thumb, and 𝒜𝓈𝓉𝓇𝒶𝓁 letters.",
    "e\u0301 combining, n\u0303, and Z\u0335a\u0336l\u0337go.",
    "שלום עולם, זה משפט בעברית.",
    "مرحبا بالعالم، هذه جملة بالعربية.",
    "Left and ימין mixed (1.5) together.",
    "No\u00a0break,\ttab, thin\u2009space and\u200bzero width.",
    "我们在等候名单上等了九个月。",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
    "<b>not bold</b> &amp; </script><script>alert(1)</script> {{ 7*7 }}",
    "A lone \ufffd mark, a \u2028 separator and \u202eturned round\u202c.",
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    source = folder / "scripts.txt"
    source.write_text("".join(f"Ann: {line}\n" for line in LINES), encoding="utf-8")
    (folder / "codebook.csv").write_text("code,name\nx,Ex\n", encoding="utf-8")
    study = folder / "scripts.autocode"
    with Project.open(study, create_new=True) as project:
        project.import_paths([source, folder / "codebook.csv"])
    return study


@pytest.fixture
def reader(chromium, serve, written):
    screen = Screen(chromium, serve(written))
    screen.sign_in("Amina")
    screen.open("scripts")
    yield screen
    screen.close()


SELECTIONS = """
async (spans) => {
  const ours = document.querySelector('script[src$="/coding.js"]').src;
  const { TextMap } = await import(ours.replace(/coding.js$/, "offsets.js"));
  const raw = JSON.parse(document.getElementById("raw").textContent);
  const map = new TextMap(document.getElementById("text"), raw);
  if (await map.findFault()) throw new Error(await map.findFault());
  return spans.map(([start, end]) => {
    const range = map.liveRange(start, end);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const selected = map.selected(getSelection());
    const whole = map.snap(selected);
    const snapped = whole && [whole.start, whole.end, map.slice(whole.start, whole.end)];
    return [selected.start, selected.end, map.slice(start, end), snapped];
  });
}
"""


def test_ten_thousand_selections_are_stored_as_they_were_made(reader):
    """Of 10,000 random spans: the selection's positions and words are those of the stored text."""
    text = reader.server.project.transcript("scripts").text
    draw = random.Random(0)
    spans = [sorted(draw.sample(range(len(text) + 1), 2)) for _ in range(10_000)]
    for at in range(0, len(spans), 2_500):
        some = spans[at : at + 2_500]
        for (start, end), (got_start, got_end, words, snapped) in zip(
            some, reader.page.evaluate(SELECTIONS, some), strict=True
        ):
            assert (got_start, got_end, words) == (start, end, text[start:end])
            if snapped is not None:
                first, last, whole = snapped
                assert whole == text[first:last]
                assert whole.strip() == whole
                assert first <= start + len(words) - len(words.lstrip())
                assert last >= end - (len(words) - len(words.rstrip()))


@pytest.mark.parametrize("line", LINES)
def test_a_segment_coded_by_a_key_is_the_stored_words(reader, line):
    text = reader.server.project.transcript("scripts").text
    start = text.index(line)
    unit = reader.page.locator(f".unit:has(p[data-start='{start}'])")
    unit.evaluate("(unit) => unit.focus()")
    reader.press("c")
    reader.type("ex")
    reader.press("Enter")
    reader.saved()
    expect(unit.locator(".stripe")).to_have_count(1)
    assert line in {words for words, _ in reader.codings("scripts")}


def test_ends_moved_by_keys_are_stored_as_they_are_shown(reader):
    reader.page.locator(".unit").nth(1).evaluate("(unit) => unit.focus()")
    reader.press("Escape", "[", *["Control+ArrowRight"] * 6, "Enter")
    reader.press("]", *["ArrowLeft"] * 6, "Enter")
    reader.press("c")
    reader.type("ex")
    reader.press("Enter")
    reader.saved()
    assert "👩‍👩‍👧‍👦 family" in {words for words, _ in reader.codings("scripts")}


def test_a_text_that_is_not_the_studys_cannot_be_coded(reader):
    def change(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("Plain words", "Plain works"))

    reader.page.route("**/t/1", change)
    reader.page.reload()
    expect(reader.page.locator("#fault")).to_contain_text("differs from the study's")
    before = reader.server.project.revision()
    reader.page.locator(".unit").first.evaluate("(unit) => unit.focus()")
    reader.press("c", "Enter")
    reader.page.wait_for_timeout(300)
    assert reader.server.project.revision() == before
    assert reader.page.locator("dialog[open]").count() == 0, "nothing is shown as done"
    reader.says("Nothing can be coded on this page")
