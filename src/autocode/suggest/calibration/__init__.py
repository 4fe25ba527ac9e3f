"""Probabilities, thresholds and prediction sets, measured on held-out transcripts."""
