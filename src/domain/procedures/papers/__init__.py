"""What may be done with papers: evidence, and letters of a bureau."""
