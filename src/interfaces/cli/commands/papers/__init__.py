"""Papers: what stands behind a file, and what is made of it."""
