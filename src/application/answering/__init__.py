"""Answering about one file: its grade on a day as known at a moment, its timeline, its procedures, its readings."""
