"""What may be done: requests, and the decisions on them, which return the events to record or refuse."""
