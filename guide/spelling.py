"""stub"""
from collections.abc import Iterable
class Lexicon:
    def __init__(self, w: set[str]) -> None:
        self.w = w
    def __contains__(self, x: str) -> bool:
        return x in self.w
