"""What happened: the events, which are the storage format. Nothing is decided here."""
