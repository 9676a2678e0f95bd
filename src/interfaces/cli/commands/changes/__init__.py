"""What is new, for other systems."""
