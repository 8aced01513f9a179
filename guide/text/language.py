"""The language of a short message, as far as it is another than English.

Words of another script tell by themselves. A message in Latin letters may hold common English words only in part, and
then py3langid (a naive Bayes model over byte sequences) must be sure of another language: so slang, typing errors and
names aren't taken for one. `benchmarks/languages.py` measures it. The model is loaded when first
needed, which takes most of a second; most messages never need it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from guide.text.lexicon import english
from guide.text.normalise import whole_characters

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

COMMON_WORD = 10_000_000
"""How often the English list's books must use a word for it to speak for English."""
MOST_ENGLISH = 0.6
"""The share of common English words up to which a message may be in another language."""
TIMES_LIKELIER = 20
"""How many times as likely as English another language must be."""
SURE_OF_TWO_WORDS = 0.5
"""How probable it must be for two words, which may as well be a name or slang."""
IDEOGRAPH = 3
"""How many letters an ideograph counts for: a word has one or two of them."""
LONGEST = 2_000
"""How many characters of a text are looked at."""

HINDI_IN_LATIN_LETTERS = frozenset(
    "mujhe mujhse mujhko nahi nahin nhi hai hain kya kyu kyun kaise karu karta karti karte meri mera mere raha rahi "
    "rahe hota chahta chahti chahiye bahut usse uska unse aur hoon".split()
)
"""Words of Hindi as people type them without its own letters, which py3langid doesn't know. Two tell."""

_NONE = ("en", "zxx")
"""English, and what py3langid calls no language at all."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def foreign_languages(text: str) -> Mapping[str, float]:
    """The languages in which `text` may be written, by ISO 639-1 code, with their probabilities, the likeliest first;
    nothing if it is in English, or if that can't be told.

    >>> next(iter(foreign_languages("mein Freund redet nicht mit mir")))
    'de'
    >>> foreign_languages("idk why he ghosted me lol")
    {}
    """
    plain = unicodedata.normalize("NFKC", whole_characters(text[:LONGEST])).replace("’", "'")
    written = plain.lower()
    letters = [character for character in written if character.isalpha()]
    weights = [IDEOGRAPH if character > "\u2e80" else 1 for character in letters]
    own = sum(weight for character, weight in zip(letters, weights, strict=True) if not _is_latin(character))
    if not letters:
        return {}
    if own * 2 > sum(weights):
        return _without_english(_probabilities(written))
    words = [word for word in _WORD.findall(written) if len(word) > 1]
    if _is_hindi(words):
        return {"hi": 1.0}
    if len(words) < 2 or sum(map(_is_common, words)) > MOST_ENGLISH * len(words) or _is_name(plain):
        return {}
    found = _probabilities(written)
    best, probability = next(iter(found.items()))
    sure = probability > TIMES_LIKELIER * found.get("en", 0.0) and (len(words) > 2 or probability > SURE_OF_TWO_WORDS)
    return _without_english(found) if sure and best not in _NONE else {}


def _is_name(written: str) -> bool:
    """Whether every word has a capital, and not capitals only."""
    return all(word[0].isupper() and not word.isupper() for word in _WORD.findall(written))


def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN")


def _is_common(word: str) -> bool:
    counts = english().counts
    return max(counts.get(word, 0), counts.get(word.removesuffix("'s"), 0)) >= COMMON_WORD


def _is_hindi(words: list[str]) -> bool:
    return len(HINDI_IN_LATIN_LETTERS.intersection(words)) >= 2


def _without_english(found: Mapping[str, float]) -> Mapping[str, float]:
    return {language: probability for language, probability in found.items() if language not in _NONE}


def _probabilities(text: str) -> dict[str, float]:
    return {str(language): float(probability) for language, probability in _identifier().rank(text)}


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def told_language(text: str) -> str:
    """The ISO 639-1 code of the language that the words of `text` tell; empty where they tell of none but English.

    >>> told_language("Mein Freund redet nicht mit mir.")
    'de'
    """
    return next(iter(foreign_languages(text)), "")


def languages_of(articles: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The languages that articles are in, from what each states and what its words tell (`told_language`)."""
    stated_or_told = {language for stated, told in articles for language in (stated.partition("-")[0].lower(), told)}
    return frozenset(stated_or_told - {""})
