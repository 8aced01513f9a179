"""Query × index → passages, best first."""
