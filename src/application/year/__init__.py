"""The evaluation year of a whole roster, step by step."""
