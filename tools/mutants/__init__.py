"""``make mutants``: change one comparison or connective of the domain at a time, and see whether a test fails.

Cosmic Ray finds the places, changes one and runs the tests; ``session`` draws the sample and tells what came of it,
``covering`` runs only the tests that reach the changed line, those first that reach little else. A change that cannot
be told from what was there is not drawn: both operators say the same of every value of a closed list (``alike``).
All of it happens in a copy (``build/mutants``): whatever ends it, the code stays as it is.
"""
