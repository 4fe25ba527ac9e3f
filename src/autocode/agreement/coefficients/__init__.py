"""Coefficients on plain arrays and on tables of counts."""
