"""The rulebook: the law as data that a clerk could read aloud, and the closed set of ways to grade by it."""
