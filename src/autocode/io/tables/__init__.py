"""Tables that refer to a study: codebooks, codings, cases, decisions, surveys."""
