"""Papers as files: what a paper says comes as a value (``blocks``), and is set as PDF or told as HTML from that."""
