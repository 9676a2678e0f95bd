"""Who is on record: registrations, profiles, lists, single records."""
