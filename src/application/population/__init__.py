"""The population: who has which grade on any day as known at any moment, from an index kept beside the journal.

How data walks through: ``index`` follows the journal and hands every file that has changed to ``filling``, which
works out its grade as a function of both times (``grade_functions``) and writes nothing; ``index`` stores it.
``population`` asks the index for pages and counts. ``replay`` is the same function the plain way, by folding the
file anew for every instant: it checks the index. ``regrading`` grades everybody as of one day in one pass.
"""
