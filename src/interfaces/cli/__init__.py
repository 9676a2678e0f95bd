"""The command line. It knows no database: what it works on is handed in by ``interfaces.main``."""
