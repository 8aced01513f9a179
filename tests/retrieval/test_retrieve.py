"""Retrieval by hand: which passage wins, by exactly how much, and by which of the stages.

`FakeEncoder` gives every word a direction of its own, so that a text's embedding is its bag of words at unit length,
and two texts' similarity is their shared words over the root of the product of their numbers of words.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import accumulate
from math import log, sqrt

import pytest
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.pieces import Parsed, Piece
from guide.index.build import index_of
from guide.index.index import Index
from guide.records import Article, Query, QueryPart
from guide.retrieval.retrieve import WEIGHTS, Retrieval, Weights, retrieve

ENCODER = FakeEncoder(4_096)
"""Of so many places that no two words of this module share one."""

NOTHING = Weights(passage=0, point=0, bm25=0, late_passage=0, late_point=0)


def article_of(sections: dict[str, str], article_id: str = "tea", kind: str = "item") -> Article:
    """An article with these sections; a slash ends a point."""
    pieces = [
        piece
        for heading, words in sections.items()
        for piece in (Piece("heading", heading, 2), *(Piece(kind, line) for line in words.split("/")))
    ]
    return assemble(Parsed([Piece("title", "Tea"), *pieces]), article_id=article_id, source="tea.txt")


def index_over(*articles: Article) -> Index:
    return index_of(articles, ENCODER, ENCODER.identity)


def found_in(index: Index, question: str, **options: object) -> Retrieval:
    return retrieve(Query(question, question), index, ENCODER.encode([question]), **options)  # type: ignore[arg-type]


def ranked(found: Retrieval) -> list[str]:
    """The headings of the hits, best first."""
    return [hit.passage.section[-1] for hit in found.hits]


def scores(found: Retrieval) -> list[float]:
    return [hit.score for hit in found.hits]


# Embedded are “Green mild” + “two minutes” and “Black strong”.
TEA = index_over(article_of({"Green": "mild/two minutes", "Black": "strong"}))
QUESTION = "mild green strong"
STAGES = {
    # Three words asked, two of them among the four of Green's passage, one among the two of Black's.
    "passage": (2 / sqrt(3 * 4), 1 / sqrt(3 * 2)),
    # “Green mild” has two of them in two words; “Black strong” is one point and one passage.
    "point": (2 / sqrt(3 * 2), 1 / sqrt(3 * 2)),
    # All three stems are equally rare, so each is a third. Of the lengths 4 and 2 the mean is 3: a stem that stands
    # once weighs 1 / (1 + 1.5 · (1/4 + 3/4 · length/3)).
    "bm25": (2 / 3 / (1 + 1.5 * (0.25 + 0.75 * 4 / 3)), 1 / 3 / (1 + 1.5 * (0.25 + 0.75 * 2 / 3))),
    # Tokens match wholly or not at all, and each stands in one passage of two.
    "late_passage": (2 / 3, 1 / 3),
    # A point is read with its heading: “Green” and “mild” match.
    "late_point": (2 / 3, 1 / 3),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_alone_gives_its_own_score(stage: str) -> None:
    found = found_in(TEA, QUESTION, weights=replace(NOTHING, **{stage: 1.0}))
    assert ranked(found) == ["Green", "Black"]
    assert scores(found) == pytest.approx(STAGES[stage])


def test_the_parts_of_a_query_share_the_score_by_their_weight() -> None:
    query = Query("mild", "mild", parts=(QueryPart("strong black", 2.0), QueryPart("minutes", 0.5)))
    found = retrieve(query, TEA, ENCODER.encode(query.texts))
    by_text = [found_in(TEA, text) for text in query.texts]
    alone = [dict(zip(ranked(one), scores(one), strict=True)) for one in by_text]
    weighted = {name: (alone[0][name] + 2 * alone[1][name] + 0.5 * alone[2][name]) / 3.5 for name in ("Black", "Green")}
    assert ranked(found) == ["Black", "Green"]
    assert ranked(by_text[0]) == ["Green", "Black"]
    assert dict(zip(ranked(found), scores(found), strict=True)) == pytest.approx(weighted)


def test_of_a_query_with_parts_its_own_text_says_which_points_answer_and_how_sure_that_is() -> None:
    query = Query("mild", "mild", parts=(QueryPart("two minutes", 3.0),))
    found, alone = retrieve(query, TEA, ENCODER.encode(query.texts)), found_in(TEA, "mild")
    assert ranked(found)[0] == "Green"
    assert found.hits[0].points == alone.hits[0].points
    assert found.similarity == pytest.approx(alone.similarity)
    assert found.own_score == pytest.approx(alone.hits[0].score)
    assert found.support == pytest.approx(alone.support)
    assert found.weights == pytest.approx(alone.weights)
    assert found.encoded.ids.tolist() == alone.encoded.ids.tolist()


def test_a_hub_scores_less_by_what_it_is_discounted_and_nothing_else_changes() -> None:
    plain = found_in(TEA, QUESTION)
    assert ranked(plain) == ["Green", "Black"]
    hub = plain.hits[0]
    found = found_in(TEA, QUESTION, hubs={hub.passage.id: 0.9, "elsewhere": 0.5})
    assert ranked(found) == ["Black", "Green"]
    assert scores(found) == pytest.approx([plain.hits[1].score, hub.score - 0.9])
    assert found.hits[1].points == hub.points
    assert found.own_score == pytest.approx(plain.hits[1].score)


def test_a_part_finds_passages_that_the_text_does_not_come_near() -> None:
    """Both stand in an article of more passages than any one text hands over."""
    index = index_over(article_of({f"H{number}": f"tea{number}" for number in range(300)} | {"Black": "strong"}))
    query = Query("tea7", "tea7", parts=(QueryPart("strong", 2.0),))
    assert ranked(retrieve(query, index, ENCODER.encode(query.texts)))[:2] == ["Black", "H7"]


def test_a_score_is_the_weighted_mean_of_its_stages() -> None:
    of_passages = {"passage": 0.25, "point": 0.25, "bm25": 0.25, "late_passage": 0.5, "late_point": 0.5}
    # Questions that people ask count where there are some.
    assert asdict(WEIGHTS) == of_passages | {"question": 1.25}
    by_stage = [(getattr(WEIGHTS, stage), of_green, of_black) for stage, (of_green, of_black) in STAGES.items()]
    green = sum(weight * score for weight, score, _ in by_stage) / 1.75
    black = sum(weight * score for weight, _, score in by_stage) / 1.75
    found = found_in(TEA, QUESTION)
    assert ranked(found) == ["Green", "Black"]
    assert scores(found) == pytest.approx([green, black])
    assert (green, black) == pytest.approx((0.613200, 0.329528), abs=1e-6)
    assert found.lead == pytest.approx(green - black)


def test_what_confidence_is_judged_by_is_handed_over() -> None:
    found = found_in(TEA, "mild coffee")
    # Nothing has “coffee”.
    assert found.support.tolist() == pytest.approx([1, 0])
    # log(1 + (N − n + ½) / (n + ½)): “mild” stands in one passage of two, “coffee” in none.
    assert found.weights.tolist() == pytest.approx([log(2), log(6)])
    # One word of two among the four of Green's passage; Black's has none.
    assert found.similarity == pytest.approx(1 / sqrt(2 * 4))
    assert found.encoded.texts.shape == (1, 4_096)


def test_the_stages_can_disagree_and_the_weights_decide() -> None:
    # “Long” has the question as one point of many words; “Short” half of it in a passage of three words.
    long = "sleep tea/" + "/".join(f"other{n} word{n}" for n in range(8))
    index = index_over(article_of({"Long": long, "Short": "tea cup"}))
    whole = found_in(index, "sleep tea", weights=replace(NOTHING, passage=1.0))
    assert ranked(whole) == ["Short", "Long"]
    assert scores(whole) == pytest.approx([1 / sqrt(2 * 3), 2 / sqrt(2 * 19)])
    points = found_in(index, "sleep tea", weights=replace(NOTHING, point=1.0))
    assert ranked(points) == ["Long", "Short"]
    assert scores(points) == pytest.approx([2 / sqrt(2 * 3), 1 / sqrt(2 * 3)])


def test_of_equal_passages_the_first_comes_first_and_leads_by_nothing() -> None:
    index = index_over(
        *(article_of({"Cup": "clay"}, article_id=name) for name in ("one", "two", "three")),
        article_of({"Pot": "glass"}, article_id="four"),
    )
    found = found_in(index, "clay cup")
    assert [hit.passage.article_id for hit in found.hits] == ["one", "two", "three", "four"]
    assert found.lead == 0
    assert len(set(scores(found)[:3])) == 1


def test_the_order_of_equal_passages_stays_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.retrieval.retrieve.RERANKED", 30)
    # Cups and pots by turns; for sorts that aren't stable, runs of one value would be too easy.
    names = [f"{kind}{n:02}" for n in range(20) for kind in ("cup", "pot")]
    index = index_over(*(article_of({name[:3]: "clay"}, article_id=name) for name in names))
    hits = found_in(index, "clay cup", limit=30).hits
    assert [hit.passage.article_id for hit in hits] == [*names[::2], *names[1:21:2]]


def test_how_it_is_asked_decides_which_points_answer() -> None:
    index = index_over(
        assemble(parse_markdown("# Tea\n\n## Tea leaves\n\nA plant.\n\n- green\n- black\n"), article_id="tea")
    )
    text = index.texts["tea"]

    def quoted(question: str) -> list[str]:
        return [text[hit.point.start : hit.point.end] for hit in found_in(index, question).hits[0].points]

    assert quoted("Which tea leaves?") == ["green", "black"]
    assert quoted("What is tea leaves?") == ["A plant."]


def test_a_hit_brings_the_points_that_answer() -> None:
    hit = found_in(TEA, "how many minutes").hits[0]
    [point] = hit.points
    text = TEA.texts["tea"]
    assert text[point.point.start : point.point.end] == "two minutes"
    # One word of three is among the three of “Green two minutes”. Late interaction weighs “minutes”, which one passage
    # of two has, with log 2, and the two words of no passage with log 6.
    late = log(2) / (log(2) + 2 * log(6))
    assert point.score == pytest.approx((1 / 3 + 2 * late) / 3)


# ── how many, and which ──────────────────────────────────────────────────────────────────────────────────────────────

MANY = index_over(article_of({f"H{n}": "tea " + "leaf " * n for n in range(8)}))
"""Eight passages with “tea”, each with more other words than the one before."""


def test_five_are_given_unless_another_number_is_asked_for() -> None:
    assert ranked(found_in(MANY, "tea")) == ["H0", "H1", "H2", "H3", "H4"]
    assert ranked(found_in(MANY, "tea", limit=2)) == ["H0", "H1"]
    assert len(found_in(MANY, "tea", limit=20).hits) == 8


def test_late_interaction_reads_the_best_of_the_first_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.retrieval.retrieve.RERANKED", 3)
    assert ranked(found_in(MANY, "tea")) == ["H0", "H1", "H2"]
    for stage in ("late_passage", "late_point"):
        assert len(found_in(MANY, "tea", weights=replace(NOTHING, **{stage: 1.0})).hits) == 3
    # Where it doesn't rank, as many are read as are shown.
    assert len(found_in(MANY, "tea", weights=replace(NOTHING, passage=1.0)).hits) == 5


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (("passage",), {"Whole"}),
        (("passage", "point"), {"Whole", "Point"}),
        (("passage", "bm25"), {"Whole", "Words"}),
        (("passage", "point", "bm25"), {"Whole", "Point", "Words"}),
    ],
)
def test_each_first_stage_hands_its_own_candidates_over(
    stages: tuple[str, ...], expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.index.candidates.CANDIDATES", 1)
    index = index_over(
        article_of(
            {
                # Two of the three words asked for in three: as a whole this is nearest, at .67.
                "Whole": "tea sleep",
                # Three of five in each of four points, .77, but as a whole far away; its length takes BM25 to .55.
                "Point": "/".join(f"tea sleep calm {n}" for n in "abcd") + "/" + "filler " * 60,
                # Three of four different words, but one of them stands five times: .32 as a whole, .58 by BM25.
                "Words": "tea sleep calm " + "walk " * 5,
            }
        )
    )
    found = found_in(index, "tea sleep calm", weights=replace(NOTHING, **dict.fromkeys(stages, 1.0)))
    assert set(ranked(found)) == expected


@pytest.mark.parametrize("roles", [("body",), ("advice",), ("body", "advice"), ()])
def test_only_sections_of_the_roles_asked_for_are_found(roles: Sequence[str]) -> None:
    index = index_over(article_of({"Causes": "cold hands", "Tips for cold hands": "warm gloves"}))
    by_role = {passage.section[-1]: passage.role for passage in index.passages}
    assert by_role == {"Causes": "body", "Tips for cold hands": "advice"}
    found = found_in(index, "cold hands", roles=roles)
    assert {by_role[heading] for heading in ranked(found)} == set(roles)


def test_an_article_named_is_found_by_its_words_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.index.candidates.CANDIDATES", 1)
    index = index_over(article_of({"Whole": "tea sleep", "Words": "tea sleep calm " + "walk " * 5}, "one"))
    found = found_in(index, "tea sleep calm", weights=replace(NOTHING, passage=1.0, bm25=1.0), articles=["one"])
    assert set(ranked(found)) == {"Whole", "Words"}


def test_where_nothing_may_be_found_nothing_is() -> None:
    found = found_in(TEA, "mild", roles=())
    assert (found.hits, found.similarity, found.lead) == ((), -1.0, 0.0)
    assert found.support.tolist() == [-1]


def test_one_hit_leads_by_nothing() -> None:
    found = found_in(index_over(article_of({"Cup": "clay"})), "clay")
    assert ranked(found) == ["Cup"]
    assert found.lead == 0


def test_articles_that_are_gone_are_not_found() -> None:
    index = index_over(article_of({"Cup": "clay"}, "one"), article_of({"Cup": "clay"}, "two"))
    [segment] = index.segments
    left = replace(index, segments=(replace(segment, deleted_ids=frozenset({"one"})),))
    assert [hit.passage.article_id for hit in found_in(left, "clay").hits] == ["two"]


def test_only_the_articles_named_are_searched_and_rarity_is_counted_over_all() -> None:
    index = index_over(
        article_of({"Cup": "clay"}, "one"), article_of({"Pot": "clay"}, "two"), article_of({"Jug": "tin"}, "three")
    )
    found = found_in(index, "clay tin", articles=["two"])
    assert [hit.passage.article_id for hit in found.hits] == ["two"]
    # Two of three passages have “clay”, one has “tin”.
    assert found.weights.tolist() == pytest.approx([log(1 + 1.5 / 2.5), log(1 + 2.5 / 1.5)])


# ── segments ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 1), (1, 2)], ids=str)
def test_several_segments_are_searched_as_one(sizes: tuple[int, ...]) -> None:
    # Of one length, so that the segments' mean lengths, by which BM25 weighs, are the whole's.
    articles = [
        article_of({"Cup": "clay warm"}, "one"),
        article_of({"Pot": "glass warm"}, "two"),
        article_of({"Jug": "clay cold"}, "three"),
    ]
    whole = index_over(*articles)
    ends = list(accumulate(sizes))
    parts = [index_over(*articles[end - size : end]).segments[0] for size, end in zip(sizes, ends, strict=True)]
    split = replace(whole, segments=tuple(parts))
    for question in ("clay jug", "warm", "a cold glass cup"):
        one, several = found_in(whole, question), found_in(split, question)
        assert [hit.passage.id for hit in several.hits] == [hit.passage.id for hit in one.hits]
        assert scores(several) == pytest.approx(scores(one))
        assert [hit.points for hit in several.hits] == [hit.points for hit in one.hits]
        assert several.support.tolist() == pytest.approx(one.support.tolist())
        assert several.weights.tolist() == pytest.approx(one.weights.tolist())
        assert (several.similarity, several.lead) == pytest.approx((one.similarity, one.lead))
    assert ranked(found_in(split, "clay jug"))[0] == "Jug"
