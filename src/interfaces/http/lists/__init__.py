"""What lists have besides their rows: links, totals, and the form of a file."""
