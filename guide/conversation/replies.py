"""What Guide says in its own words: reviewed sentences, from the files of the languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from guide.conversation.topics import Topic
from guide.languages.words import DEFAULT_LANGUAGE, languages, words_of
from guide.records import Article, Choice

if TYPE_CHECKING:
    from guide.conversation.read_replies import ReplyFile, ReplyVariants

GO_ON = "Tell me more"
"""The message of the choice that goes on with what was asked."""

MOST_CREDITED = 3
"""How many articles are named with their authors; of more, one fewer, and how many others there are."""

MAX_CHOICES = 4
MAX_TURNING = 5
"""How many topics take turns in being offered first."""

LEADING_ON = ("causes", "to_do", "help", "to_do_other")
"""The kinds of topics that are offered one after the other to somebody who only says yes."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What Guide says, and what the person can say next with one tap."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    asks_back: bool = False


@cache
def replies(language: str) -> "ReplyFile":
    """What Guide says in `language`, or in English where it has nothing in that language."""
    from guide.conversation.read_replies import read_replies

    spoken = language if language in languages() else DEFAULT_LANGUAGE
    return read_replies(words_of(spoken), f"{spoken}.toml")


def reply_for(
    key: str,
    turn: int,
    language: str = "en",
    *,
    topics: Sequence[Topic] = (),
    asked: Sequence[str] = (),
    credits: str = "",
) -> Reply:
    """The reply of this key as it is said at the `turn`th message of a conversation: another one than at the last.

    `topics` are what the articles answer; of them those are offered first that weren't `asked` before. `credits` name
    the articles with their authors.

    Raises:
        KeyError: there is no such reply.
    """
    spoken_in = replies(language)
    entry = spoken_in.replies[key]
    text = entry.texts[turn % len(entry.texts)].replace("{credits}", credits)
    return Reply(text, _choices(entry, spoken_in.choice_labels, turn, topics, asked), entry.asks_back)


def move_reply(key: str, turn: int, language: str = "en", **filled: object) -> Reply:
    """What Guide says under this key, `filled` in, when it goes back over the conversation or the article at the
    `turn`th message: in other words than at the message before, where there are others.

    >>> move_reply("counted", 1, count=5).text
    'The article lists 5 here.'
    """
    moves = replies(language).moves
    shorter = Choice(moves["shorter_label"][0], moves["shorter"][0])
    said = moves[key]
    return Reply(said[turn % len(said)].format(**filled), (shorter,) if key == "only_quotes" else ())


def _choices(
    entry: "ReplyVariants", labels: dict[str, str], turn: int, topics: Sequence[Topic], asked: Sequence[str]
) -> tuple[Choice, ...]:
    if entry.choices == ["vague"]:
        return tuple(_choice(topic, labels) for topic in topics[:MAX_CHOICES])
    before = {message.strip().casefold() for message in asked}
    fresh = [topic for topic in topics if topic.message.casefold() not in before] or list(topics)
    leading = entry.choices.count("next")
    # The usual ones come first, in turns; what leads on is other than what was offered at the last turn.
    near = _leading_on(fresh) if leading else fresh[:MAX_TURNING]
    start = (leading * (turn - 1) if leading else turn) % len(near) if near else 0
    offered = iter([*near[start:], *near[:start]])
    found = []
    for kind in entry.choices:
        if kind == "more":
            found.append(Choice(labels["more"], GO_ON))
        elif topic := next(offered, None):
            found.append(_choice(topic, labels))
    return tuple(found)


def _leading_on(topics: Sequence[Topic]) -> list[Topic]:
    """The topics from causes to what helps and when to seek help, one of each; then the others."""
    first = {kind: topic for topic in reversed(topics) if (kind := "help" if topic.role == "help" else topic.kind)}
    led = [first[kind] for kind in LEADING_ON if kind in first]
    others = [topic for topic in topics if topic not in led and topic.role != "help"]
    return [*led, *others][: 2 * MAX_TURNING]


def _choice(topic: Topic, labels: dict[str, str]) -> Choice:
    return Choice(labels.get(topic.kind, topic.heading), topic.message)


def credits_of(articles: Sequence[Article], language: str = DEFAULT_LANGUAGE, count: int | None = None) -> str:
    """The articles with what they say of their authors and sources, as part of a sentence in `language`; of `count` in
    all, where these are the first `MOST_CREDITED` of more.

    >>> credits_of([])
    'no article yet'
    """
    words = replies(language).credits
    named = [_credit(article, words) for article in articles]
    if (all_of_them := count or len(named)) > MOST_CREDITED:
        named = [*named[: MOST_CREDITED - 1], words["more"].format(count=all_of_them - MOST_CREDITED + 1)]
    if len(named) < 2:
        return named[0] if named else words["none"]
    return words["joined"].format(first=", ".join(named[:-1]), last=named[-1])


def _credit(article: Article, words: Mapping[str, str]) -> str:
    def by_author(title: str) -> str:
        quoted = words["quoted"].format(title=title)
        return words["by"].format(work=quoted, author=article.author) if article.author else quoted

    # The source of a file without any is the file itself.
    if article.source and article.source != article.title and " " in article.source:
        work = words["quoted"].format(title=article.title)
        return words["sourced"].format(work=work, source=by_author(article.source))
    return by_author(article.title)
