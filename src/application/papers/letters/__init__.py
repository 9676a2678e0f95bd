"""Letters of a bureau: what one says, filled from the file; its number; what was sent, and how it is read again."""
