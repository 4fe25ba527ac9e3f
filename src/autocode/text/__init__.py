"""Counting and naming words: scripts, terms, speakers, questions."""
