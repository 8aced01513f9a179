"""The safety gate: decided first, from the message and the conversation; its rules need no model, index or network."""

from guide.safety.gate import assess

__all__ = ["assess"]
