"""Texts to vectors, each text once."""
