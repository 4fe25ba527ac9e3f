"""A study of any size, seeded: invented interviews with a codebook and codings of a part of them.

Run: python eval/make_study.py FOLDER [--interviews 30] [--turns 730] [--coded 10]
It writes transcripts, codebook and codings into FOLDER, to be imported. Talk is made of sentences
by template about the codes of the bundled example, of sentences from the example itself, and of
invented names, so that words are as unevenly frequent as in talk. By default 30 interviews of
14,000 words each, of which one person has coded ten.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autocode.project import Project
from autocode.workflow import unpack_example

FRAMES = (
    "And {who} said to me, you know, it's about the {topic}, and I thought, {feeling}.",
    "It was {when}, and we were at {place}, and nobody had said anything about {topic}.",
    "I mean, with {name} it was different, because {name} knew how {topic} and {topic2} went.",
    "So I rang {who} {when}, and they told me to ask {name} about {topic}.",
    "What I remember is {place}, and {who} going on about {topic2}, and me sitting there.",
    "No, it never got to that.",
    "Yeah, because of the {topic}.",
    "You get used to it, {topic} or no {topic}, um, you find a way round.",
    "{name} from {place} had the same thing with {topic}, and it took till {when}.",
    "If you ask {who}, it's all {topic}, but I'd say it's more the {topic2}.",
    "I was {feeling} about it, to be honest, and I told {who}, {when}, and that was that.",
    "They write it down, don't they, {topic}, {topic2}, and it goes in a folder at {place}.",
    "We had {number} of them {when}, and then none, and {name} just, um, stopped coming.",
    "I couldn't tell you why, it's just how {who} were about {topic} at {place}.",
    "Right.",
    "Mm, not really, no.",
)
ASKED = (
    "Could you tell me a bit more about {topic}?",
    "And what happened after {place}?",
    "How did you feel about that, {when}?",
    "Who else was there, was it {name}?",
    "Mm-hm.",
    "So when you say {topic}, what do you have in mind?",
    "Okay. And what would you have wanted from {who}?",
)
SLOTS = {
    "who": "the nurse, my sister, the lad next door, her mum, the manager, the GP, everybody",
    "when": "last winter, in March, that Tuesday, two years on, the week after, at night",
    "feeling": "worn out, relieved, cross, not bothered, ashamed, lost, all right",
    "number": "two, three, five, a dozen, forty",
}
STARTS = ("Bra", "Tho", "Ke", "Mar", "Os", "Wil", "Hal")
MIDDLES = ("n", "m", "l", "ve", "ra", "der")
ENDS = ("ley", "ford", "by", "ton", "wick", "ham", "more", "stead", "worth", "gate")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What sentences are made of: content words of each code, excerpts coded so, and names."""

    by_code: dict[str, list[str]]
    excerpts: dict[str, list[str]]
    other: list[str]
    names: list[str]


def read_example(folder: Path) -> tuple[Words, Path]:
    """Words and excerpts of the bundled example, and its codebook."""
    sources = unpack_example(folder / "example")
    with Project.open(folder / "example.autocode", create_new=True) as project:
        project.import_paths([sources])
        codes = [code for code in project.codebook() if code.codable]
        text = {t.name: t.text for t in project.transcripts()}
        excerpts: dict[str, list[str]] = {code.id: [] for code in codes}
        for coding in project.codings():
            excerpts[coding.code] += cut_sentences(coding.span.of(text[coding.transcript]))
        other = [
            sentence
            for segment in project.segments()
            if segment.role == "participant"
            for sentence in cut_sentences(segment.excerpt)
        ]
    by_code = {
        code.id: sorted(set(re.findall(r"[a-z]{5,}", f"{code.name} {code.definition}".lower())))
        for code in codes
    }
    names = [f"{a}{b}{c}" for a in STARTS for b in MIDDLES for c in ENDS]
    return Words(by_code=by_code, excerpts=excerpts, other=other, names=names), sources


def cut_sentences(text: str) -> list[str]:
    """Sentences of four words and more, but for those that would read like a speaker."""
    said = re.split(r"(?<=[.?!])\s+", text)
    return [one for one in said if len(one.split()) >= 4 and ":" not in one]


class Talk:
    """One interview: what is talked about changes now and then, and comes back."""

    def __init__(self, words: Words, draw: random.Random) -> None:
        self._words, self._draw = words, draw
        self._codes = draw.sample(sorted(words.by_code), min(12, len(words.by_code)))
        self._names = draw.sample(words.names, 40)
        self.code = self._codes[0]

    def move(self) -> None:
        """Go on to something else, one time in five."""
        if self._draw.random() < 0.2:
            self.code = self._draw.choice(self._codes)

    def say(self, frame: str) -> str:
        """A sentence about what is talked about; often used names come first."""
        draw, topic = self._draw, self._words.by_code[self.code]
        fill = {slot: draw.choice(values.split(", ")) for slot, values in SLOTS.items()}
        fill |= {"topic": draw.choice(topic), "topic2": draw.choice(topic)}
        for slot in ("name", "place"):
            fill[slot] = self._names[min(int(draw.expovariate(0.15)), len(self._names) - 1)]
        return frame.format(**fill)

    def answer(self) -> str:
        """One or two sentences: by template, out of the example, or not to the point."""
        draw, said = self._draw, []
        for _ in range(draw.choice((1, 1, 2, 2, 2))):
            kind = draw.random()
            own = self._words.excerpts[self.code]
            if kind < 0.65 or (kind < 0.85 and not own):
                said.append(self.say(draw.choice(FRAMES)))
            else:
                said.append(draw.choice(own if kind < 0.85 else self._words.other))
        return " ".join(said).replace("\n", " ")


def make_study(folder: Path, *, interviews: int = 30, turns: int = 730, coded: int = 10) -> Path:
    """Write transcripts (.txt), codebook.csv and codings.csv into `folder`, and return it.

    Args:
        folder: made if it is not there.
        interviews: how many.
        turns: of each.
        coded: how many of them one person has coded, seven answers in ten.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        words, sources = read_example(Path(kept))
        (folder / "codebook.csv").write_bytes((sources / "codebook.csv").read_bytes())
    rows = [("transcript", "start", "end", "coder", "code")]
    for number in range(interviews):
        # A seed of its own, so that an interview is the same however many there are.
        draw = random.Random(number)
        talk, name, text = Talk(words, draw), f"i{number:02}", ""
        speaker = words.names[number]
        for turn in range(turns):
            talk.move()
            text += "\n\n" if text else ""
            if turn % 4 == 0:
                text += f"Interviewer: {talk.say(draw.choice(ASKED))}"
                continue
            text += f"{speaker}: " if turn % 4 == 1 else ""
            said = talk.answer()
            if number < coded and draw.random() < 0.7:
                rows.append((name, str(len(text)), str(len(text) + len(said)), "Amina", talk.code))
            text += said
        (folder / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    with (folder / "codings.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return folder


def main() -> None:
    """Make the study that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--interviews", type=int, default=30)
    parser.add_argument("--turns", type=int, default=730)
    parser.add_argument("--coded", type=int, default=10)
    options = parser.parse_args()
    made = make_study(
        options.folder,
        interviews=options.interviews,
        turns=options.turns,
        coded=options.coded,
    )
    texts = [path.read_text(encoding="utf-8") for path in sorted(made.glob("*.txt"))]
    print(f"{len(texts)} interviews, {sum(len(text.split()) for text in texts):,} words: {made}")


if __name__ == "__main__":
    main()
