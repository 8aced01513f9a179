"""Message + history → what to search for."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from guide.conversation.aspects import aspect_of
from guide.conversation.understand import MAX_TURNS
from guide.errors import QuestionError
from guide.query import spelling
from guide.query.follow_up import stands_alone
from guide.query.main_question import main_question
from guide.query.ordinals import in_place, points_at_item
from guide.query.story import aspect_in, parts_of_story
from guide.query.thread import Thread, thread_of
from guide.records import Correction, Query, QueryPart, Turn
from guide.request import MAX_QUESTION_CHARACTERS
from guide.text.lexicon import Lexicon
from guide.text.normalise import normalise

MESSAGE_WEIGHT = 0.5
"""How much a message that leans on its conversation counts by itself, beside itself with what was said before it."""

BLEND = 0.6
"""How much a message counts with what was said before it, beside itself alone, where it seems to stand on its own."""

ASPECT_WEIGHT = 1.0
"""How much the aspect that a bare message asks for counts by itself, beside itself with the conversation's topic."""

TOPIC_WEIGHT = 1.0
"""How much the topic with the aspect counts beside the aspect, where the articles are known to speak of the topic."""


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
    check_question(question)
    text = normalise(question).strip()
    if not any(_says_something(character) for character in text):
        error = QuestionError(f"The question has no words, only “{text[:20]}”; type what you want to know.")
        error.kind = "no_words"
        raise error

    asked = main_question(text, lexicon)
    search, corrections = _mended(asked.question, lexicon, mend)
    story, corrections_of_story = _mended(asked.story, lexicon, mend)
    stretches = [_mended(stretch, lexicon, mend)[0] for stretch in asked.stretches]
    parts = parts_of_story(stretches, aspect_in(asked.question) if stretches else "")
    if story:
        search = f"{story} {search}".strip()
    aspect = ""
    if history and not story and not parts:
        thread = thread_of([_as_asked(turn, lexicon, mend) for turn in history[-MAX_TURNS:]], lexicon)
        if thread.said and (named := aspect_of(search)):
            aspect = named.question
            search = f"{thread.context(search)} {search}".strip()
            parts = (QueryPart(aspect, ASPECT_WEIGHT),)
        else:
            search, parts = _in_conversation(search, thread, lexicon)
    mended = tuple(dict.fromkeys((*corrections_of_story, *corrections)))
    return Query(question, search, mended, asked.others, parts, asked.question if stretches else "", aspect)


def about_aspect(query: Query) -> Query:
    """`query` for an aspect of a topic that the articles are known to speak of: searched for by the aspect, of which
    they may well have more than of the words that the topic was told in. The topic still has a say.
    """
    return replace(query, text=query.aspect, parts=(QueryPart(f"{query.text} {query.aspect}", TOPIC_WEIGHT),))


def about_subject(query: Query) -> Query:
    """`query`, a bare message for an aspect with nothing said before it, searched for by the aspect: it can only be one
    of the articles' own subject. Any other query stays as it is.
    """
    named = None if query.parts or query.aspect else aspect_of(query.text)
    return replace(query, text=named.question, parts=(QueryPart(query.text, MESSAGE_WEIGHT),)) if named else query


def check_question(question: str) -> None:
    """Nothing, for a question that is neither empty nor too long.

    Raises:
        QuestionError: it is.
    """
    check_length(question)
    if not normalise(question).strip():
        raise QuestionError("The question is empty; type what you want to know.")


def check_length(question: str) -> None:
    """Nothing, for a question that isn't too long.

    Raises:
        QuestionError: it is.
    """
    if len(question) > MAX_QUESTION_CHARACTERS:
        error = QuestionError(
            f"The question has {len(question):,} characters, and {MAX_QUESTION_CHARACTERS:,} are the limit; "
            "shorten it to what you want to know."
        )
        error.kind = "too_long"
        raise error


def _in_conversation(message: str, thread: Thread, lexicon: Lexicon | None) -> tuple[str, tuple[QueryPart, ...]]:
    """What is searched for `message` in its conversation, and what along with it."""
    if items := thread.items(message):
        return in_place(message, items), ()
    if not (context := thread.context(message)):
        return message, ()
    whole = f"{context} {message}"
    if not stands_alone(message, lexicon):
        return whole, (QueryPart(message, MESSAGE_WEIGHT),)
    return message, (QueryPart(whole, BLEND),)


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
        return replace(turn, content=content)
    asked = main_question(content, lexicon)
    return replace(turn, content=_mended(f"{asked.story} {asked.question}".strip(), lexicon, mend)[0])


def _says_something(character: str) -> bool:
    """Whether `character` is more than punctuation: a letter or digit of any script, or an emoji."""
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"
