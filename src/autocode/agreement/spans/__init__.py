"""Agreement on coders' own spans of text, without units."""
