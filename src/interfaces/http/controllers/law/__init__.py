"""The law and its words."""
