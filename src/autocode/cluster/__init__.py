"""Draft themes from vectors."""
