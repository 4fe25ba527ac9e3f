"""Names proposed for pseudonyms, and stand-ins put in their place; knows texts and no study."""
