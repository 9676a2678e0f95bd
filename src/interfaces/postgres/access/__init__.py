"""What access control keeps in the journal's database, beside the journal."""
