"""What follows from what is on record: grades, deadlines, rehearsals, the public register."""
