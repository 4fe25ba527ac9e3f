"""How well a method does what people did: splits, a guard against leaks, scores with intervals."""
