"""Corpora too large for a study: draft themes of millions of excerpts, partition by partition."""
