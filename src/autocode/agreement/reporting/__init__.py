"""Words for agreement: benchmark bands and the methods paragraph."""
