"""Tables of an input, checked: columns that are there, texts that are text, values of one kind.

`origin` names where a table is from: a file, or what was given in its stead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute

from ..core.errors import FileRefused
from .options import BulkOptions

LONGEST_TEXT = 1 << 20
"""Characters beyond which a text is no excerpt."""
_TEXT = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,  # what Polars gives
    pa.types.is_null,
)


def find_columns(origin: object, names: Sequence[str], options: BulkOptions) -> None:
    """Refuse an input without a column, and say which there are."""
    for name in options.columns:
        if names.count(name) > 1:
            raise FileRefused.because(
                origin, f"has several columns '{name}'", remedy="Rename all but one of them."
            )
    missing = [name for name in options.columns if name not in names]
    if missing:
        shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "") or "none"
        option = (
            "--text-column"
            if missing[0] == options.text_column
            else "--group-column, --domain-column or --keep"
        )
        raise FileRefused.because(
            origin,
            f"has no column '{missing[0]}' (it has: {shown})",
            remedy=f"Name one of these with {option}.",
        )


def check_table(table: pa.Table, origin: object, options: BulkOptions, first: int) -> pa.Table:
    """The table with texts, groups and domains as strings.

    Raises:
        FileRefused: where a text is none, or far too long.
    """
    table = table.select(list(options.columns))
    at = table.schema.get_field_index(options.text_column)
    kind = table.schema.field(at).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not any(is_text(kind) for is_text in _TEXT):
        raise FileRefused.because(
            origin,
            f"the column '{options.text_column}' holds {kind}, not text",
            remedy="Name another with --text-column.",
        )
    table = table.set_column(
        at, options.text_column, _to_strings(table, options.text_column, origin)
    )
    lengths = pa.compute.utf8_length(table.column(at)).fill_null(0).to_numpy()
    if len(lengths) and lengths.max() > LONGEST_TEXT:
        raise FileRefused.because(
            origin,
            f"a text of {lengths.max() / 1e6:.1f} million characters is no excerpt "
            f"(at most {LONGEST_TEXT / 1e6:.1f})",
            place=f"row {first + int(lengths.argmax())}",
            remedy="Cut it into excerpts first.",
        )
    for name in options.columns[1:]:
        strings = _to_strings(table, name, origin)
        if name in (options.group_column, options.domain_column):
            table = table.set_column(table.schema.get_field_index(name), name, strings)
    return table


def _to_strings(table: pa.Table, name: str, origin: object) -> pa.ChunkedArray:
    """A column as strings; says where it holds what is none."""
    try:
        column = table.column(name)
        if pa.types.is_floating(column.type):
            # What pandas writes for "missing" in a column of numbers.
            column = pa.compute.if_else(pa.compute.is_nan(column), None, column)
        strings = column.cast(pa.string())
        strings.validate(full=True)
    except pa.ArrowNotImplementedError:
        raise FileRefused.because(
            origin,
            f"the column '{name}' holds {table.schema.field(name).type}, which is no text",
            remedy="Name another column with --group-column or --keep.",
        ) from None
    except pa.ArrowInvalid:
        raise FileRefused.because(
            origin, f"the column '{name}' is not in UTF-8", remedy="Write it again in UTF-8."
        ) from None
    return strings


def fit_kinds(table: pa.Table, origin: object, kinds: Mapping[str, pa.DataType]) -> pa.Table:
    """The columns with the types in `kinds`."""
    for at, (name, kind) in enumerate(zip(table.schema.names, table.schema.types, strict=True)):
        wanted = kinds[name]
        if kind == wanted:
            continue
        try:
            table = table.set_column(at, name, table.column(at).cast(wanted))
        except pa.ArrowException:
            raise FileRefused.because(
                origin,
                f"the column '{name}' holds {kind}, and {wanted} before",
                remedy="Write it alike everywhere, or leave it out of --keep.",
            ) from None
    return table
