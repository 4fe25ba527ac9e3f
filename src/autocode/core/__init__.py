"""What a study is made of: standard library only, no prose, no files."""
