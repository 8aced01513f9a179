"""Measures and suites over questions with known answers."""
