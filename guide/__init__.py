"""Guide: a conversational guide that answers only with quoted, cited passages of an article."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guide.errors import GuideError
    from guide.guide import Guide
    from guide.records import Answer, Article, Assessment, Passage, Turn

_HOME = {
    "Guide": "guide.guide",
    "GuideError": "guide.errors",
    "Answer": "guide.records",
    "Article": "guide.records",
    "Assessment": "guide.records",
    "Passage": "guide.records",
    "Turn": "guide.records",
}

__all__ = ["Answer", "Article", "Assessment", "Guide", "GuideError", "Passage", "Turn"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The public name, imported on first use: `import guide` alone loads neither numpy nor FAISS."""
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'guide' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
