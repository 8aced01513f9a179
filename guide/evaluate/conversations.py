"""Everyday messages → how many acts are understood, how many answers found, and shown on the first screen."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from guide.errors import QuestionError
from guide.evaluate.gold import holds_gold, one_line, points_within
from guide.evaluate.loaders import DataError, EverydayMessage
from guide.evaluate.measures import wilson
from guide.evaluate.progress import track
from guide.evaluate.questions import POINT_WORDS
from guide.evaluate.report import NOTHING, table
from guide.guide import Guide
from guide.levels import Level
from guide.records import Act, Answer, QuotedPoint

SCREEN_WORDS = 90
"""How many words of the points that answer are counted as shown on the first screen, at most."""

ANSWERED_BY = ("first passage", "one of three", "points", "first screen")
"""What may hold the answer to a message, of which the kinds' table gives the shares."""

PURE_ACT, VAGUE, NEAR = "act", "vague", "neartopic"
"""The kinds of which something else is expected than an answer: of pure acts only that they are understood, of vague
messages that Guide asks back, of questions near the subject that it refuses.
"""

_CONTENT: frozenset[Act] = frozenset({"question", "statement", "story"})
"""What is answered from the articles; every other act is one that Guide itself replies to."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """What came of one message."""

    id: str
    kind: str
    text: str
    history: tuple[str, ...]
    act: Act
    understood: Act | Literal[""]
    """The act that Guide took it for; empty where it refused the message, as one without a word."""
    asked_back: bool
    reply: str
    searched_as: str
    found: tuple[str, ...]
    """The ids of the passages that were found, best first."""
    measures: Mapping[str, float]
    """Which of `ANSWERED_BY` holds the answer, as 1 or 0; none for a message that asks nothing of the articles."""
    confidence: float
    covered: bool
    level: Level

    @property
    def is_content(self) -> bool:
        """Whether the message asks or tells something of its own."""
        return self.act in _CONTENT

    @property
    def taken_for_act(self) -> bool:
        """Whether Guide took it for something else than a question, a statement or a story."""
        return bool(self.understood) and self.understood not in _CONTENT


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; at least one."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return self.hits / self.of

    @property
    def between(self) -> tuple[float, float]:
        """The 95% interval (Wilson)."""
        return wilson(self.hits, self.of)


def ask_messages(messages: Sequence[EverydayMessage], guide: Guide, name: str = "") -> tuple[MessageRow, ...]:
    """Says each message to `guide` after its history, and gives what came of it; `name` is what a person who waits
    reads.

    Raises:
        DataError: no passage holds any of the words that are said to answer: they are of other articles.
    """
    _check_gold(messages, guide)
    return tuple(_row(message, _answer(message, guide)) for message in track(messages, name))


def _check_gold(messages: Sequence[EverydayMessage], guide: Guide) -> None:
    with guide.reading() as state:
        texts = state.texts
        passages = [one_line(texts[passage.article_id][passage.start : passage.end]) for passage in state.passages]
    answered = [message for message in messages if message.gold]
    if answered and not any(holds_gold(passage, message.gold) for message in answered for passage in passages):
        raise DataError("None of the words that answer stands in the index; name that of their article with --index.")


def _answer(message: EverydayMessage, guide: Guide) -> Answer | None:
    """None for a message that Guide doesn't take."""
    try:
        return guide.ask(message.text, message.history)
    except QuestionError:
        return None


def _row(message: EverydayMessage, answer: Answer | None) -> MessageRow:
    passages = answer.passages if answer else ()
    return MessageRow(
        id=message.id,
        kind=message.kind,
        text=message.text,
        history=message.history,
        act=message.act,
        understood=answer.act if answer else "",
        asked_back=bool(answer and answer.asks_back),
        reply=answer.reply if answer else "",
        searched_as=answer.searched_as if answer else "",
        found=tuple(passage.id for passage in passages),
        measures=_measures(answer, message.gold) if message.gold and message.kind != PURE_ACT else {},
        confidence=answer.confidence if answer else 0.0,
        covered=bool(answer and answer.covered),
        level=answer.safety.level if answer else "none",
    )


def _measures(answer: Answer | None, gold: Sequence[str]) -> dict[str, float]:
    passages = answer.passages if answer else ()
    best = points_within(passages[0].points, POINT_WORDS, least=1) if passages else ()
    texts = [one_line(passage.text) for passage in passages]
    shown = on_first_screen(answer) if answer else ()
    held = (
        any(holds_gold(text, gold) for text in texts[:1]),
        any(holds_gold(text, gold) for text in texts[:3]),
        holds_gold(_laid_out(best), gold),
        holds_gold(_laid_out(shown), gold),
    )
    return dict(zip(ANSWERED_BY, map(float, held), strict=True))


def on_first_screen(answer: Answer) -> tuple[QuotedPoint, ...]:
    """The points that answer and are seen without a tap, `SCREEN_WORDS` words of them at most. Of an answer that isn't
    covered nothing is quoted.
    """
    return points_within([point for passage in answer.in_view for point in passage.points], SCREEN_WORDS)


def _laid_out(points: Iterable[QuotedPoint]) -> str:
    """The points in reading order: words that answer may run over two of them."""
    return one_line("\n".join(point.text for point in sorted(points, key=lambda point: point.start)))


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def conversation_figures(rows: Sequence[MessageRow]) -> dict[str, Share]:
    """The figures over all messages, without those that none of them decides."""
    acts, content = [row for row in rows if not row.is_content], [row for row in rows if row.is_content]
    vague = [row for row in rows if row.kind == VAGUE]
    near = [row for row in rows if row.kind == NEAR and not row.measures]
    return _shares(
        ("acts understood", acts, lambda row: row.understood == row.act),
        ("content taken for an act", content, lambda row: row.taken_for_act),
        ("vague messages asked back", vague, lambda row: row.asked_back),
        ("refused of neartopic", near, lambda row: not row.covered),
    )


def act_figures(rows: Sequence[MessageRow]) -> dict[str, Share]:
    """How many messages of each act but the content ones are understood."""
    groups = _grouped((row for row in rows if not row.is_content), lambda row: row.act)
    return {act: Share(sum(row.understood == act for row in group), len(group)) for act, group in groups.items()}


def answer_figures(rows: Sequence[MessageRow]) -> dict[str, dict[str, Share]]:
    """For the messages that the articles answer, then for each kind of them: whether the first passage holds the
    answer, one of the first three, the best points of the first, or the first screen; how many are shown as covered;
    and how many messages of content are taken for an act.
    """
    answerable = [row for row in rows if row.measures]
    groups = {"all": answerable, **_grouped(answerable, lambda row: row.kind)} if answerable else {}
    return {
        kind: _shares(
            *((name, group, lambda row, name=name: row.measures[name] == 1) for name in ANSWERED_BY),
            ("covered", group, lambda row: row.covered),
            ("taken for an act", [row for row in group if row.is_content], lambda row: row.taken_for_act),
        )
        for kind, group in groups.items()
    }


def _shares(*counted: tuple[str, Sequence[MessageRow], Callable[[MessageRow], bool]]) -> dict[str, Share]:
    return {name: Share(sum(map(holds, rows)), len(rows)) for name, rows, holds in counted if rows}


def _grouped(rows: Iterable[MessageRow], key: Callable[[MessageRow], str]) -> dict[str, list[MessageRow]]:
    groups: dict[str, list[MessageRow]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


# ── tables and JSON ──────────────────────────────────────────────────────────────────────────────────────────────────


def conversation_tables(name: str, rows: Sequence[MessageRow]) -> str:
    """The figures as Markdown: over all messages, by act, and by kind of those that the articles answer."""
    figures = [
        (title, f"{share.value:.3f}", "{:.3f}–{:.3f}".format(*share.between), str(share.of))
        for title, share in conversation_figures(rows).items()
    ]
    acts = [
        (act, str(share.of), f"{share.value:.3f}", _others(act, rows) or NOTHING)
        for act, share in act_figures(rows).items()
    ]
    by_kind = answer_figures(rows)
    columns = (*ANSWERED_BY, "covered", "taken for an act")
    kinds = [
        (
            kind,
            str(shares["covered"].of),
            *(f"{shares[column].value:.3f}" if column in shares else NOTHING for column in columns),
        )
        for kind, shares in by_kind.items()
    ]
    parts = [f"## {name}: {len(rows)} messages"]
    for header, lines in (
        (("figure", "value", "95% interval", "messages"), figures),
        (("act", "messages", "understood", "else taken for"), acts),
        (("kind", "messages", *columns), kinds),
    ):
        if lines:
            parts.append(table(header, lines))
    return "\n\n".join(parts)


def _others(act: str, rows: Sequence[MessageRow]) -> str:
    """What messages of `act` were taken for instead, most often first."""
    taken = Counter(row.understood or "refused" for row in rows if row.act == act != row.understood)
    return ", ".join(f"{other} {count}" for other, count in taken.most_common())


def conversation_to_json(name: str, rows: Sequence[MessageRow]) -> dict[str, Any]:
    """The figures and what came of each message, JSON-ready."""

    def said(shares: Mapping[str, Share]) -> dict[str, Any]:
        return {key: {"share": one.value, "between": one.between, "of": one.of} for key, one in shares.items()}

    return {
        "name": name,
        "figures": said(conversation_figures(rows)),
        "acts": said(act_figures(rows)),
        "kinds": {kind: said(shares) for kind, shares in answer_figures(rows).items()},
        "rows": [asdict(row) for row in rows],
    }
