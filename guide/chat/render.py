"""A conversation as HTML: pure functions. `Markup.format` escapes every text that isn't ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from markupsafe import Markup

from guide.chat.help_card import care_card, offer_line
from guide.chat.library import Library
from guide.chat.passage_html import EMPTY, language_attributes, quoted
from guide.chat.quotes import named_path, render_not_mentioned, render_quotes, visible_passages
from guide.chat.texts import Texts, mended_words, texts_of_card
from guide.languages.words import DEFAULT_LANGUAGE
from guide.levels import is_danger
from guide.records import ROLES, Answer, Assessment, Choice, Turn
from guide.request import MAX_QUESTION_CHARACTERS
from guide.safety.visibility import held_back_because, knows_of_abuse, roles_shown
from guide.safety.wording import language_of_reply, offer_lines

SURE, LIKELY = 0.85, 0.65
"""The confidences from which an answer is introduced as sure, and as likely; below, Guide asks whether it is meant."""

NEAREST = 3
"""How many sections are named when the article doesn't answer."""

MAYBE_LONG_CHARACTERS, MAYBE_LONG_LINES = 150, 6
"""A message up to this length fits on six lines of the narrowest page; of a longer one the page may fold the rest."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Exchange:
    """A question with its answer, or with the sentence that says why there is none."""

    question: str
    answer: Answer | None = None
    fault: str = ""
    safety: Assessment | None = None
    fault_kind: str = ""
    """What kind of fault it is, for what the page says of it in its language; empty where `fault` itself is shown."""
    later: bool = False
    """Whether the same question can be asked again in a moment."""
    within: str = ""
    """The name of the only article that was searched; empty if all were."""
    article: str = ""
    """The id of the article that was chosen; empty for all."""
    withdrawn: bool = False
    """Whether the person said that the help shown for it wasn't what it meant, as `Turn.withdrawn`."""
    as_typed: bool = False
    """Whether the person wants it searched as it was typed, without a word mended."""

    @property
    def decided(self) -> Assessment | None:
        """What the safety gate decided on it, with or without an answer."""
        return self.answer.safety if self.answer else self.safety

    @property
    def turn(self) -> Turn:
        """What later questions know of this one: its words, what the safety gate decided on them with all that it has,
        and what they were answered with. Without an answer the gate had only the words, and looks again.
        """
        if self.answer is None:
            return Turn("user", self.question, withdrawn=self.withdrawn)
        answer = self.answer
        return Turn(
            "user",
            self.question,
            answer.safety.level,
            answer.shown,
            self.withdrawn,
            act=answer.act,
            quoted=tuple(passage.id for passage in visible_passages(answer)),
            asked_back=answer.asks_back,
        )


def render_conversation(
    exchanges: Sequence[Exchange], library: Library, texts: Texts, *, came_in: int | None = None
) -> Markup:
    """All turns, oldest first, after a line that is read aloud when an answer comes in: that of the turn `came_in`,
    counted from 1, or of the last.
    """
    parts: list[Markup] = []
    cards: set[str] = set()
    for n, exchange in enumerate(exchanges, 1):
        words = exchange.decided.message if exchange.decided else ""
        parts.append(_rendered_once(exchange, n, library, texts, told_before=words in cards))
        cards.add(words)
    turns = EMPTY.join(parts)
    spoken = announcement(exchanges[(came_in or 0) - 1], texts) if exchanges else ""
    # What the page's own search may show afterwards, which knows nothing else of the conversation.
    decided = exchanges[-1].decided if exchanges else None
    roles = " ".join(sorted(roles_shown(decided))) if decided else " ".join(ROLES)
    return Markup('<p class="unseen" role="status" data-roles="{}">{}</p>{}').format(roles, spoken, turns)


_RENDERED: WeakKeyDictionary[Exchange, tuple[tuple[object, ...], Markup]] = WeakKeyDictionary()
"""What each turn was last rendered as, and with what: it goes when its conversation does."""


def _rendered_once(exchange: Exchange, number: int, library: Library, texts: Texts, *, told_before: bool) -> Markup:
    """The turn as `render_exchange` gives it, made anew only where something has changed: a conversation is shown whole
    with each answer.
    """
    made_with = (number, told_before, library, texts)
    known = _RENDERED.get(exchange)
    if known is None or known[0] != made_with:
        known = made_with, render_exchange(exchange, number, library, texts, told_before=told_before)
        _RENDERED[exchange] = known
    return known[1]


def render_exchange(
    exchange: Exchange, number: int, library: Library, texts: Texts, *, told_before: bool = False
) -> Markup:
    """One turn; `number` counts from 1 and makes the turn's ids, none of which begins like a passage's. `told_before`:
    an earlier card had the same words.
    """
    turn = f"turn-{number}"
    if exchange.answer is not None:
        body = render_answer(
            exchange.answer,
            library,
            texts,
            turn,
            exchange.within,
            withdrawn=exchange.withdrawn,
            as_typed=exchange.as_typed,
            told_before=told_before,
        )
    else:
        safety = exchange.safety
        card = care_card(safety, library, texts, turn, told_before=told_before) if safety else EMPTY
        body = Markup('{}<p class="fault"><strong>{}</strong> <span lang="{}">{}</span></p>{}').format(
            card,
            texts["later" if exchange.later else "fault"],
            texts.language if exchange.fault_kind else DEFAULT_LANGUAGE,
            fault_words(exchange, texts),
            offer_line(safety, texts) if safety else EMPTY,
        )
    return Markup('<article class="turn" id="{turn}" aria-labelledby="{turn}-asked">{asked}{body}</article>').format(
        turn=turn, asked=_asked(exchange.question, texts, turn), body=body
    )


def fault_words(exchange: Exchange, texts: Texts) -> str:
    """Why an exchange has no answer: in the page's language, or in English where only an operator can mend it."""
    if not exchange.fault_kind:
        return exchange.fault
    sentence = texts[f"fault_{exchange.fault_kind}"]
    return sentence.format(count=len(exchange.question), limit=MAX_QUESTION_CHARACTERS)


def _asked(message: str, texts: Texts, turn: str) -> Markup:
    """The person's message; the page folds one of many lines, and the button shows all of it."""
    words = Markup(
        '<h2 class="asked" id="{turn}-asked"><span class="unseen">{you} </span>'
        '<span class="asked-words" dir="auto">{message}</span></h2>'
    ).format(turn=turn, you=texts["you_wrote"], message=message)
    if len(message) <= MAYBE_LONG_CHARACTERS and len(message.splitlines()) <= MAYBE_LONG_LINES:
        return words
    return words + Markup(
        '<button type="button" class="quiet show-all" aria-expanded="false" aria-controls="{}-asked" data-less="{}" '
        "hidden>{}</button>"
    ).format(turn, texts["show_less"], texts["show_all"])


def render_answer(
    answer: Answer,
    library: Library,
    texts: Texts,
    turn: str,
    within: str = "",
    *,
    withdrawn: bool = False,
    as_typed: bool = False,
    told_before: bool = False,
) -> Markup:
    """The help card first, then Guide's short reply, then what the article says; in danger the card and nothing else.

    `within` is the name of the only article that was searched, if it was one of several. `withdrawn`: the person has
    said that the help shown for this message wasn't what it meant, and is answered kindly. `as_typed`: no word of it
    was to be mended. `told_before`: an earlier card had the same words.
    """
    safety = answer.safety
    card = care_card(safety, library, texts, turn, told_before=told_before)
    if is_danger(safety.level):
        return card + _held_back(safety, library, texts) + aloud_button(texts)
    if withdrawn and safety.level == "none":
        card = Markup('<p class="kindly" tabindex="-1">{}</p>{}').format(texts["withdrawn"], card)
    reply = _reply(answer, texts)
    held_back = _held_back(safety, library, texts)
    before = [reply, held_back, _searched(answer, texts, turn, within, as_typed=as_typed), _answers(answer, texts)]
    if answer.covered and answer.passages:
        quotes = render_quotes(answer, library, texts, turn)
        body = EMPTY.join([*before, EMPTY if reply or knows_of_abuse(safety) else _says(answer, texts), quotes])
    else:
        body = reply or EMPTY.join([*before, _refusal(answer, library, texts, turn)])
    asked = all(part.rstrip().endswith("?") for part in answer.also_asked)
    also = _ask_next(answer.also_asked, texts["also_asked" if asked else "also_wrote"])
    related = _ask_next([related.question for related in answer.related], texts["related"])
    return Markup("{}{}{}{}{}{}").format(card, body, aloud_button(texts), offer_line(safety, texts), also, related)


def aloud_button(texts: Texts) -> Markup:
    """The button that has the turn read aloud; the page shows it where the device has a voice for its words."""
    return Markup('<button type="button" class="quiet read-aloud" data-stop="{}" hidden>{}</button>').format(
        texts["stop_reading"], texts["read_aloud"]
    )


def _held_back(safety: Assessment, library: Library, texts: Texts) -> Markup:
    """Why passages that would be quoted otherwise aren't; nothing where none is held back."""
    reason, shown = held_back_because(safety), roles_shown(safety)
    if not reason or library.roles <= shown:
        return EMPTY
    return Markup('<p class="small held-back">{}</p>').format(texts[f"held_back_{reason}"])


def _reply(answer: Answer, texts: Texts) -> Markup:
    """What Guide says in its own words, what can be said to that with one tap and, beside a message that it can't
    read, the way to the help lines; nothing where it says nothing.
    """
    if not answer.reply:
        return EMPTY
    language = language_of_reply(answer.reply)
    paragraphs = [part for part in answer.reply.split("\n\n") if part.strip()]
    return Markup('<div class="reply"{}>{}{}</div>{}').format(
        language_attributes(language),
        EMPTY.join(Markup("<p>{}</p>").format(part.strip()) for part in paragraphs),
        _help_lines(language, texts) if answer.act == "other_language" else EMPTY,
        _choices(answer.choices, texts, language),
    )


def _help_lines(language: str, texts: Texts) -> Markup:
    """The way to the help lines, in `language`: somebody who isn't understood may need them."""
    return Markup('<p>{} <a class="need-help" href="#help">{}</a></p>').format(
        offer_lines(language), texts_of_card(texts, language)["need_help"]
    )


def _choices(choices: Sequence[Choice], texts: Texts, language: str) -> Markup:
    """Buttons that send their messages; nothing without any."""
    if not choices:
        return EMPTY
    buttons = EMPTY.join(ask_button(choice.message, choice.label) for choice in choices)
    return Markup('<div class="asks choices" role="group" aria-label="{}"{}>{}</div>').format(
        texts["choices"], language_attributes(language), buttons
    )


def announcement(exchange: Exchange, texts: Texts) -> str:
    """What a screen reader says when the exchange comes in: the way to help, what Guide replies, the words that
    answer.
    """
    if exchange.answer is None:
        safety = exchange.safety
        fault = fault_words(exchange, texts)
        return " ".join(filter(None, (safety.message, fault, safety.offer_message))) if safety else fault
    answer = exchange.answer
    spoken = [answer.safety.message]
    danger = is_danger(answer.safety.level)
    if not danger:
        spoken.append(answer.reply)
    for passage in visible_passages(answer):
        points = sorted(passage.points, key=lambda point: point.start) if answer.points_alone else passage.points
        words = " ".join(point.text for point in points) or passage.text
        spoken.append(texts["answer_announced"].format(section=passage.section[-1], words=words))
    if not danger and not answer.covered and not answer.reply:
        spoken.append(texts["not_covered"])
    return " ".join(filter(None, (*spoken, answer.safety.offer_message)))


def _searched(answer: Answer, texts: Texts, turn: str, within: str, *, as_typed: bool) -> Markup:
    """How misspelt words were read, with the way back to them as they were typed, and where the search was."""
    parts = []
    if as_typed:
        parts.append(Markup('<p class="searched as-typed" tabindex="-1">{}</p>').format(texts["as_typed"]))
    elif answer.corrections:
        button = Markup('<button type="button" class="quiet" data-as-typed="{}">{}</button>')
        parts.append(
            Markup('<p class="searched"><bdi>{}</bdi> {}</p>').format(
                mended_words(answer.corrections, texts), button.format(turn, texts["search_as_typed"])
            )
        )
    if within:
        parts.append(Markup('<p class="searched">{} {}</p>').format(texts["searched_in"], quoted(within, texts)))
    return EMPTY.join(parts)


def _says(answer: Answer, texts: Texts) -> Markup:
    """How sure Guide is, in words."""
    if answer.closest:
        return Markup('<p class="says">{}</p>').format(texts["says_closest"])
    sure = "sure" if answer.confidence >= SURE else "likely" if answer.confidence >= LIKELY else "maybe"
    return Markup('<p class="says">{}</p>').format(texts[f"says_{sure}"])


def _answers(answer: Answer, texts: Texts) -> Markup:
    """Which words of a long message are answered; nothing where it is all of them."""
    if not answer.answers:
        return EMPTY
    words = Markup("<bdi>{}</bdi>").format(answer.answers)
    return Markup('<p class="you-write">{}</p>').format(Markup.escape(texts["you_write"]).format(words=words))


def _refusal(answer: Answer, library: Library, texts: Texts, turn: str) -> Markup:
    sections: dict[tuple[str, ...], str] = {}
    for passage in answer.passages:
        sections.setdefault(named_path(passage, library), passage.id)
    link = Markup('<li><a class="cite" id="{}-n{}" href="#{}" dir="auto">{}</a></li>')
    nearby = enumerate(list(sections.items())[:NEAREST], 1)
    links = EMPTY.join(link.format(turn, number, id, " › ".join(path)) for number, (path, id) in nearby)
    nearest = Markup('<p>{}</p><ul class="nearest">{}</ul>').format(texts["nearest"], links) if links else EMPTY
    return Markup('<p class="says">{}</p>{}{}').format(
        texts["not_covered"], render_not_mentioned(answer, texts), nearest
    )


def _ask_next(questions: Sequence[str], title: str) -> Markup:
    if not questions:
        return EMPTY
    buttons = EMPTY.join(ask_button(question) for question in questions)
    return Markup('<div class="related"><h3>{}</h3><div class="asks">{}</div></div>').format(title, buttons)


def ask_button(question: str, label: str = "") -> Markup:
    """A button that asks `question`."""
    return Markup('<button type="button" class="ask" data-ask="{}" dir="auto">{}</button>').format(
        question, label or question
    )
