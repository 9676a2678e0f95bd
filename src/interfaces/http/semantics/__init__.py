"""HTTP as RFC 9110 has it: methods."""
