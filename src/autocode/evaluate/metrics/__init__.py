"""What an evaluation measures, as counts that add up over transcripts."""
