"""The sample of ``ecodocket demo``: invented agencies and practitioners in real leagues and cities.

Inner Mongolia is large; every other regime has a small region of its own (``elsewhere``).

Every event of it comes from a real command, decided at the instant at which it is recorded; the same seed gives the
same events. ``STORIES`` are the cases worth asking about.
"""

from application.demo.desk import ENDS_ON, REGIME, SampleIds
from application.demo.region import SEED, Expected, build, expected, plan
from application.demo.stories import EXAMPLE, STORIES
from application.demo.telling import Asked, Story

__all__ = [
    "ENDS_ON",
    "EXAMPLE",
    "REGIME",
    "SEED",
    "STORIES",
    "Asked",
    "Expected",
    "SampleIds",
    "Story",
    "build",
    "expected",
    "plan",
]
