"""What came in at any door → one `AskRequest`; and what the safety gate says of it when it can't be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guide.errors import GuideError, QuestionError, kind_of
from guide.records import AskRequest, Assessment, Turn
from guide.safety.gate import assess
from guide.safety.helplines import read_country
from guide.text.normalise import whole_characters

MAX_QUESTION_CHARACTERS = 8_000
"""About 1,500 words: a long story with a question at its end fits."""

MAX_TURNS_READ = 200
"""How many of a history's last turns are read where the history as a whole can't be used."""

HistoryEntry = Turn | str | Mapping[str, str | bool]
"""A turn as callers write it: a text is something the person wrote; a mapping has `role` (user or assistant) and
`content`, and may have `withdrawn`, as in `Turn`."""


def read_request(
    question: str,
    history: Sequence[HistoryEntry] = (),
    country: str | None = None,
    *,
    articles: Sequence[str] = (),
    mend: bool = True,
    withdrawn: bool = False,
) -> AskRequest:
    """The request that these make, in whole characters; see `AskRequest` for what each is.

    Raises:
        QuestionError: the question isn't a text, an entry of the history is neither a text nor a role with its content,
            or the country isn't a two-letter code. The error's `safety` says what the gate decided of what can be read.
    """
    try:
        if not isinstance(question, str):
            raise QuestionError(f"The question is {kind_of(question)}; it must be a text.")
        return AskRequest(
            question=whole_characters(question),
            history=read_history(history),
            country=read_country(country),
            articles=frozenset(map(whole_characters, articles)),
            mend=mend,
            withdrawn=withdrawn,
        )
    except GuideError as error:
        error.safety = assess_words(question, history, country)
        raise


def read_history(history: Sequence[HistoryEntry]) -> tuple[Turn, ...]:
    """The history as records, in whole characters.

    Raises:
        QuestionError: it is a text and no list, or an entry is neither a text nor a role with its content.
    """
    if isinstance(history, str):
        raise QuestionError("The history is a text; it must be a list of turns, oldest first.")
    return tuple(_turn(number, entry) for number, entry in enumerate(history, start=1))


def _turn(number: int, entry: object) -> Turn:
    if isinstance(entry, Turn):
        return replace(entry, content=whole_characters(entry.content))
    if isinstance(entry, str):
        return Turn("user", whole_characters(entry))
    if isinstance(entry, Mapping) and isinstance(content := entry.get("content"), str):
        role = entry.get("role")
        if role not in ("user", "assistant"):
            raise QuestionError(f"Entry {number} of the history has the role {role!r}; it must be user or assistant.")
        withdrawn = entry.get("withdrawn", False)
        if not isinstance(withdrawn, bool):
            raise QuestionError(
                f"`withdrawn` of entry {number} of the history is {withdrawn!r}; it must be true or false."
            )
        return Turn("user" if role == "user" else "assistant", whole_characters(content), withdrawn=withdrawn)
    found = "can't be used" if isinstance(entry, Mapping) else f"is {kind_of(entry)}"
    raise QuestionError(
        f"Entry {number} of the history {found}; it must be a text or an object with `role` (user or assistant) and "
        "`content`."
    )


def assess_words(question: object, history: object = (), country: object = None) -> Assessment:
    """What the safety gate's rules decide of all that can be read of a request, whatever it holds; never raises.

    This is what every door shows beside a refusal or a failure: nothing could be searched or embedded, but the words
    are there. What can't be read is left out, an over-long question is read as far as `MAX_QUESTION_CHARACTERS`, and an
    earlier danger in the history counts as ever.
    """
    entries = history if isinstance(history, Sequence) and not isinstance(history, str) else ()
    turns = []
    for entry in entries[-MAX_TURNS_READ:]:
        try:
            turns.append(_turn(0, entry))
        except QuestionError:
            continue
    message = whole_characters(question[:MAX_QUESTION_CHARACTERS]) if isinstance(question, str) else ""
    return assess(message, turns, country=country if isinstance(country, str) else None)


def safety_of(error: GuideError, question: object, history: object = (), country: object = None) -> Assessment:
    """The safety decision to show with `error`: the one that it carries, or what the words of the request say."""
    return error.safety or assess_words(question, history, country)
