"""Tables that every output shows, computed once: saturation, cross-tabs, co-occurrence."""
