"""Message + history → what to search for."""

import unicodedata
from collections.abc import Sequence

from guide.errors import QuestionError
from guide.query import spelling
from guide.query.follow_up import MAX_TURNS, follow, stands_alone
from guide.query.main_question import main_question
from guide.query.ordinals import points_at_item
from guide.query.story import parts_of_story
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

    asked = main_question(text, lexicon)
    search, corrections = _mended(asked.question, lexicon, mend)
    story, corrections_of_story = _mended(asked.story, lexicon, mend)
    if story:
        search = f"{story} {search}".strip()
    elif history and not asked.stretches and not stands_alone(search, lexicon):
        earlier = [_as_asked(turn, lexicon, mend) for turn in history[-MAX_TURNS:]]
        search = follow(search, earlier, lexicon)
    stretches = [_mended(stretch, lexicon, mend)[0] for stretch in asked.stretches]
    return Query(
        question,
        search,
        tuple(dict.fromkeys((*corrections_of_story, *corrections))),
        asked.others,
        parts_of_story(stretches),
        asked.question if stretches else "",
    )


def pointed_at(
    question: str, history: Sequence[Turn], *, lexicon: Lexicon | None = None, mend: bool = True
) -> tuple[int, ...]:
    """The places in `history` of the person's messages whose answers must be known to understand `question`: right
    after each an item of its answer is pointed at (“the second one”), and the turn doesn't say what was shown. None of
    them where the question stands on its own.
    """
    last = _as_asked(Turn("user", question), lexicon, mend).content
    if stands_alone(last, lexicon):
        return ()
    places = [place for place, turn in enumerate(history) if turn.role == "user"][-MAX_TURNS:]
    after = [*(_as_asked(history[place], lexicon, mend).content for place in places[1:]), last]
    followed = zip(places, after, strict=False)  # without an earlier message there is nothing to point at
    return tuple(place for place, message in followed if points_at_item(message) and not history[place].shown)


def _mended(message: str, lexicon: Lexicon | None, mend: bool) -> tuple[str, tuple[Correction, ...]]:
    return spelling.correct_spelling(message, lexicon) if mend and lexicon else (message, ())


def _as_asked(turn: Turn, lexicon: Lexicon | None, mend: bool) -> Turn:
    """A turn, what the person said as it is understood: the question in it, its words mended."""
    content = normalise(turn.content[:MAX_QUESTION_CHARACTERS]).strip()
    if turn.role == "assistant" or not content:
        return Turn(turn.role, content)
    asked = main_question(content, lexicon)
    return Turn("user", _mended(f"{asked.story} {asked.question}".strip(), lexicon, mend)[0], shown=turn.shown)


def _says_something(character: str) -> bool:
    """Whether `character` is more than punctuation: a letter or digit of any script, or an emoji."""
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"
