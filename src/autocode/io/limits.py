"""How large a file may be; beyond these a file is refused rather than read for minutes."""

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes; pictures and fonts in documents count."""

MOST_TEXT = 32 * 1024 * 1024
"""Bytes of text in one file; a transcript of a million words is about 6 MB."""
