"""Passages found → the answer: what is quoted, how sure Guide is, what the articles don't mention."""
