"""The law as the journal knows it."""
