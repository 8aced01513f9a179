"""Which messages are seen to be in another language, and that English ones aren't, however they are typed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.safety.examples import examples
from guide.text.language import foreign_languages

DATA = Path(__file__).parents[1] / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


FOREIGN = rows("language_messages.jsonl")


def language(text: str) -> str:
    return next(iter(foreign_languages(text)), "en")


def test_the_messages_are_short_and_of_many_languages() -> None:
    assert len(FOREIGN) == len({row["text"] for row in FOREIGN}) >= 300
    assert len({row["language"] for row in FOREIGN}) >= 25
    assert all(len(row["text"].split()) <= 12 for row in FOREIGN)


def test_short_messages_in_other_languages_are_seen_as_often_as_measured() -> None:
    told = [(row["language"], language(row["text"])) for row in FOREIGN]
    assert sum(found != "en" for _, found in told) >= 358
    assert sum(written == found for written, found in told) >= 340


def test_at_most_one_english_message_in_a_thousand_is_taken_for_another_language() -> None:
    everyday = [row["text"] for row in rows("everyday_messages.jsonl") if row["kind"] != "languages"]
    english = [example.text for example in examples()] + everyday
    assert len(english) > 3_000
    taken = [text for text in english if language(text) != "en"]
    assert len(taken) <= len(english) // 1000, taken


@pytest.mark.parametrize(
    "message",
    [
        "lol", "ok", "depression", "hola", "merci", "wyd bestie", "idk tbh", "omg fr fr no cap", "hes sus af ngl",
        "im so tirednof this", "wat is emotinal detachmnt", "mum n dad r fightin agen", "he dont luv me nomore",
        "yall finna argue", "asdkjfh asdlkj lkjasd", "Siobhan Nguyen", "Kowalski Müller", "Dr. Agnieszka Szczepańska",
        "déjà vu", "Schadenfreude meaning", "my fiancé is über distant", "hmmmmm ughhhh", "😭😭", "123", "?!",
        "I W A N T", "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓽𝓪𝓵𝓴", "ＷＨＹ ＩＳ ＨＥ ＤＩＳＴＡＮＴ", "why is he so distаnt", "what does 我 mean",
    ],
)  # fmt: skip
def test_slang_slips_names_and_loans_stay_english(message: str) -> None:
    assert language(message) == "en"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("mi marido me grita siempre", "es"),
        ("MI MARIDO ME GRITA SIEMPRE", "es"),
        ("как дела", "ru"),
        ("안녕", "ko"),
        ("我的boyfriend不理我", "zh"),
        ("mera boyfriend mujhse baat nahi karta", "hi"),
        ("warum ist mein Freund so still?", "de"),
    ],
)
def test_a_language_is_told_by_its_words_or_its_script(message: str, code: str) -> None:
    assert language(message) == code


def test_the_probabilities_are_of_other_languages_the_likeliest_first() -> None:
    found = foreign_languages("je ne sais pas quoi faire")
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert "en" not in found
    assert found["fr"] > 0.9


@given(st.text(max_size=200) | st.text(alphabet="aé я我\ud83d '’.", max_size=80))
def test_any_text_is_taken(text: str) -> None:
    foreign_languages(text)


def test_an_english_message_needs_no_model() -> None:
    code = (
        "import sys; from guide.text.language import foreign_languages as told; told('why is he so distant'); "
        "assert 'py3langid' not in sys.modules; told('mein Freund redet nicht'); assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
