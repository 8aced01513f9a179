"""The safety gate: decided first, from the message and the conversation, with no model, index or network."""

from guide.safety.assess import assess
from guide.safety.similarity import raise_by_meaning, remember_by_meaning

__all__ = ["assess", "raise_by_meaning", "remember_by_meaning"]
