"""``rulebook``: editions and calendars."""
