"""The command line: parse, call one thing, show it."""
