"""What happened to papers: letters of a bureau."""
