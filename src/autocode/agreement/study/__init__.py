"""The agreement of a study's coders: units, decisions, tables."""
