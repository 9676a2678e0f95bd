"""What answers for each article of the texts: code, editions, tests and scenarios, as pages in ``docs/law``."""
