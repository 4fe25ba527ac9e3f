"""Results as plain data: one schema for `--json`, for tables in Python, and for pages."""
