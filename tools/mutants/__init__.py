"""``make mutants``: change one comparison or connective of the domain at a time, and see whether a test fails.

Cosmic Ray finds the places, changes one and runs the tests; ``session`` draws the sample and tells what came of it,
``covering`` runs only the tests that reach the changed line, those first that reach little else. All of it happens in a
copy (``build/mutants``): whatever ends it, the code stays as it is.
"""
