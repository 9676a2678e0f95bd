"""Papers: what stands behind a file."""
