"""Results as plain data, one schema for JSON, the report and the page."""
