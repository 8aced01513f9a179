"""The passages at a glance, as HTML: a map of their embeddings, and a table of their scores for the last question."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from guide.chat.library import Library
from guide.chat.passage_html import EMPTY
from guide.chat.texts import Texts
from guide.records import Passage
from guide.retrieval.passage_map import SHOWN_AT_MOST, MapPoint, Survey

WIDTH, HEIGHT, EDGE = 560, 560, 28
DOT = 11
HUES = 12
"""Colours that the style sheet has; beyond, they come again. Every dot has its section's number too."""

BEST = 3
"""How many of the best hits are ringed on the map."""


def render_explore(texts: Texts) -> Markup:
    """The closed folder that the map and the table come into when somebody opens it."""
    return Markup(
        '<details class="explore" id="explore"><summary>{explore}</summary><p class="small">{words}</p></details>'
    ).format(explore=texts["explore"], words=texts["explore_words"])


def render_survey(survey: Survey, library: Library, asked: str, texts: Texts) -> Markup:
    """The map of the passages and the table of their scores, within the opened Explore section."""
    passages = list(library.cited(survey.places).values())
    if not passages:
        too_many = len(library.passages) > SHOWN_AT_MOST and not asked
        body = Markup("<p>{}</p>").format(texts["explore_ask_first" if too_many else "explore_none"])
    else:
        body = (
            _map(survey, passages, texts) + _legend(passages, library, texts) + _table(survey, passages, asked, texts)
        )
    return Markup(
        '<details class="explore" id="explore" open><summary>{explore}</summary><p class="small">{words}</p>{body}'
        "</details>"
    ).format(explore=texts["explore"], words=texts["explore_words"], body=body)


def _numbers(passages: Sequence[Passage]) -> Mapping[tuple[str, tuple[str, ...]], int]:
    """A number for each section, from 1, in the articles' order."""
    sections = dict.fromkeys((passage.article_id, passage.section) for passage in passages)
    return {section: number for number, section in enumerate(sections, start=1)}


def _map(survey: Survey, passages: Sequence[Passage], texts: Texts) -> Markup:
    numbers = _numbers(passages)
    best = set(list(survey.scores or ())[:BEST])
    dots = EMPTY.join(
        _dot(passage, numbers[passage.article_id, passage.section], survey.places[passage.id], passage.id in best)
        for passage in passages
    )
    asked = EMPTY
    if survey.asked:
        x, y = _at(survey.asked)
        asked = Markup(
            '<g class="asked-here"><title>{0}</title><path d="M{1} {2}l9 9l-9 9l-9-9z"/>'
            '<text x="{3}" y="{4}">{0}</text></g>'
        ).format(texts["map_question"], x, y - 9, x, y + 24)
    return Markup(
        '<figure class="map"><svg viewBox="0 0 {width} {height}" role="group" aria-label="{label}">{dots}{asked}</svg>'
        "<figcaption>{caption}</figcaption></figure>"
    ).format(
        width=WIDTH,
        height=HEIGHT,
        label=texts["map_label"],
        dots=dots,
        asked=asked,
        caption=texts["map_caption_asked" if survey.asked else "map_caption"],
    )


def _dot(passage: Passage, number: int, place: MapPoint, hit: bool) -> Markup:
    x, y = _at(place)
    ring = Markup('<circle class="ring" cx="{}" cy="{}" r="{}"/>').format(x, y, DOT + 5) if hit else EMPTY
    return Markup(
        '<a href="#{id}" aria-label="{number}. {section}"><title>{section}</title>{ring}'
        '<circle class="hue-{hue}" cx="{x}" cy="{y}" r="{r}"/><text x="{x}" y="{down}">{number}</text></a>'
    ).format(
        id=passage.id,
        section=passage.section[-1],
        ring=ring,
        hue=number % HUES,
        x=x,
        y=y,
        r=DOT,
        down=y + 4,
        number=number,
    )


def _at(place: MapPoint) -> tuple[int, int]:
    x, y = (min(max(value, 0.0), 1.0) for value in place)
    return round(EDGE + x * (WIDTH - 2 * EDGE)), round(HEIGHT - EDGE - y * (HEIGHT - 2 * EDGE))


def _legend(passages: Sequence[Passage], library: Library, texts: Texts) -> Markup:
    several = len(library.articles) > 1
    items = EMPTY.join(
        Markup('<li value="{number}"><span class="swatch hue-{hue}"></span><bdi>{name}</bdi></li>').format(
            number=number,
            hue=number % HUES,
            name=f"{section[-1]} ({library.titles[article]})" if several else section[-1],
        )
        for (article, section), number in _numbers(passages).items()
    )
    return Markup('<details class="legend"><summary>{}</summary><ol>{}</ol></details>').format(
        texts["map_legend"], items
    )


def _table(survey: Survey, passages: Sequence[Passage], asked: str, texts: Texts) -> Markup:
    if not survey.scores:
        return EMPTY
    known = {passage.id: passage for passage in passages}
    rows = EMPTY.join(
        Markup('<tr><td>{rank}</td><td><a href="#{id}" dir="auto">{section}</a></td><td>{score:.2f}</td></tr>').format(
            rank=rank, id=id, section=" › ".join(known[id].section), score=score
        )
        for rank, (id, score) in enumerate(survey.scores.items(), start=1)
        if id in known
    )
    return Markup(
        '<div class="scores" tabindex="0" role="region" aria-label="{caption}"><table>'
        '<caption>{caption} “<bdi>{asked}</bdi>”</caption><thead><tr><th scope="col">{rank}</th>'
        '<th scope="col">{section}</th><th scope="col">{score}</th></tr>'
        "</thead><tbody>{rows}</tbody></table></div>"
    ).format(
        caption=texts["scores_for"],
        asked=asked,
        rank=texts["scores_rank"],
        section=texts["scores_section"],
        score=texts["scores_score"],
        rows=rows,
    )
