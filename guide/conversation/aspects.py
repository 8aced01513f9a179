"""A bare message that asks for another side of what the conversation is about → the plain question for that side.

“Why does he do that”, “now what” and “is it my fault” have no words of their own that an article could have. They are
searched for by a question that names what they ask for as articles do, together with the conversation's topic.
"""

import re
from functools import cache
from importlib.resources import files

from guide.conversation.act_rule import Aspect
from guide.conversation.acts import in_plain_words
from guide.text.sentences import message_sentences

MAX_ASPECT_WORDS = 12
"""The words up to which a sentence asks for an aspect and nothing more."""


@cache
def aspects() -> "tuple[tuple[Aspect, re.Pattern[str]], ...]":
    """The aspects that Guide knows, with their expressions, read once."""
    from guide.conversation.read_acts import read_aspects

    return tuple(read_aspects(files("guide.conversation").joinpath("aspects.toml").read_text(encoding="utf-8")))


def aspect_of(message: str) -> Aspect | None:
    """The aspect for which the last sentence of `message` asks; nothing where it says more, or asks for none.

    >>> found = [aspect_of(message) for message in ("Why is he like that?", "Why is he cold?", "That's me. Now what")]
    >>> [aspect and aspect.id for aspect in found]
    ['causes', None, 'to_do']
    """
    *_, last = message_sentences(message) or [""]
    plain = in_plain_words(last)
    if not plain.words or len(plain.words) > MAX_ASPECT_WORDS:
        return None
    return next((aspect for aspect, pattern in aspects() if pattern.fullmatch(plain.text)), None)
