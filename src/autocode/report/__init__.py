"""What a reader sees: one offline page."""
