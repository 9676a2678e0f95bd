"""Scenario files: worked cases that legal staff write down and the product plays."""
