"""Words are read through disguises, and each knows where it stood in the message as written."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.safety import assess
from guide.safety.normalise import read_message
from guide.safety.rules import rule_book

WORDS = rule_book().vocabulary


@pytest.mark.parametrize(
    ("message", "words", "why"),
    [
        ("I don’t want", "i do not want", "a curly apostrophe"),
        ("I dont want", "i do not want", "no apostrophe"),
        ("I wanna die", "i want to die", "slang stands for two words"),
        ("su\u200bici\u00addal", "suicidal", "zero-width and soft hyphen"),
        ("ＫＩＬＬ ｍｙｓｅｌｆ", "kill myself", "full-width letters"),
        ("k i l l  m y s e l f", "kill myself", "letters written apart"),
        ("s.u.i.c.i.d.a.l", "suicidal", "dots between the letters"),
        ("k1ll mys3lf", "kill myself", "digits for letters"),
        ("k!ll my$elf", "kill myself", "signs for letters"),
        ("su*c*de", "suicide", "stars for letters"),
        ("dieeeee", "die", "a letter drawn out"),
        ("suicidle, sucide", "suicidal suicide", "common misspellings"),
        ("kil myslef", "kill myself", "slips"),
        ("my sister’s dead", "my sister dead", "a possessive"),
        ("he's dead", "he is dead", "a contraction"),
        ("the bill and the skill", "the bill and the skill", "words of their own one letter away stay"),
        ("J’ai peur", "j ai peur", "French elision"),
        ("кill", "kill", "a Cyrillic look-alike"),
        ("окно", "окно", "a Cyrillic word"),
        ("мост", "мост", "a Cyrillic word all of letters that look Latin"),
        ("Ёлка Й", "елка и", "Cyrillic letters with marks"),
        ("他打我", "他 打 我", "each ideograph is a word"),
        ("がんばる", "が ん ば る", "each kana is a word, with its voicing mark"),
        ("죽고 싶어", "죽 고 싶 어", "each syllable of Hangul is a word"),
        ("मुझे ज़िंदगी", "मुझे जिंदगी", "vowel signs belong to the word, the dot below doesn't count"),
        ("أريدُ زوجة", "اريد زوجه", "Arabic without its small signs"),
        ("Chồng tôi", "chong toi", "Vietnamese without its marks"),
        ("ışık", "isik", "the Turkish dotless i"),
    ],
)
def test_plain_words(message: str, words: str, why: str) -> None:
    assert read_message(message, WORDS).line.replace(" .", "").strip() == words, why


@pytest.mark.parametrize(
    ("message", "span"),
    [
        ("Look, I don’t want to l1ve", "don’t want to l1ve"),
        ("Well… I want to k\u200bill myself!", "want to k\u200bill myself"),
        ("Ich will nicht mehr leben ﬁn", "will nicht mehr leben"),
        ("now k i l l  m y s e l f now", "k i l l  m y s e l f"),
    ],
)
def test_a_match_is_the_words_as_written(message: str, span: str) -> None:
    matches = assess(message).matches
    assert any(span in match.text for match in matches)
    for match in matches:
        assert message[match.start : match.end] == match.text


@given(st.text(max_size=300))
def test_offsets_stay_inside_and_in_order_for_any_text(message: str) -> None:
    tokens = read_message(message, WORDS).tokens
    assert all(0 <= token.start <= token.end <= len(message) for token in tokens)
    assert all(a.start <= b.start for a, b in pairwise(tokens))


@given(st.text(max_size=300) | st.text(alphabet="ikldemysfwant o.,'*1!", max_size=200))
def test_any_text_is_assessed_without_an_error(message: str) -> None:
    result = assess(message)
    assert all(message[m.start : m.end] == m.text for m in result.matches)


def test_a_long_message_is_read_at_both_ends() -> None:
    filler = "The weather was fine and we went on. " * 1000
    for message in ("I want to die. " + filler, filler + "I want to die."):
        match = assess(message).matches[0]
        assert message[match.start : match.end] == "I want to die"
