"""Deadlines: what has to be done by when, kept in an index, shown as a worklist, told by reminders."""
