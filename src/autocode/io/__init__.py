"""Files in and out; foreign names stop here."""
