"""What may be done with papers: letters of a bureau."""
