"""How well Guide tells that a message isn't in English: `python benchmarks/languages.py [ENGLISH.jsonl ...]`.

Prints how many of the messages of `tests/data/language_messages.jsonl` are seen to be in another language and in the
right one, how many English messages are taken for another one, and what it costs. The English messages are the bank of
the safety gate and `tests/data/everyday_messages.jsonl`; further files have rows with a `text`.
"""

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from guide.query.language import unread_language
from guide.safety.examples import examples
from guide.text.lexicon import english

DATA = Path(__file__).parents[1] / "tests" / "data"
ALIKE = {"no": {"nb", "nn"}, "hr": {"bs", "sr"}, "id": {"ms"}}
"""Languages that are written alike, or that go by several codes."""


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def english_messages(further: Iterable[str]) -> list[str]:
    """Every English message that is measured."""
    everyday = [row["text"] for row in rows(DATA / "everyday_messages.jsonl") if row["kind"] != "languages"]
    return (
        [example.text for example in examples()]
        + everyday
        + [row["text"] for name in further for row in rows(Path(name))]
    )


def main() -> None:
    """Prints the figures."""
    foreign, ours = rows(DATA / "language_messages.jsonl"), english_messages(sys.argv[1:])
    english()
    start = time.perf_counter()
    unread_language("mein Freund redet nicht mit mir")
    print(f"loading the model: {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    told = [(row["language"], unread_language(row["text"])) for row in foreign]
    print(f"one message in another language: {(time.perf_counter() - start) / len(foreign) * 1000:.2f} ms")
    start = time.perf_counter()
    taken = [text for text in ours if unread_language(text)]
    print(f"one English message: {(time.perf_counter() - start) / len(ours) * 1000:.3f} ms")
    seen = [(language, found) for language, found in told if found]
    right = sum(found in {language, *ALIKE.get(language, ())} for language, found in seen)
    languages = len({row["language"] for row in foreign})
    print(f"seen: {len(seen)} of {len(foreign)} in {languages} languages, {right} of these in the right one")
    print(f"English taken for another: {len(taken)} of {len(ours)}: {taken}")


if __name__ == "__main__":
    main()
