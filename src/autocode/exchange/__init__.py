"""Projects of other tools in and out, in one format-neutral shape; usable without a study."""
