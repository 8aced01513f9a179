"""Writes `guide/safety/english.txt`: `python -m guide.training.word_list`.

To be run after new words in the rules or their cues.
"""

from importlib.resources import files
from pathlib import Path

from guide.safety.typos import LEAST, edits1


def english_near(vocabulary: frozenset[str]) -> list[str]:
    """What `english.txt` must hold for the rules' `vocabulary`."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    by_frequency = dict.fromkeys(line.split(" ", 1)[0] for line in lines.splitlines())
    known = {word for word in vocabulary if len(word) >= LEAST and word.isalpha()}
    near = known.union(slip for word in known for slip in edits1(word))
    return [word for word in by_frequency if word in near and word.isascii()]


def main() -> None:
    """Writes the file."""
    from guide.safety.rules import rule_book

    words = english_near(rule_book().vocabulary.english)
    Path(str(files("guide.safety").joinpath("english.txt"))).write_text("\n".join(words) + "\n", encoding="ascii")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
