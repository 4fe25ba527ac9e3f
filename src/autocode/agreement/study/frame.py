"""Agreement of a data frame with a row for each coding, made with any other tool."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Literal

import numpy as np

from ...core.errors import InputError
from ..coefficients.labels import as_columns, describe_label, is_missing
from ..resampling.intervals import Resampling
from .decisions import Unit
from .table import Agreement, measure_agreement

MissingCode = Literal["unread", "nothing"]
"""What a row without a code says: the coder did not code the unit, or read it and gave nothing."""


def agree_frame(
    frame: Any,  # noqa: ANN401 - a frame of pandas or polars, or a mapping of columns
    *,
    unit: str,
    coder: str,
    code: str,
    transcript: str | None = None,
    missing: MissingCode = "unread",
    resampling: Resampling | None = None,
) -> Agreement:
    """Agreement of coders from a frame with a row for each coding.

    Several rows of one coder and unit are several codes. Where codes exclude each other, alpha over
    sets (`alpha_masi`) is Krippendorff's nominal alpha over all codes.

    Args:
        frame: of pandas or polars, or a mapping from column names to values.
        unit: the column that names the unit; a name counts within its transcript.
        coder: the column that names the coder.
        code: the column that holds the code, a label or a number. None, NaN, `pandas.NA` and the
            code -1 of pandas categories and an empty text are missing.
        transcript: the column that names the transcript, over which intervals are made. Without
            it all units count as one transcript and there is no interval; give `unit` here only
            if units are independent of each other.
        missing: what a row without a code says.
        resampling: how intervals are made.

    Raises:
        InputError: if a column is not there, a row lacks its unit, coder or transcript or holds
            several codes, or there are not two coders with a unit in common.
    """
    if missing not in ("unread", "nothing"):
        raise InputError(f"A missing code is unread or nothing, not '{missing}'.")
    names = [unit, coder, code, *([] if transcript is None else [transcript])]
    columns = as_columns(frame, names)
    texts = columns[3] if transcript is not None else [""] * len(columns[0])
    given: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for number, row in enumerate(zip(texts, *columns[:3], strict=True), start=1):
        for value, name in zip(row, (transcript, unit, coder), strict=False):
            if is_missing(value):
                raise InputError(f"Row {number} of the frame has no value in '{name}'.")
        key, who, value = (describe_label(row[0]), describe_label(row[1])), row[2], row[3]
        if isinstance(value, (list, tuple, dict, Set, np.ndarray)):
            raise InputError(
                f"Row {number} of the frame has several codes in '{code}'. A row is one coding:"
                f" give each code a row, as frame.explode('{code}') does."
            )
        is_uncoded = is_missing(value) or not describe_label(value).strip()
        if is_uncoded and missing == "unread":
            continue
        by_coder = given.setdefault(key, {})
        own = by_coder.get(describe_label(who), frozenset())
        by_coder[describe_label(who)] = own if is_uncoded else own | {describe_label(value)}
    coders = sorted({who for by_coder in given.values() for who in by_coder})
    if not any(len(by_coder) > 1 for by_coder in given.values()):
        shown = ", ".join(coders[:6]) or "nobody"
        raise InputError(
            f"No unit was coded by two coders (coders: {shown}). A row is one coding; a frame with"
            " a column for each coder goes through arrange_codings."
        )
    units = [
        Unit(transcript=text, excerpt=name, applied=by_coder)
        for (text, name), by_coder in given.items()
    ]
    codes = sorted({label for by in given.values() for own in by.values() for label in own})
    return measure_agreement(units, coders, codes, unit_name=unit, resampling=resampling)
