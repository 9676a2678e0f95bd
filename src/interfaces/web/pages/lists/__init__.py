"""The pages that list: what is to be done, what waits for a signature, who is what, and what the public is shown."""
