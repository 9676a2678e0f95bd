"""The feed of changes and webhooks, in the journal's database."""
