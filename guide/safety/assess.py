"""The old place of `guide.safety.gate.assess`; it goes in Guide 0.3."""

from guide.deprecation import moved

__getattr__ = moved(__name__, {"assess": "guide.safety.gate.assess"})
