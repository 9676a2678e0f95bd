"""A PostgreSQL server that nobody has to install, start or stop."""
