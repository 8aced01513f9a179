"""A question as written → the same with its misspelt words mended.

A word is mended only if neither the articles nor the English word lists know it, and then the articles' own words come
first. A right word is never touched, so a slip that makes another right word (“sings” for “signs”) stays.
"""

import re

from guide.records import Correction
from guide.text.lexicon import MIN_LETTERS, Lexicon, american, english, plain, with_apostrophe
from guide.text.normalise import words

LETTERS_FOR_TWO_SLIPS = 7
MAX_LETTERS = 30
MAX_LOOKUPS = 40
"""How many unknown words of one message are looked into; a message with more isn't a question in English."""


_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOT_PROSE = re.compile(r"[\d_@/\\#<>{}=]|\w\.\w")
_ENGLISH = frozenset(
    """
    the a an of to and or is are was be been being my your his her their our it he she they we you i what why how
    when who which does do did can could should would will have has had if not no this that these those there with
    for from about at on by so but because
    """.split()
)
_FOREIGN = frozenset(
    """
    ist und der das nicht ich mein meine meinem wie für mit auf eine einen einer sind warum que qué el los las una
    es mi cómo por para con está muy soy est les une pas je ma le pourquoi avec dans qui c'est não uma meu minha
    como il che sono mio mia perché di è het een niet ik mijn hoe van voor met zijn waarom
    """.split()
)
# “die”, “was”, “me”, “on”, “la” and their like are English words or names as well, and prove nothing.


def correct_spelling(text: str, lexicon: Lexicon) -> tuple[str, tuple[Correction, ...]]:
    """`text` with its misspelt words mended, and what was mended, each word once.

    >>> correct_spelling("what is detachmant", Lexicon.of(["What detachment is"]))
    ('what is detachment', (Correction(written='detachmant', searched='detachment'),))
    """
    unknown = _unknown(text, lexicon)
    if not unknown or len(unknown) > MAX_LOOKUPS or not _reads_as_english(text):
        return text, ()
    meant = {word: found for word in unknown if (found := _meant(word, lexicon))}
    # Mostly words that resemble nothing: another language, or names.
    if 2 * (len(unknown) - len(meant)) > len(words(text)):
        return text, ()
    corrections = tuple(Correction(word, _in_case_of(word, found)) for word, found in meant.items())
    searched = {correction.written: correction.searched for correction in corrections}

    def mended(chunk: re.Match[str]) -> str:
        prose = not _NOT_PROSE.search(chunk[0])
        return _WORD.sub(lambda word: searched.get(word[0], word[0]), chunk[0]) if prose else chunk[0]

    return _CHUNK.sub(mended, text), corrections


def _unknown(text: str, lexicon: Lexicon) -> list[str]:
    """The words of `text` that may be misspelt, in order, each once."""
    found: dict[str, None] = {}
    starts_sentence, shouting = True, text.isupper()
    for chunk in _CHUNK.finditer(text):
        if not _NOT_PROSE.search(chunk[0]):
            for word in _WORD.findall(chunk[0]):
                # A capital inside a sentence makes a name, capitals throughout an abbreviation.
                named = word != word.lower() and not shouting and not (starts_sentence and word[1:] == word[1:].lower())
                if not named and not _is_known(plain(word), lexicon):
                    found[word] = None
                starts_sentence = False
        starts_sentence = chunk[0][-1] in ".?!:" or (starts_sentence and not _WORD.search(chunk[0]))
    return list(found)


def _is_known(word: str, lexicon: Lexicon) -> bool:
    """Whether `word` is right as it is, or not for us to judge."""
    if not (MIN_LETTERS <= len(word) <= MAX_LETTERS and word.replace("'", "").isascii()):
        return True
    forms = (word, word.removesuffix("'s"))
    # The English lists are loaded for the first word that no article has.
    if any(form in lexicon for form in forms):
        return True
    return any(form in english() or form in american() for form in forms) or word in with_apostrophe()


def _meant(written: str, lexicon: Lexicon) -> str:
    """What the word `written` was most likely meant to be; an empty string if that isn't clear."""
    word, possessive = plain(written).removesuffix("'s"), "'s" if plain(written).endswith("'s") else ""
    slips = 2 if len(word) >= LETTERS_FOR_TWO_SLIPS else 1
    listed = english()
    candidates = [(found, distance, lexicon.counts[found]) for found, distance in lexicon.near(word, slips)]
    candidates += [(found, distance, 0) for found, distance in listed.near(word, slips) if found not in lexicon]
    ranked = []
    for found, distance, count in candidates:
        moved = sorted(found) == sorted(word)
        alike = moved or (_skeleton(found) == _skeleton(word) and len(_skeleton(word)) >= 3)
        # A short word has many neighbours, all the more among words of no article: it must sound alike, or more.
        short = len(word) == MIN_LETTERS
        if moved or (alike and (count or not short)) or (not short and (count or distance == 1 < slips)):
            cost = distance - 0.5 * alike + 0.5 * (found[0] != word[0]) + 0.75 * (not count)
            ranked.append((cost, found[-1] != word[-1], -count or -listed.counts.get(found, 0), found))
    found = min(ranked)[3] if ranked else _two_words(word, lexicon)
    return with_apostrophe().get(found, found) + possessive if found else ""


def _two_words(word: str, lexicon: Lexicon) -> str:
    """`word` as two words of the articles that were written as one; an empty string if it isn't."""
    cuts = range(MIN_LETTERS, len(word) - MIN_LETTERS + 1)
    return next((f"{word[:cut]} {word[cut:]}" for cut in cuts if word[:cut] in lexicon and word[cut:] in lexicon), "")


def _skeleton(word: str) -> str:
    """The consonants of `word`, doubled ones once: what stays when vowels are mixed up."""
    return re.sub(r"(.)\1+", r"\1", word[0] + re.sub("[aeiouy']", "", word[1:]))


def _in_case_of(written: str, found: str) -> str:
    if written.isupper() and len(written) > 1:
        return found.upper()
    return found.capitalize() if written[0].isupper() else found


def _reads_as_english(text: str) -> bool:
    told = [plain(word) for word in words(text)]
    return sum(word in _FOREIGN for word in told) <= sum(word in _ENGLISH for word in told)
