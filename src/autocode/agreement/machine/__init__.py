"""A machine set beside people."""
