"""Every word that a person reads, in Chinese and English, for the codes, numbers and ids of an answer."""
