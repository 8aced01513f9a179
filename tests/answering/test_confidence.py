"""Confidence by hand: how far each word is supported, what the signals say, and the chance that comes of them."""

import json
from dataclasses import asdict, fields, replace
from importlib.resources import files
from math import exp, inf, log, nextafter

import numpy as np
import pytest
from fake_encoder import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from guide.answering.confidence import (
    LEAST_SIMILARITY,
    NOT_MENTIONED,
    NOT_MENTIONED_IN_ANSWER,
    PIECES_DISCOUNT,
    Signals,
    Support,
    confidence,
    not_mentioned,
    signals,
    threshold,
    word_support,
)
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.embedding.encoder import Encoded
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import Correction, Hit, Query
from guide.retrieval.retrieve import Retrieval

ENCODER = FakeEncoder(4_096)
INDEX = index_of(
    [assemble(parse_markdown("# Sleep\n\n## Tea at night\n\nWarm milk calms. Teas keep awake.\n"), article_id="sleep")],
    ENCODER,
    ENCODER.identity,
)


def retrieval(
    spans: list[tuple[int, int]], support: list[float], weights: list[float], similarity: float = 0.5, lead: float = 0.1
) -> Retrieval:
    """What was found for a question whose tokens stand at `spans`."""
    none = np.zeros((len(spans), 2), dtype=np.float32)
    encoded = Encoded(
        texts=np.zeros((1, 2), dtype=np.float32),
        tokens=none,
        ids=np.arange(len(spans), dtype=np.int32),
        spans=np.array(spans, dtype=np.int32).reshape(-1, 2),
        starts=np.array([0, len(spans)], dtype=np.int64),
    )
    hit = Hit(INDEX.passages[0], (), 0.4)
    return Retrieval((hit,), encoded, np.float32(support), np.float32(weights), similarity, lead, hit.score)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def supported(text: str, *tokens: tuple[str, float, float]) -> list[Support]:
    """The support of the words of `text`, which reaches the model in these tokens with their support and weight."""
    spans, at = [], 0
    for piece, _, _ in tokens:
        at = text.index(piece, at)
        spans.append((at, at + len(piece)))
        at += len(piece)
    found = retrieval(spans, [support for _, support, _ in tokens], [weight for *_, weight in tokens])
    return list(word_support(Query(text, text), found, INDEX))


def test_each_content_word_has_its_tokens_support_and_weight() -> None:
    found = supported("Does milk calm?", ("Does", 0.1, 0.2), ("milk", 0.9, 1.5), ("calm", 0.75, 2.0), ("?", 0.3, 0.1))
    # “does” says how it is asked; the article has “calms”.
    assert found == [
        Support("milk", pytest.approx(0.9), 1.5, known=True),
        Support("calm", pytest.approx(0.75), 2.0, known=True),
    ]


def test_a_word_in_pieces_has_their_mean_and_the_greatest_weight() -> None:
    [milk] = supported("milk", ("mi", 0.4, 1.0), ("lk", 0.8, 3.0))
    # The article has it: nothing is taken off.
    assert milk == Support("milk", pytest.approx(0.6), 3.0, known=True)


def test_what_a_rare_words_pieces_resemble_is_discounted() -> None:
    [word] = supported("melatonin", ("mela", 0.4, 1.0), ("tonin", 0.8, 3.0))
    # The mean of the pieces, of which three quarters count.
    assert word == Support("melatonin", pytest.approx(0.45), 3.0, known=False)
    assert PIECES_DISCOUNT == 0.75


def test_a_rare_word_in_one_piece_is_not_discounted() -> None:
    [word] = supported("valerian", ("valerian", 0.6, 1.0))
    assert word == Support("valerian", pytest.approx(0.6), 1.0, known=False)


def test_a_hyphen_and_an_apostrophe_stay_inside_a_word() -> None:
    found = supported(
        "milk-based night’s tea",
        *(("milk", 0.9, 1.0), ("-", 0.1, 1.0), ("based", 0.2, 1.0)),
        *(("night", 0.8, 1.0), ("’", 0.2, 1.0), ("s", 0.2, 1.0), ("tea", 1.0, 1.0)),
    )
    assert [word.word for word in found] == ["milk-based", "night’s", "tea"]
    # A part that the article knows is enough.
    assert [word.known for word in found] == [True, True, True]
    assert [word.similarity for word in found] == pytest.approx([0.4, 0.4, 1.0])


def test_a_word_beyond_what_the_model_reads_is_left_out() -> None:
    assert [word.word for word in supported("milk and honey", ("milk", 0.9, 1.0), ("and", 0.5, 1.0))] == ["milk"]


# ── signals ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SUPPORTS = [Support("a", 0.9, 2.0, True), Support("b", 0.2, 1.0, False), Support("c", 0.4, 1.0, True)]


def of(question: str = "Why tea", supports: list[Support] = SUPPORTS, similarity: float = 0.5) -> Signals:
    return signals(Query(question, question), retrieval([], [], [], similarity), supports)


def test_signals_of_three_words() -> None:
    assert asdict(of()) == pytest.approx(
        {
            "score": 0.4,
            "similarity": 0.5,
            "least": 0.2,
            "least_two": 0.3,
            "least_two_near": 0.15,
            # (2 · .9 + .2 + .4) / 4
            "supported": 0.6,
            "quantity": 0,
            "personal": 0,
            "lead": 0.1,
            # The only word that no article has.
            "unknown": 0.2,
            # Nothing was found that tells how near the subject is.
            "near_points": 0,
            "all_points": 0,
            "near_questions": 0,
            "all_questions": 0,
        }
    )


def test_of_one_word_the_least_two_are_that_one() -> None:
    one = of(supports=SUPPORTS[:1])
    assert (one.least, one.least_two, one.supported) == pytest.approx((0.9, 0.9, 0.9))


def test_a_question_without_content_words_is_half_supported() -> None:
    none = of(supports=[])
    assert (none.least, none.least_two, none.least_two_near, none.supported) == (0.5, 0.5, 0.25, 0.5)


def test_far_from_the_subject_it_does_not_matter_how_far() -> None:
    assert LEAST_SIMILARITY == 0.2
    for similarity in (-0.3, 0.0, 0.19, 0.2):
        assert (of(similarity=similarity).similarity, of(similarity=similarity).least_two_near) == pytest.approx(
            (0.2, 0.06)
        )
    assert of(similarity=0.21).similarity == pytest.approx(0.21)


@pytest.mark.parametrize(
    ("question", "quantity", "personal"),
    [
        ("How many cups help?", 1, 0),
        ("How calm is it?", 0, 0),
        ("What dose is usual?", 1, 0),
        ("Which rate?", 1, 0),
        ("Which tea?", 0, 0),
        ("What percentage sleeps badly?", 1, 0),
        ("Does it cost much?", 1, 0),
        ("Why can't I sleep?", 0, 1),
        ("How often does she wake?", 1, 1),
        ("Does it help?", 0, 0),
        ("Do they help?", 0, 0),
    ],
)
def test_what_is_asked_for_and_of_whom(question: str, quantity: int, personal: int) -> None:
    assert (of(question).quantity, of(question).personal) == (quantity, personal)


def test_a_number_is_asked_for_by_what_is_searched_and_somebody_named_by_what_was_written() -> None:
    found = retrieval([], [], [])
    follow_up = signals(Query("And for me?", "how many cups And for me?"), found, SUPPORTS)
    assert (follow_up.quantity, follow_up.personal) == (1, 1)
    mended = signals(Query("And for tea?", "my cup And for tea?"), found, SUPPORTS)
    assert (mended.quantity, mended.personal) == (0, 0)


# ── the chance ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_chances_are_multiplied_and_calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = {
        "topic": {"intercept": 0.0, "score": log(3) / 0.4},
        "support": {"intercept": -log(2), "least": log(4) / 0.2},
        "calibration": {"intercept": log(2), "slope": 2.0},
        "covered": 0.5,
    }
    monkeypatch.setattr("guide.answering.confidence._fitted", lambda: fitted)
    # Topic: logit log 3, so 3/4. Support: −log 2 + log 4 = log 2, so 2/3. Together 1/2, whose logit is 0; with the
    # calibration log 2, so 2/3.
    assert confidence(of()) == pytest.approx(2 / 3)
    # Nothing supported: 3/4 · 1/3 = 1/4, logit −log 3; twice that and log 2 are log(2/9), so 2/11.
    assert confidence(replace(of(), least=0.0)) == pytest.approx(2 / 11)
    # Far away: 1/2 · 2/3 = 1/3, logit −log 2; log 2 − 2 log 2 = −log 2, so 1/3.
    assert confidence(replace(of(), score=0.0)) == pytest.approx(1 / 3)
    assert threshold() == 0.5


def shipped() -> dict[str, dict[str, float]]:
    return json.loads((files("guide.answering") / "confidence.json").read_text("utf-8"))


def test_every_weight_that_is_shipped_is_a_signals_and_every_signal_has_one() -> None:
    names = {field.name for field in fields(Signals)}
    topic, support = set(shipped()["topic"]), set(shipped()["support"])
    assert "intercept" in topic & support
    assert (topic | support) - {"intercept"} == names
    assert {"score", "similarity", "near_points", "near_questions"} < topic
    assert {"score", "least", "quantity", "personal"} < support
    assert set(shipped()["calibration"]) == {"intercept", "slope"}


@pytest.mark.parametrize(
    "found",
    [of(), of("How many cups do I need?"), of(supports=[]), replace(of(), score=0.1), replace(of(), least=-0.4)],
)
def test_the_chance_by_the_weights_that_are_shipped(found: Signals) -> None:
    def logistic(weights: dict[str, float]) -> float:
        logit = sum(weight * getattr(found, name, 1.0) for name, weight in weights.items())
        return 1 / (1 + exp(-logit))

    product = logistic(shipped()["topic"]) * logistic(shipped()["support"])
    logit = shipped()["calibration"]["intercept"] + shipped()["calibration"]["slope"] * log(product / (1 - product))
    assert confidence(found) == pytest.approx(1 / (1 + exp(-logit)))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_chance_stays_between_none_and_all(score: float, least: float) -> None:
    assert 0 < confidence(replace(of(), score=score, least=least)) < 1


def test_an_answer_is_covered_from_the_threshold_on(monkeypatch: pytest.MonkeyPatch) -> None:
    guide = Guide(INDEX, ENCODER)
    chance = guide.ask("Does milk calm?").confidence
    assert 0 < chance < 1
    monkeypatch.setattr("guide.answering.compose.threshold", lambda: chance)
    assert guide.ask("Does milk calm?").covered
    monkeypatch.setattr("guide.answering.compose.threshold", lambda: nextafter(chance, inf))
    assert not guide.ask("Does milk calm?").covered


# ── what isn't spoken of ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("similarity", "known", "covered", "named"),
    [
        (0.49, False, False, True),
        (0.5, False, False, False),
        (0.34, False, True, True),
        (0.35, False, True, False),
        # The article has the word, however little what was found resembles it.
        (0.1, True, False, False),
        (0.1, True, True, False),
    ],
)
def test_a_word_that_nothing_comes_near_is_not_mentioned(
    similarity: float, known: bool, covered: bool, named: bool
) -> None:
    assert (NOT_MENTIONED, NOT_MENTIONED_IN_ANSWER) == (0.5, 0.35)
    assert (
        bool(not_mentioned(Query("a dose", "a dose"), [Support("dose", similarity, 1.0, known)], covered=covered))
        is named
    )


def test_words_are_named_once_in_the_questions_order() -> None:
    supports = [Support(word, 0.1, 1.0, word == "tea") for word in ("dose", "tea", "bread", "dose", "Dose")]
    query = Query("dose tea bread dose Dose", "")
    assert not_mentioned(query, supports, covered=False) == ("dose", "bread", "Dose")


def test_only_words_of_the_message_are_named() -> None:
    supports = [Support(word, 0.1, 1.0, known=False) for word in ("husband", "dont", "lol", "gym", "zolpidem", "sleep")]
    query = Query("and slep at the gym on zolpidem, lol dont", "husband. …", (Correction("slep", "sleep"),))
    assert not_mentioned(query, supports, covered=False) == ("gym", "zolpidem", "sleep")


def test_the_answer_names_what_no_article_has() -> None:
    answer = Guide(INDEX, ENCODER).ask("Does milk with bread calm?")
    assert answer.not_mentioned == ("bread",)
