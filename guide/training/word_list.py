"""Writes the English words that Guide ships: `python -m guide.training.word_list`.

`guide/text/english_words.txt.gz` is made of the lists of symspellpy and pyspellchecker, which only this command and the
tests need; `guide/safety/english.txt` is taken from it. To be run after an update of the two packages, and after new
words in the safety gate's rules or their cues. The same packages and rules make the same bytes.
"""

import gzip
import json
from collections.abc import Container, Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from guide.safety.typos import LEAST, edits1

HEADER = """\
# English words, made by python -m guide.training.word_list; read by guide/text/lexicon.py.
# First the words of SymSpell's frequency dictionary (package symspellpy, MIT), in its order, each with how often books
# use it: Google Books Ngram counts (CC BY 3.0) of the words that are also in SCOWL.
# Then the words that only pyspellchecker's English list has (MIT; from OpenSubtitles), by alphabet, without a count.
# NOTICE holds the copyright notices of all these.
"""


def counted_words() -> dict[str, int]:
    """The words of symspellpy's list with how often books use them, in its order."""
    listed = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").split()
    return dict(zip(listed[::2], map(int, listed[1::2]), strict=True))


def further_words(known: Container[str]) -> list[str]:
    """The words of pyspellchecker's list that aren't `known`, by alphabet."""
    packed = (files("spellchecker") / "resources" / "en.json.gz").read_bytes()
    return sorted(word for word in json.loads(gzip.decompress(packed)) if word not in known)


def english_words(counted: Mapping[str, int], further: Iterable[str]) -> bytes:
    """What `english_words.txt.gz` holds: the header, the words with a count, those without, a blank line between."""
    lines = [HEADER, *(f"{word} {count}" for word, count in counted.items()), "", *further, ""]
    return gzip.compress("\n".join(lines).encode(), mtime=0)


def english_near(vocabulary: frozenset[str], listed: Iterable[str]) -> list[str]:
    """What `english.txt` holds for the rules' `vocabulary`: those of the `listed` words that it knows or nearly has."""
    known = {word for word in vocabulary if len(word) >= LEAST and word.isalpha()}
    near = known.union(slip for word in known for slip in edits1(word))
    return [word for word in listed if word in near and word.isascii()]


def main() -> None:
    """Writes both files."""
    from guide.safety.rules import rule_book

    counted = counted_words()
    further = further_words(counted)
    _path("guide.text", "english_words.txt.gz").write_bytes(english_words(counted, further))
    near = english_near(rule_book().vocabulary.english, counted)
    _path("guide.safety", "english.txt").write_text("\n".join(near) + "\n", encoding="ascii")
    print(f"{len(counted)} words with a count, {len(further)} more, {len(near)} near the rules' words")


def _path(package: str, name: str) -> Path:
    return Path(str(files(package).joinpath(name)))


if __name__ == "__main__":
    main()
