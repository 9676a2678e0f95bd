"""HTTP as RFC 9110 has it: methods, and conditions on a request."""
