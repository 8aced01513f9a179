"""A conversation as HTML: pure functions. `Markup.format` escapes every text that isn't ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guide.chat.help_card import care_card, language_attributes, offer_line
from guide.chat.library import Library, point_anchor
from guide.chat.passage_html import EMPTY, quoted_html
from guide.chat.texts import Texts, texts_of_card
from guide.levels import is_crisis, is_danger
from guide.records import Answer, Assessment, QuotedPassage, Turn
from guide.safety.visibility import held_back_because, roles_shown
from guide.safety.wording import language_of_reply, offer_lines

SURE, LIKELY = 0.85, 0.65
"""The confidences from which an answer is introduced as sure, and as likely; below, Guide asks whether it is meant."""

NEAREST = 3
"""How many sections are named when the article doesn't answer."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or with the sentence that says why there is none."""

    question: str
    answer: Answer | None = None
    fault: str = ""
    safety: Assessment | None = None
    later: bool = False
    """Whether the same question can be asked again in a moment."""
    within: str = ""
    """The name of the only article that was searched; empty if all were."""
    article: str = ""
    """The id of the article that was chosen; empty for all."""
    withdrawn: bool = False
    """Whether the person said that the help shown for it wasn't what it meant, as `Turn.withdrawn`."""

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
            quoted=tuple(passage.id for passage in answer.passages[:1]) if answer.covered else (),
            asked_back=answer.asks_back,
        )


def render_conversation(
    exchanges: Sequence[Exchange], library: Library, texts: Texts, *, came_in: int | None = None
) -> Markup:
    """All turns, oldest first, after a line that is read aloud when an answer comes in: that of the turn `came_in`,
    counted from 1, or of the last.
    """
    turns = EMPTY.join(render_exchange(exchange, n, library, texts) for n, exchange in enumerate(exchanges, 1))
    spoken = announcement(exchanges[(came_in or 0) - 1], texts) if exchanges else ""
    return Markup('<p class="unseen" role="status">{}</p>{}').format(spoken, turns)


def render_exchange(exchange: Exchange, number: int, library: Library, texts: Texts) -> Markup:
    """One turn; `number` counts from 1 and makes the turn's ids, none of which begins like a passage's."""
    turn = f"turn-{number}"
    if exchange.answer is not None:
        body = render_answer(exchange.answer, library, texts, turn, exchange.within, withdrawn=exchange.withdrawn)
    else:
        safety = exchange.safety
        card = care_card(safety, library, texts, turn, withdrawn=exchange.withdrawn) if safety else EMPTY
        body = Markup('{}<p class="fault"><strong>{}</strong> {}</p>{}').format(
            card,
            texts["later" if exchange.later else "fault"],
            exchange.fault,
            offer_line(safety, texts) if safety else EMPTY,
        )
    return Markup(
        '<article class="turn" id="{turn}" aria-labelledby="{turn}-asked">'
        '<h2 class="asked" id="{turn}-asked" dir="auto"><span class="unseen">{you} </span>{question}</h2>'
        "{body}</article>"
    ).format(turn=turn, you=texts["you_asked"], question=exchange.question, body=body)


def render_answer(
    answer: Answer, library: Library, texts: Texts, turn: str, within: str = "", *, withdrawn: bool = False
) -> Markup:
    """The help card first, then what the article says; in a crisis the card and nothing else. `within` is the name of
    the only article that was searched, if it was one of several. `withdrawn`: the person has said that the help shown
    for this message wasn't what it meant, and is answered kindly.
    """
    safety = answer.safety
    card = care_card(safety, library, texts, turn, withdrawn=withdrawn)
    held_back = _held_back(safety, library, texts)
    if is_crisis(safety.level):
        return card + held_back
    if withdrawn and safety.level == "none":
        card = Markup('<p class="kindly" tabindex="-1">{}</p>{}').format(texts["withdrawn"], card)
    searched = _searched(answer, texts, within)
    if answer.reply and not is_danger(answer.safety.level):
        return Markup("{}{}").format(card, _reply(answer.reply, texts))
    if answer.covered:
        body = _quotes(answer, library, texts, turn)
    elif is_danger(safety.level):
        # Somebody who has just said that they are being hurt isn't told what an article lacks.
        return card + held_back
    else:
        body = _refusal(answer, library, texts, turn)
    offer = offer_line(safety, texts)
    also = _ask_next(answer.also_asked, texts["also_asked"])
    related = _ask_next([related.question for related in answer.related], texts["related"])
    return Markup("{}{}{}{}{}{}{}").format(card, held_back, searched, body, offer, also, related)


def _held_back(safety: Assessment, library: Library, texts: Texts) -> Markup:
    """Why passages that would be quoted otherwise aren't; nothing where none is held back."""
    reason, shown = held_back_because(safety), roles_shown(safety)
    if not reason or all(passage.role in shown for passage in library.passages.values()):
        return EMPTY
    return Markup('<p class="small held-back">{}</p>').format(texts[f"held_back_{reason}"])


def _reply(reply: str, texts: Texts) -> Markup:
    """What Guide says in its own words, and the way to the help lines: somebody who isn't understood may need them."""
    language = language_of_reply(reply)
    shown = texts_of_card(texts, language)
    return Markup(
        '<div class="reply"{attributes}><p>{reply}</p>'
        '<p>{offer} <a class="need-help" href="#help">{need_help}</a></p></div>'
    ).format(
        attributes=language_attributes(language),
        reply=reply,
        offer=offer_lines(language),
        need_help=shown["need_help"],
    )


def announcement(exchange: Exchange, texts: Texts) -> str:
    """What a screen reader says when the exchange comes in: the way to help, or the words that answer."""
    if exchange.answer is None:
        safety = exchange.safety
        return (
            " ".join(filter(None, (safety.message, exchange.fault, safety.offer_message))) if safety else exchange.fault
        )
    answer = exchange.answer
    spoken = [answer.safety.message] if answer.safety.message else []
    if not is_crisis(answer.safety.level):
        if answer.covered and answer.passages:
            best = answer.passages[0]
            words = " ".join(point.text for point in best.points) or best.text
            spoken.append(texts["answer_announced"].format(section=best.section[-1], words=words))
        elif answer.reply and not is_danger(answer.safety.level):
            spoken.append(answer.reply)
        elif not is_danger(answer.safety.level):
            spoken.append(texts["not_covered"])
    return " ".join(filter(None, (*spoken, answer.safety.offer_message)))


def _searched(answer: Answer, texts: Texts, within: str) -> Markup:
    said = [] if " ".join(answer.question.split()) == answer.searched_as else [("searched_for", answer.searched_as)]
    if within:
        said.append(("searched_in", within))
    line = Markup('<p class="searched">{} “<bdi>{}</bdi>”</p>')
    return EMPTY.join(line.format(texts[key], words) for key, words in said)


def _quotes(answer: Answer, library: Library, texts: Texts, turn: str) -> Markup:
    sure = "sure" if answer.confidence >= SURE else "likely" if answer.confidence >= LIKELY else "maybe"
    figures = [_quote(passage, n, library, texts, turn) for n, passage in enumerate(answer.passages, 1)]
    articles = dict.fromkeys(passage.article for passage in answer.passages)
    others = [library.name(article) for article in articles if article != answer.passages[0].article]
    return Markup('<p class="says">{}</p>{}{}{}{}').format(
        texts[f"says_{sure}"],
        figures[0],
        _phrased(answer, texts, turn),
        _not_mentioned(answer, texts),
        _more(figures[1:], list(filter(None, others)), texts),
    )


def _phrased(answer: Answer, texts: Texts, turn: str) -> Markup:
    """What a language model made of the quotations, below the first of them, each sentence with its citations."""
    if not answer.phrased:
        return EMPTY
    cite = Markup('<a class="cite" id="{}-p{}-{}" href="#{}">[{}]</a>')
    numbers = {passage.id: number for number, passage in enumerate(answer.passages, start=1)}
    sentences = Markup(" ").join(
        Markup("<bdi>{}</bdi> {}").format(
            sentence.text,
            Markup(" ").join(cite.format(turn, place, numbers[id], id, numbers[id]) for id in sentence.passage_ids),
        )
        for place, sentence in enumerate(answer.phrased, start=1)
    )
    return Markup('<div class="phrased"><h3>{}</h3><p>{}</p></div>').format(texts["phrased"], sentences)


def _quote(passage: QuotedPassage, number: int, library: Library, texts: Texts, turn: str) -> Markup:
    marked = {(point.start, point.end) for point in passage.points}
    words = quoted_html(passage, marked=marked)
    points = " ".join(point_anchor(passage.id, passage.start, point.start, point.end) for point in passage.points)
    return Markup(
        '<figure class="quote"><figcaption dir="auto">{section}</figcaption>'
        '<blockquote cite="#{id}" lang="{language}">{words}</blockquote>'
        '<a class="cite" id="{turn}-c{number}" href="#{id}" data-points="{points}">'
        '<span class="number">{number}</span> {cite}<span class="unseen">, {under}</span></a></figure>'
    ).format(
        section=" › ".join((*_named(passage, library), *passage.section)),
        id=passage.id,
        language=passage.language,
        words=words,
        turn=turn,
        number=number,
        points=points,
        under=texts["cite_under"].format(section=passage.section[-1]),
        cite=texts["cite"],
    )


def _named(passage: QuotedPassage, library: Library) -> tuple[str, ...]:
    """The article's name, where there are several."""
    name = library.name(passage.article)
    return (name,) if name and len(library.articles) > 1 else ()


def _more(figures: Sequence[Markup], others: Sequence[str], texts: Texts) -> Markup:
    """The further passages, folded; `others` are the names of the articles that the first one isn't from."""
    if not figures:
        return EMPTY
    label = texts["more_one"] if len(figures) == 1 else texts["more_many"].format(count=len(figures))
    if others:
        label = texts["more_from"].format(more=label, titles=", ".join(f"“{name}”" for name in others))
    return Markup('<details class="more"><summary>{}</summary>{}</details>').format(label, EMPTY.join(figures))


def _not_mentioned(answer: Answer, texts: Texts) -> Markup:
    if not answer.not_mentioned:
        return EMPTY
    terms = Markup(", ").join(Markup("“<bdi>{}</bdi>”").format(term) for term in answer.not_mentioned)
    return Markup('<p class="not-mentioned">{} {}.</p>').format(texts["not_mentioned"], terms)


def _refusal(answer: Answer, library: Library, texts: Texts, turn: str) -> Markup:
    sections: dict[tuple[str, ...], str] = {}
    for passage in answer.passages:
        sections.setdefault((*_named(passage, library), *passage.section), passage.id)
    link = Markup('<li><a class="cite" id="{}-n{}" href="#{}" dir="auto">{}</a></li>')
    nearby = enumerate(list(sections.items())[:NEAREST], 1)
    links = EMPTY.join(link.format(turn, number, id, " › ".join(path)) for number, (path, id) in nearby)
    nearest = Markup('<p>{}</p><ul class="nearest">{}</ul>').format(texts["nearest"], links) if links else EMPTY
    return Markup('<p class="says">{}</p>{}{}').format(texts["not_covered"], _not_mentioned(answer, texts), nearest)


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
