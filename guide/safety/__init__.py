"""The safety gate: decided first, from the message and the conversation; its rules need no model, index or network."""

# The old module of that name is imported first, so that its name stays the function's.
import guide.safety.assess  # noqa: F401
from guide.safety.gate import assess

__all__ = ["assess"]
