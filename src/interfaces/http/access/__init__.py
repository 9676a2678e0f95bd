"""The wall at the door of the API: who a request comes from, and what they may ask for.

``authentication`` finds out who asks, before anything is read; ``guarding`` holds them against the table of roles, and
an answer against the place of the file it is about.
"""
