"""The old place of `guide.index.build.build`; it goes in Guide 0.3."""

from guide.deprecation import moved

__getattr__ = moved(__name__, {"build": "guide.index.build.build"})
