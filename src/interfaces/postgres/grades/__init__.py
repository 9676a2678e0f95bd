"""The index of grades in PostgreSQL: its tables, and the ways in which a list or a count is read from them."""
