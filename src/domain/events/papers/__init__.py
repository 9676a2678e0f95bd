"""What happened to papers: evidence, and letters of a bureau."""
