"""HTTP as RFC 9110 has it: methods, conditions on a request, compressed answers, other origins."""
