"""What the law says: editions as data that a clerk could read aloud, calendars, and the law of a regime made ready."""
