"""Message + history → what to search for."""

import unicodedata
from collections.abc import Callable, Sequence

from guide.errors import QuestionError
from guide.query import spelling
from guide.query.follow_up import MAX_TURNS, follow, stands_alone
from guide.query.main_question import main_question
from guide.records import Correction, Query, Turn
from guide.request import MAX_QUESTION_CHARACTERS
from guide.text.lexicon import Lexicon
from guide.text.normalise import normalise


def resolve(
    question: str,
    history: Sequence[Turn] = (),
    *,
    lexicon: Lexicon | None = None,
    mend: bool = True,
) -> Query:
    """What to search for when somebody asks `question` after `history`.

    Misspelt words are mended if there is a `lexicon` of the articles' words, unless `mend` is off: that is the way back
    to the question as typed.

    Raises:
        QuestionError: the question is empty, too long, or nothing but punctuation.
    """
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters, and {MAX_QUESTION_CHARACTERS:,} are the limit; "
            "shorten it to what you want to know."
        )
    text = normalise(question).strip()
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    if not any(_says_something(character) for character in text):
        raise QuestionError(f"The question has no words, only “{text[:20]}”; type what you want to know.")

    def mended(message: str) -> tuple[str, tuple[Correction, ...]]:
        return spelling.correct_spelling(message, lexicon) if mend and lexicon else (message, ())

    asked = main_question(text, lexicon)
    search, corrections = mended(asked.question)
    story, corrections_of_story = mended(asked.story)
    if story:
        search = f"{story} {search}".strip()
    elif history and not stands_alone(search, lexicon):
        earlier = [_as_asked(turn, lexicon, mended) for turn in history[-MAX_TURNS:]]
        search = follow(search, earlier, lexicon)
    return Query(question, search, tuple(dict.fromkeys((*corrections_of_story, *corrections))), asked.others)


def _as_asked(turn: Turn, lexicon: Lexicon | None, mended: Callable[[str], tuple[str, tuple[Correction, ...]]]) -> Turn:
    """An earlier turn, what the person said as it was understood then."""
    content = normalise(turn.content[:MAX_QUESTION_CHARACTERS]).strip()
    if turn.role == "assistant" or not content:
        return Turn(turn.role, content)
    asked = main_question(content, lexicon)
    return Turn("user", mended(f"{asked.story} {asked.question}".strip())[0], shown=turn.shown)


def _says_something(character: str) -> bool:
    """Whether `character` is more than punctuation: a letter or digit of any script, or an emoji."""
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"
