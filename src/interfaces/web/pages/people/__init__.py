"""The people who use the pages: signing in, their own account and preferences, the accounts of a bureau."""
