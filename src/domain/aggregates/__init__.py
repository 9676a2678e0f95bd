"""What is on record: each stream, its state, and how its events change it."""
