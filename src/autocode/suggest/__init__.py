"""Codes suggested for segments."""
