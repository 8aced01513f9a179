"""Whether a message is in a language that neither Guide nor one of the articles knows."""

from collections.abc import Callable, Collection

from guide.text.language import foreign_languages

POSSIBLE = 0.05
"""The probability from which a message may be in the language of an article: short texts are hard to tell apart."""


def unread_language(message: str, known: Callable[[], Collection[str]] = tuple) -> str:
    """The ISO 639-1 code of the language of `message`, if it is neither English nor one of the `known`; else nothing.
    What is known is asked for only where a message isn't in English.

    >>> unread_language("mein Freund redet nicht mit mir")
    'de'
    >>> unread_language("mein Freund redet nicht mit mir", lambda: {"de"}), unread_language("my friend is so quiet")
    ('', '')
    """
    found = foreign_languages(message)
    if not found or any(found.get(language, 0.0) >= POSSIBLE for language in known()):
        return ""
    return next(iter(found))
