"""The sample of ``ecodocket demo``: invented agencies and practitioners in real leagues and cities.

Inner Mongolia is large; every other regime has a small region of its own (``elsewhere``). The generator says who there
is, when years are evaluated and what usually happens; the cases worth asking about are scenario files
(``scenarios/demo``) that it records among the rest (``stories``).

Every event of it comes from a real command, decided at the instant at which it is recorded; the same seed gives the
same events.
"""
