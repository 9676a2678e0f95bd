"""Pictures of answers, drawn on the server as SVG: the same for screens and for paper."""
