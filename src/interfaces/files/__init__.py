"""Files: those that travel with the product, those that people write for it, those it writes."""
