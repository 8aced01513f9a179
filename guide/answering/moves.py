"""What a message about the conversation or the article asks for: again, shorter, more, simpler, an overview, a list."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from guide.answering.compose import compose
from guide.answering.further import again, more, shorter, simpler
from guide.answering.lists import item_noun, numbered_item, section_called, whole_list
from guide.answering.overview import article_called, overview, overview_of
from guide.answering.structure import hit_of, whole
from guide.answering.talk import LastShown, Talk
from guide.conversation.act_rule import Move
from guide.conversation.understand import MAX_TURNS, Understood, understand
from guide.errors import QuestionError
from guide.levels import is_danger
from guide.query.ordinals import in_place, pick, points_at_item
from guide.query.spelling import correct_spelling
from guide.query.thread import MAX_LISTED
from guide.records import Act, Answer, Choice, Correction, Hit, Turn
from guide.request import MAX_QUESTION_CHARACTERS
from guide.safety.gate import assess

QUOTING_MOVES: frozenset[Move] = frozenset(("again", "shorter", "more", "simpler", "recall", "summary", "list", "item"))
"""The moves that go back over the conversation or the article; the others are searches and replies."""

ASKING_MOVES: frozenset[Move] = frozenset(("summary", "list", "item"))
"""Those that ask for something of their own; the others go back to an answer before them."""

FEW_WORDS = 2
"""The words up to which a question is left out of what the person asked, if there are longer ones."""
CONTENT_ACTS: frozenset[Act] = frozenset(("question", "statement", "story"))
"""What a person does with a message that says something of their own."""

_SEARCHED_ACTS = CONTENT_ACTS | {"ack"}

MAX_RECALLED = 10
MAX_RECALLED_CHARACTERS = 160
"""How many messages are said again, and how much of each."""

MAX_RECALL_CHOICES = 3
MAX_LABEL = 60

_FIRST = re.compile(r"\bfirst\b|\bprimer[ao]?\b|\bat the (?:start|beginning)\b", re.I)
_LAST = re.compile(
    r"\b(?:last|latest|previous)\b|\bjust (?:now|ask|say|said|wrote|write)|\bbefore\b|\búltim[ao]\b", re.I
)

Understand = Callable[[str, Sequence[Turn]], Understood]
"""What tells what an earlier message did, given the turns before it."""

TURNS_BEFORE = 12
"""How many turns before an earlier message are looked at to understand it, and to know what its ordinal points to."""


@dataclass(frozen=True, slots=True)
class _Went:
    """How a conversation went up to a message: what was shown last, or that help was."""

    last: LastShown | None = None
    helped: bool = False
    """Whether the last message was answered with the way to help and with nothing that can be gone back to."""

    @property
    def article_id(self) -> str:
        """The id of the article that the last message was answered from; empty if it was from none."""
        answer = self.last.answer if self.last else None
        return answer.passages[0].article if answer and answer.covered and answer.passages else ""


def answer_move(move: Move, talk: Talk, understand: Understand = understand) -> Answer | None:
    """The answer to a message about the conversation or the article, whose move is one of `QUOTING_MOVES`; nothing
    where the message is to be searched for as usual.

    The answer is `covered` where something is quoted on purpose. What goes back to an earlier answer is as sure as that
    one; what is chosen by the article's structure (an overview, a list, one of its items) is certain: 1.0.
    """
    history, message = talk.request.history, talk.request.question
    if move == "recall":
        return _recalled(talk, understand)
    went = _went(talk, history, understand, listing=move == "item")
    if move in ASKING_MOVES:
        found = _asked_for(move, talk, message, history, went)
        # What only sounds like it (“give me one then”) is searched for.
        if found or move != "item" or item_noun(message) or not points_at_item(message):
            return found.answer if found else None
        if not went.helped:
            return _asked_which(talk, went)
    if went.last is None:
        return talk.reply_alone(talk.say("help_only")) if went.helped else talk.begin("nothing_yet")
    return _gone_back(move, talk, went.last, message)


def _gone_back(move: Move, talk: Talk, last: LastShown, message: str) -> Answer:
    if move == "shorter":
        return shorter(talk, last, message)
    if move == "more":
        return more(talk, last)
    return simpler(talk, last) if move == "simpler" else again(talk, last)


# ── what was shown before ────────────────────────────────────────────────────────────────────────────────────────────


def _went(talk: Talk, history: Sequence[Turn], understand: Understand, *, listing: bool = False) -> _Went:
    """How the conversation of `history` went. What the turns don't say is found out anew, from the last message on that
    asked for something of its own; with `listing`, from the last one that something was shown for.
    """
    after: list[tuple[Move, Turn]] = []
    for place in range(len(history) - 1, -1, -1):
        turn = history[place]
        if turn.role != "user" or not turn.content.strip():
            continue
        if _was_helped(turn, talk):
            return _Went(helped=True)
        understood = _understood(history, place, understand)
        to_item = understood.move == "item"
        before = _Went()
        if understood.move in ASKING_MOVES:
            before = _went(talk, history[max(0, place - TURNS_BEFORE) : place], understand, listing=to_item)
        last = _answered(understood, talk, history, place, before)
        if last is None and not to_item:
            after.append((understood.move, turn))
            continue
        if last is None:
            # It pointed to nothing: what was shown before it still counts.
            last = before.last
            if last is None:
                return before
        if listing and not last.answer.shown and not to_item:
            after = []
            continue
        quoted = {id for earlier in history[:place] for id in _quoted_in_full(earlier, history, understand)}
        last = replace(last, seen=last.seen | quoted)
        for move, later in reversed(after):
            last = _gone_on(move, later, talk, last)
        return _Went(last)
    return _Went()


def _choices_shown(history: Sequence[Turn], *, asked: bool) -> tuple[str, ...]:
    """The choices that the last message was answered with, as far as its turn says; with `asked`, only those beside a
    question of Guide's.
    """
    last = next((turn for turn in reversed(history) if turn.role == "user" and turn.content.strip()), None)
    if last is None or last.quoted or (asked and not last.asked_back):
        return ()
    return last.shown


def _was_helped(turn: Turn, talk: Talk) -> bool:
    """Whether the turn was answered with the way to help, and is no question to go back to."""
    if turn.withdrawn:
        return False
    if turn.level is not None:
        return is_danger(turn.level)
    return is_danger(talk.safety.earlier) and is_danger(assess(turn.content[:MAX_QUESTION_CHARACTERS]).level)


def _understood(history: Sequence[Turn], place: int, understand: Understand) -> Understood:
    content = history[place].content[:MAX_QUESTION_CHARACTERS]
    understood = understand(content, history[max(0, place - TURNS_BEFORE) : place])
    return replace(understood, act=history[place].act or understood.act)


def _answered(
    understood: Understood, talk: Talk, history: Sequence[Turn], place: int, before: _Went
) -> LastShown | None:
    """What the turn at `place` was answered with, if it asked for something of its own; otherwise nothing. `before` is
    how the conversation went up to it.
    """
    turn, last = history[place], None
    if understood.move in ASKING_MOVES:
        earlier = history[max(0, place - TURNS_BEFORE) : place]
        last = _asked_for(understood.move, talk, turn.content, earlier, before)
        if last is None and understood.move == "item" and not item_noun(turn.content) and points_at_item(turn.content):
            return None
    elif understood.move != "search" or understood.act not in _SEARCHED_ACTS:
        return None
    last = last or _searched_for(talk, turn.content, history[max(0, place - MAX_TURNS) : place])
    if last is None:
        return None
    if turn.shown:
        last = replace(last, answer=replace(last.answer, shown=turn.shown))
    if turn.quoted and not last.answer.points_alone:
        last = replace(last, seen=frozenset(turn.quoted))
    return last


def _quoted_in_full(turn: Turn, history: Sequence[Turn], understand: Understand) -> tuple[str, ...]:
    """The ids of the passages that are known to have been quoted for the turn; an overview or a list quotes a sentence
    of each only.
    """
    if not turn.quoted or understand(turn.content[:MAX_QUESTION_CHARACTERS], ()).move in ("summary", "list"):
        return ()
    return turn.quoted


def _gone_on(move: Move, turn: Turn, talk: Talk, last: LastShown) -> LastShown:
    """What was shown last after a turn that went back to `last`."""
    if move not in QUOTING_MOVES or move in ASKING_MOVES or move == "recall":
        return last
    answer = _gone_back(move, talk, last, turn.content)
    if not answer.covered:
        return last
    if turn.shown:
        answer = replace(answer, shown=turn.shown)
    quoted = turn.quoted or tuple(passage.id for passage in answer.passages[:1])
    seen = last.seen.union(quoted) if move in ("more", "simpler") else last.seen
    return replace(last, answer=answer, seen=seen, summed_up=last.summed_up if answer.brief else "")


# ── what asks for something of its own ───────────────────────────────────────────────────────────────────────────────


def _asked_for(move: Move, talk: Talk, message: str, history: Sequence[Turn], went: _Went) -> LastShown | None:
    """What an overview, a list or one of its items is answered with after `history`, which went so; nothing where no
    article has what is named.
    """
    mended, corrections = message, tuple[Correction, ...]()
    if talk.request.mend:
        mended, corrections = correct_spelling(message, talk.index.lexicon)
    if move == "item":
        found = _item(talk, mended, went, _choices_shown(history, asked=went.last is not None))
    elif move == "summary":
        found = _summed_up(talk, overview(talk, mended, went.article_id or _article_quoted(talk, history)), mended)
    else:
        answer = whole_list(talk, mended, went.article_id)
        found = _listed(talk, answer, mended) if answer else None
    if found is None or not corrections:
        return found
    searched_as = found.answer.searched_as if move == "item" else mended
    return replace(found, answer=replace(found.answer, corrections=corrections, searched_as=searched_as))


def _article_quoted(talk: Talk, history: Sequence[Turn]) -> str:
    """The id of the article that was quoted last, as far as the turns say; empty where none does."""
    quoted = next((turn.quoted for turn in reversed(history) if turn.quoted), ())
    of = {passage.id: id for id in talk.article_ids for passage in talk.index.passages_of(id)} if quoted else {}
    return next((of[id] for id in quoted if id in of), "")


def _item(talk: Talk, message: str, went: _Went, choices: Sequence[str]) -> LastShown | None:
    """What the item is answered with that `message` points to: among the `choices` that Guide offered last, or in what
    it showed last.
    """
    if offered := pick(message, (), choices):
        return _offered(talk, message, offered[0], went)
    listed = went.last.answer.shown if went.last else ()
    picked = pick(message, [went.last.topic, went.last.base.question], listed) if went.last else []
    if len(picked) == 1 and (article := article_called(talk, picked[0])):
        return _summed_up(talk, _with_what_is_meant(overview_of(talk, article), message, picked[0]), picked[0])
    if hits := section_called(talk, picked, went.article_id):
        return _quoted(talk.quote(hits, shown=listed), message, " ".join(picked))
    if went.last and (hits := _among_points(talk, picked, went.last.base)):
        return _quoted(talk.quote(hits, brief=True, shown=listed), message, " ".join(picked))
    if not picked:
        found = numbered_item(talk, message, went.article_id)
        return _quoted(found[0], message, found[1]) if found else None
    last = _searched_for(talk, in_place(message, [item[:MAX_LISTED] for item in picked]), ())
    return last and replace(last, answer=replace(last.answer, question=talk.request.question, shown=tuple(listed)))


def _offered(talk: Talk, message: str, chosen: str, went: _Went) -> LastShown | None:
    """What the choice that `message` points to is answered with."""
    if article := article_called(talk, chosen):
        return _summed_up(talk, _with_what_is_meant(overview_of(talk, article), message, chosen), chosen)
    if hits := section_called(talk, [chosen], went.article_id):
        return _quoted(talk.quote(hits, shown=went.last.answer.shown if went.last else ()), message, chosen)
    if went.last and (hits := _among_points(talk, [chosen], went.last.base)):
        return _quoted(talk.quote(hits, brief=True, shown=went.last.answer.shown), message, chosen)
    last = _searched_for(talk, chosen, ())
    return last and replace(last, answer=replace(last.answer, question=talk.request.question))


def _asked_which(talk: Talk, went: _Went) -> Answer:
    """The question that Guide asks where a message points to nothing that was shown: of a list that is too short, how
    long it is; without one, what the person would like to see. It never asks twice in a row.
    """
    last = next((turn for turn in reversed(talk.request.history) if turn.role == "user"), None)
    if last is not None and last.asked_back:
        return talk.begin("nothing_yet")
    listed = went.last.answer.shown if went.last else ()
    if listed:
        key = "shown_one" if len(listed) == 1 else "shown_so_many"
        return talk.reply_alone(talk.say(key, count=len(listed)), asks_back=True, shown=listed)
    return replace(talk.begin("which_item"), asks_back=True)


def _among_points(talk: Talk, picked: Sequence[str], base: Answer) -> list[Hit]:
    """The items `picked` of the list that `base` quotes; none if it is no list."""
    if not base.brief:
        return []
    return [
        hit_of(passage, [point for point in passage.points if (point.start, point.end) == (quoted.start, quoted.end)])
        for one in base.passages
        for passage in talk.index.passages_of(one.article)
        if passage.id == one.id
        for quoted in one.points
        if quoted.text in picked
    ]


def _summed_up(talk: Talk, answer: Answer, topic: str) -> LastShown:
    article = next((passage.article for passage in answer.passages), "")
    return replace(_listed(talk, answer, topic), summed_up=article)


def _listed(talk: Talk, answer: Answer, topic: str) -> LastShown:
    """An overview or a list as what was shown last: of its passages, those that weren't quoted whole can follow."""
    articles = dict.fromkeys(one.article for one in answer.passages)
    passages = {passage.id: passage for article in articles for passage in talk.index.passages_of(article)}
    hits = [whole(passages[one.id], talk.index.texts[one.article]) for one in answer.passages]
    is_whole = zip(hits, answer.passages, strict=True)
    seen = frozenset(one.id for hit, one in is_whole if len(hit.points) == len(one.points))
    return LastShown(answer, answer, topic, seen, tuple(hits))


def _quoted(answer: Answer, message: str, meant: str) -> LastShown:
    """An item that `message` points to as what was shown last, or the whole list where nothing of it is `meant`."""
    answer = _with_what_is_meant(answer, message, meant)
    return LastShown(answer, answer, meant or message, frozenset(passage.id for passage in answer.passages))


def _with_what_is_meant(answer: Answer, message: str, meant: str) -> Answer:
    """`answer`, searched for as a search would be: the message with the item that it means. What is held back stays
    unnamed.
    """
    return replace(answer, searched_as=" ".join(f"{message} {meant if answer.covered else ''}".split()))


def _searched_for(talk: Talk, message: str, history: Sequence[Turn]) -> LastShown | None:
    """What a search for `message` is answered with; nothing if it can't be searched for."""
    try:
        query, found = talk.search(message, history)
    except QuestionError:
        return None
    answer = compose(query, found, talk.index, talk.safety, talk.request.history)
    # Where several may have been meant, none was quoted in full.
    seen = [] if answer.points_alone else [passage.id for passage in answer.in_view]
    return LastShown(answer, answer, answer.searched_as, frozenset(seen), found.hits)


# ── what was asked ───────────────────────────────────────────────────────────────────────────────────────────────────


def _recalled(talk: Talk, understand: Understand) -> Answer:
    """The reply that says what the person asked, in their own words: all, or the first or last where that is meant.
    What was answered with the way to help isn't said again.
    """
    history, message = talk.request.history, talk.request.question
    asked = [
        " ".join(turn.content.split())
        for place, turn in enumerate(history)
        if turn.role == "user"
        and turn.content.strip()
        and _asks(history, place, understand)
        and not _was_helped(turn, talk)
    ]
    if not asked:
        return talk.begin("nothing_yet")
    if _FIRST.search(message):
        key, said = "asked_first", asked[:1]
    elif _LAST.search(message):
        key, said = "asked_last", asked[-1:]
    else:
        # A question of a word or two says little by itself, beside others that say more.
        asked = [one for one in asked if len(one.split()) > FEW_WORDS] or asked
        key = "asked_one" if len(asked) == 1 else "asked_all" if len(asked) <= MAX_RECALLED else "asked_latest"
        said = asked[-MAX_RECALLED:]
    quoted = ", ".join(f"“{_cut(one, MAX_RECALLED_CHARACTERS)}”" for one in said)
    reply = talk.say(key, asked=quoted, count=len(asked))
    choices = tuple(Choice(_cut(one, MAX_LABEL), one) for one in dict.fromkeys(said[-MAX_RECALL_CHOICES:]))
    return talk.reply_alone(replace(reply, choices=choices))


def _asks(history: Sequence[Turn], place: int, understand: Understand) -> bool:
    understood = _understood(history, place, understand)
    return understood.act in CONTENT_ACTS or understood.move in ("summary", "list")


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[:characters].rsplit(' ', 1)[0]} …"
