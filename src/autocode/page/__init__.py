"""The local page: reading, coding and deciding in a browser, served on this machine only."""
