"""What may be done with papers: dossiers, evidence, and letters of a bureau."""
