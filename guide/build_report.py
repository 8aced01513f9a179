"""The old place of `guide.index.build_report.BuildReport`; it goes in Guide 0.3."""

from guide.deprecation import moved

__getattr__ = moved(__name__, {"BuildReport": "guide.index.build_report.BuildReport"})
