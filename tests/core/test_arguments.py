"""Arguments of the wrong kind: one line that names the argument and what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from autocode.core.arguments import checked, checked_methods
from autocode.core.errors import InputError


@checked
def count(numbers: Collection[int]) -> int:
    """How many."""
    return len(numbers)


def test_the_keys_of_a_dictionary_are_a_collection():
    assert count({1: "a", 2: "b"}) == 2
    with pytest.raises(InputError, match="numbers is the dict"):
        count({"a": 1})
    with pytest.raises(InputError, match="names is the dict"):
        call({"Amina": 1})


@checked
def call(
    names: Sequence[str] = (),
    *,
    limit: int | None = None,
    share: float = 0.0,
    path: str | Path = "",
    table: Mapping[str, str] | None = None,
    whole: bool = False,
    thing: Path | None = None,
) -> str:
    """What was given."""
    return f"{list(names)} {limit} {share} {path} {table} {whole} {thing}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"names": "Amina"}, "call: names is the text 'Amina'. Give a list of texts, such as "),
        ({"names": "Amina,Ben"}, r"such as \['Amina', 'Ben'\]"),
        ({"names": [1]}, r"names is the list \[1\]. Give a list of texts"),
        ({"names": None}, "names is None"),
        ({"limit": "3"}, "limit is the text '3'. Give a whole number or None"),
        ({"limit": True}, "limit is True"),
        ({"limit": 2.5}, "limit is 2.5"),
        ({"limit": -1}, "limit is -1. Give a number that is not negative"),
        ({"share": "half"}, "share is the text 'half'. Give a number"),
        ({"share": False}, "share is False"),
        ({"path": 3}, "path is 3. Give a text or a path"),
        ({"table": [("a", "b")]}, "Give a dictionary or None"),
        ({"whole": "yes"}, "Give True or False"),
        ({"thing": "yes"}, "Give a path or None"),
        ({"names": "a\nb" * 500}, "call: names"),
    ],
)
def test_what_is_not_wanted_is_refused_in_one_line(given, message):
    with pytest.raises(InputError, match=message) as refused:
        call(**given)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        {"names": ["a"]},
        {"names": ("a",)},
        {"names": {"a"}},
        {"names": np.array(["a"])},
        {"names": (name for name in "ab")},
        {"limit": 0},
        {"limit": np.int64(3)},
        {"share": 1},
        {"share": np.float32(0.5)},
        {"path": Path("x")},
        {"table": {"a": "b"}},
        {"whole": np.True_},
    ],
)
def test_what_is_wanted_is_taken_as_it_is(given):
    assert call(**given)


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Some options."""

    names: tuple[str, ...] = ()
    n_draws: int = 20


Rows = Mapping[str, str] | Sequence[str]
Place = Path | Options
Answer = Literal["yes", "no"]


@checked
def take(rows: str | Rows = "", *, place: str | Place = "", answer: Answer | None = None) -> None:
    """Nothing."""


def test_an_alias_is_what_it_stands_for():
    for rows in ("a", ["a"], {"a": "b"}):
        take(rows, place=Path("x"), answer="yes")
    take(place=Options())
    with pytest.raises(InputError, match=r"take: place is 3\. Give a text or a path or Options"):
        take(place=3)
    with pytest.raises(InputError, match=r"take: answer is 3\. Give a text or None"):
        take(answer=3)


def test_one_argument_too_many_is_said_by_python():
    with pytest.raises(TypeError, match="unexpected keyword argument 'nmaes'"):
        call(nmaes=["Amina"])


def test_a_generator_is_not_used_up():
    assert call(name for name in ("a", "b")).startswith("['a', 'b']")


def test_options_are_checked_when_made_and_when_changed():
    with pytest.raises(InputError, match="Options: n_draws is -1"):
        Options(n_draws=-1)
    with pytest.raises(InputError, match="Options: names is the text 'a'"):
        replace(Options(), names="a")
    assert Options(n_draws=3) == Options(n_draws=3)


@checked_methods
class Thing:
    """Something with methods."""

    @classmethod
    def make(cls, name: str) -> Thing:
        """One."""
        return cls()

    def do(self, *names: str, n: int = 0) -> int:
        """Count."""
        return len(names) + n


def test_methods_of_both_kinds_are_checked():
    assert Thing.make("a").do("a", "b", n=1) == 3
    with pytest.raises(InputError, match="make: name is 3"):
        Thing.make(3)
    with pytest.raises(InputError, match=r"do: names is the list \['a'\]. Give a text"):
        Thing().do(["a"])
    assert Thing.do.__doc__ == "Count."
