"""Intervals by resampling transcripts."""
