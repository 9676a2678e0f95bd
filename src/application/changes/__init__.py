"""What is recorded, told to whoever follows it: the feed of changes, and webhooks."""
