"""Explaining: why two answers differ, what would lead to a grade, what was known when a decision was taken.

How data walks through: two bases are read (``answering.grading``) → ``differences`` finds the event groups that
only one of them holds (``event_groups``) → each is switched on and off in copies of the file (``hybrid_files``) and
the copies are assessed → ``attribution`` weighs what each brings about. ``counterfactuals`` asks ``lawful_changes``
what may be done about each fact, tries it in copies (``hypothetical_files``) and keeps the smallest sets.
``regional`` does the first for every subject of a region, ``knowledge`` for the moment of a decision. Nothing is
guessed: a cause is what assessing shows.
"""
