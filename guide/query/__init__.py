"""A message in its conversation → what to search for."""
