"""Errors that a person can act on."""

from guide.deprecation import moved
from guide.records import Assessment

__getattr__ = moved(
    __name__, {"IndexFault": "guide.errors.SearchIndexError", "AnswerFault": "guide.errors.AnswerError"}
)


class GuideError(Exception):
    """One sentence that says what was found, what was expected and what to do. Shown as it is, without a traceback.

    `safety` is what the safety gate had decided about the message before the failure: its help card is shown even so.
    """

    safety: Assessment | None = None
    kind: str = ""
    """What the page says in each of its languages, `fault_` and this; empty for what only an operator can mend."""


class ArticleError(GuideError):
    """An article can't be read or holds nothing to answer from."""


class ModelError(GuideError):
    """The embedding model is absent or isn't the one expected."""


class SearchIndexError(GuideError):
    """The index is absent, damaged, of another version or built with another model."""


class StoreGoneError(SearchIndexError):
    """What keeps the index can't be reached, or the connection to it broke; `again` says whether asking at once may
    help.
    """

    again: bool = False


class QuestionError(GuideError):
    """A question, its history or a batch row can't be used."""


class AnswerError(GuideError):
    """Something in Guide itself failed while it answered."""


class NotNowError(GuideError):
    """The question was not taken on; the same one may be asked again after `retry_after` seconds."""

    retry_after: int = 2


def kind_of(value: object) -> str:
    """What kind of value JSON or Python gave, in plain words, for a sentence that says what was found.

    >>> kind_of(3), kind_of("3"), kind_of([]), kind_of({}), kind_of(True), kind_of(None)
    ('a number', 'a text', 'a list', 'an object', 'true or false', 'empty')
    """
    kinds: list[tuple[tuple[type, ...], str]] = [
        ((bool,), "true or false"),
        ((int, float), "a number"),
        ((str,), "a text"),
        ((list, tuple), "a list"),
        ((type(None),), "empty"),
    ]
    return next((words for types, words in kinds if isinstance(value, types)), "an object")
