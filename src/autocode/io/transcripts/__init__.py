"""Transcript files of every format, read into utterances and one fixed text."""
