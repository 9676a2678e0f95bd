"""HTTP as RFC 9110 has it: methods, conditions on a request, and compressed answers."""
