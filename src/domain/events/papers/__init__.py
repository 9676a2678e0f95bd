"""What happened to papers: dossiers, evidence, and letters of a bureau."""
