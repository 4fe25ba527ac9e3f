"""Arguments given in Python are what the signature says, or are refused in one line.

A program that names one coder where a list is due, or a path where a study is, would otherwise be
answered by a traceback from deep inside, by nothing, or by an act on each letter of a word. What an
annotation says is compared with what was given; whether a name is known is asked elsewhere.
"""

from __future__ import annotations

import ast
import functools
import inspect
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from numbers import Integral, Real
from types import UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

from .errors import InputError, one_line

TEXT_ALIASES = frozenset(
    (
        *("Action", "AssignedKind", "Assistance", "ExportFormat", "GridOf", "LearnFrom", "Method"),
        *("Outcome", "PairCoefficient", "ProfileName", "ReadingRule", "Regime", "Role"),
        *("Sampling", "Status", "Take", "Unit", "UnitKind", "Unread"),
    )
)
"""Names in annotations that stand for some words, such as "accept" and "reject"."""

COUNTS = frozenset(
    ["at_most", "context", "length", "limit", "n_bins", "offset", "skip", "top", "turn"]
)
"""Numbers that are counts, as all are whose name begins with `n_`: none is negative."""

_SEVERAL = inspect.Parameter.VAR_POSITIONAL
_PLAIN = (str, bytes, int, float, complex, list)
"""What no class and no alias of ours in an annotation is; some aliases are tuples or mappings."""
_LISTS = frozenset(
    ["Collection", "Iterable", "Sequence", "Set", "frozenset", "list", "set", "tuple"]
)
_UNORDERED = ("Collection", "Iterable")
_Checked = TypeVar("_Checked", bound=Callable[..., Any])
_Kind = TypeVar("_Kind")


class _Wanted(NamedTuple):
    """What an annotation asks for: in words (of one, of several), and whether a value is that."""

    one: str
    several: str
    holds: Callable[[Any], bool]


def checked(called: _Checked) -> _Checked:
    """A function, or a dataclass, that refuses arguments which are not what its signature says.

    Raises:
        InputError: when it is called with such an argument; the message names it and what is due.
    """
    if isinstance(called, type):
        called.__init__ = _check_first(called.__init__, called.__name__)  # type: ignore[misc]
        return called
    return cast(_Checked, _check_first(called, called.__name__))


def checked_methods(kind: type[_Kind]) -> type[_Kind]:
    """A class whose public methods are all `checked`, those too that it has from its bases."""
    for name in dir(kind):
        method = inspect.getattr_static(kind, name)
        if name.startswith("_"):
            continue
        if isinstance(method, classmethod):
            setattr(kind, name, classmethod(_check_first(method.__func__, name)))
        elif inspect.isfunction(method):
            setattr(kind, name, _check_first(method, name))
    return kind


def _check_first(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def check_and_call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function
        signature, wanted = _read_signature(function)
        try:
            given = signature.bind(*arguments, **named).arguments
        except TypeError:  # one too many or too few: Python says it best
            return function(*arguments, **named)
        for argument, want in wanted.items():
            if argument in given:
                values = given[argument]
                is_several = signature.parameters[argument].kind is _SEVERAL
                for value in values if is_several else (values,):
                    _check(name, argument, value, want)
        return function(*arguments, **named)

    return check_and_call


@functools.cache
def _read_signature(
    function: Callable[..., Any],
) -> tuple[inspect.Signature, dict[str, _Wanted]]:
    signature = inspect.signature(function)
    wanted = {
        name: _read(ast.parse(str(parameter.annotation), mode="eval").body, function.__globals__)
        for name, parameter in signature.parameters.items()
        if parameter.annotation is not inspect.Parameter.empty
    }
    return signature, wanted


def _check(function: str, argument: str, value: Any, want: _Wanted) -> None:  # noqa: ANN401
    if not want.holds(value):
        raise InputError(f"{function}: {argument} is {_show(value)}. Give {_say(want, value)}.")
    is_count = argument in COUNTS or argument.startswith("n_")
    if is_count and isinstance(value, Real) and value < 0:
        raise InputError(f"{function}: {argument} is {value}. Give a number that is not negative.")


def _show(value: Any) -> str:  # noqa: ANN401 - whatever was given
    shown = one_line(repr(value), 80)
    if isinstance(value, str):
        return f"the text {shown}"
    if isinstance(value, list | tuple | set | frozenset | dict):
        return f"the {type(value).__name__} {shown}"
    return shown


def _say(want: _Wanted, value: Any) -> str:  # noqa: ANN401 - whatever was given
    """What is wanted; where a text was given, how to write it so, where that is plain."""
    if isinstance(value, str):
        words = want.one.removesuffix(" or None")
        if words.startswith("a list of texts"):
            return f"{words}, such as {[one_line(part, 40) for part in value.split(',')][:4]}"
        if words.startswith("an Encoder"):
            return f"{words}, such as load_encoder('{one_line(value, 60)}')"
    return want.one


def _read(node: ast.expr, known: Mapping[str, Any]) -> _Wanted:
    """What a part of an annotation asks for; whatever is not understood holds of everything.

    `known` are the names of the module that the annotation stands in.
    """
    if isinstance(node, ast.BinOp):
        return _either(_read(node.left, known), _read(node.right, known))
    if isinstance(node, ast.Constant) and node.value is None:
        return _Wanted("None", "None", lambda value: value is None)
    if isinstance(node, ast.Subscript):
        return _read_parts(node, known)
    if isinstance(node, ast.Attribute):
        return _read_name(node.attr)
    if isinstance(node, ast.Name):
        return _read_kind(known[node.id]) if node.id in known else _read_name(node.id)
    return _ANYTHING


def _read_kind(kind: object) -> _Wanted:
    """What a class, or an alias of several kinds, asks for."""
    if isinstance(kind, type):
        return _read_name(kind.__name__)
    if get_origin(kind) is Literal:
        return _NAMED["str"]
    if get_origin(kind) in (Union, UnionType):
        return functools.reduce(_either, map(_read_kind, get_args(kind)))
    return _ANYTHING


def _either(first: _Wanted, second: _Wanted) -> _Wanted:
    return _Wanted(
        f"{first.one} or {second.one}",
        f"{first.several} or {second.several}",
        lambda value: first.holds(value) or second.holds(value),
    )


def _read_parts(node: ast.Subscript, known: Mapping[str, Any]) -> _Wanted:
    base = node.value.id if isinstance(node.value, ast.Name) else ""
    if base == "Literal":
        return _NAMED["str"]
    if base in ("Mapping", "dict"):
        return _Wanted("a dictionary", "dictionaries", lambda value: isinstance(value, Mapping))
    if base not in _LISTS:
        return _ANYTHING
    inner = node.slice
    if not isinstance(inner, ast.Tuple):
        return _list_of(base, _read(inner, known))
    repeats = isinstance(inner.elts[-1], ast.Constant) and inner.elts[-1].value is Ellipsis
    return _list_of(base, _read(inner.elts[0], known) if repeats else _ANYTHING)


def _list_of(base: str, want: _Wanted) -> _Wanted:
    # A dictionary is a collection of its keys, and has no order to be asked for.
    refused = (str, bytes) if base in _UNORDERED else (str, bytes, Mapping)

    def holds(value: Any) -> bool:  # noqa: ANN401 - whatever was given
        if isinstance(value, refused) or not isinstance(value, Iterable):
            return False
        return not isinstance(value, Collection) or all(map(want.holds, value))

    return _Wanted(f"a list of {want.several}", f"lists of {want.several}", holds)


def _read_name(name: str) -> _Wanted:
    if name in _NAMED:
        return _NAMED[name]
    if name in TEXT_ALIASES:
        return _NAMED["str"]
    if name.endswith("s"):  # a bundle of options
        return _Wanted(name, name, _is_no_plain_value)
    article = "an" if name[0] in "AEIOU" else "a"
    return _Wanted(f"{article} {name}", f"{name} objects", _is_no_plain_value)


def _is_no_plain_value(value: Any) -> bool:  # noqa: ANN401 - whatever was given
    return value is not None and not isinstance(value, _PLAIN)


def _is_truth(value: Any) -> bool:  # noqa: ANN401 - whatever was given
    # NumPy's own, which is no bool, is what comparing columns gives.
    kind = type(value)
    return isinstance(value, bool) or (kind.__module__ == "numpy" and kind.__name__[:4] == "bool")


def _is_whole(value: Any) -> bool:  # noqa: ANN401 - whatever was given
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:  # noqa: ANN401 - whatever was given
    return isinstance(value, Real) and not isinstance(value, bool)


_ANYTHING = _Wanted("something else", "values", lambda _: True)
_NAMED = {
    "Any": _ANYTHING,
    "object": _ANYTHING,
    "str": _Wanted("a text", "texts", lambda value: isinstance(value, str)),
    "int": _Wanted("a whole number", "whole numbers", _is_whole),
    "float": _Wanted("a number", "numbers", _is_number),
    "bool": _Wanted("True or False", "True or False", _is_truth),
    "Path": _Wanted("a path", "paths", lambda value: isinstance(value, os.PathLike)),
}
