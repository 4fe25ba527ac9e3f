"""How coders agree: coefficients on arrays, and the tables people read."""
