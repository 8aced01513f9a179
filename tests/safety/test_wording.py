"""The words of the cards: what must be there, what must never be."""

import re

import pytest

from guide.languages.words import help_languages, languages, words_of
from guide.levels import Level
from guide.records import Turn
from guide.safety import assess
from guide.safety.helplines import registry
from guide.safety.rules import rule_book
from guide.safety.wording import card, offer_words, translation

RAW = words_of("en")
CARDS = [
    (level, who, stage, text)
    for level, by in RAW["cards"].items()
    for who, stages in by.items()
    for stage, text in stages.items()
]
FIRST = [(lv, who, text) for lv, who, stage, text in CARDS if stage == "first"]
FORBIDDEN = (
    r"\bcommit", r"failed attempt", r"successful", r"think positive", r"just relax", r"promise", r"secret",
    r"\d", r"%", r"statistic", r"cheer up", r"look on the bright", r"selfish", r"overdose", r"pills", r"couples",
    r"rebuild trust", r"forgive", r"confront",
)  # fmt: skip


@pytest.mark.parametrize(("level", "who", "stage", "text"), CARDS)
def test_nothing_forbidden_is_said(level: str, who: str, stage: str, text: str) -> None:
    for words in FORBIDDEN:
        assert not re.search(words, text, re.IGNORECASE), words


def test_every_card_has_all_three_stages() -> None:
    for level, by in RAW["cards"].items():
        for who, stages in by.items():
            assert set(stages) == {"first", "again", "banner"}, (level, who)


@pytest.mark.parametrize(("level", "who", "text"), FIRST)
def test_the_full_card_says_that_this_is_software_and_names_people(level: str, who: str, text: str) -> None:
    assert "software" in text
    assert re.search(r"person|someone|somebody|professional", text)


@pytest.mark.parametrize(
    ("who", "text"), [(who, text) for level, who, text in FIRST if level == "emergency" and who != "medical"]
)
def test_emergency_cards_open_with_the_number_and_keep_means_away(who: str, text: str) -> None:
    assert "emergency number" in text.strip().split("\n\n")[0]
    assert "crisis line" in text
    assert "day and night" in text
    assert re.search(r"[Ss]tay with|stay with you", text)
    assert re.search(r"[Mm]ove away|out of reach|[Kk]eep away", text)


@pytest.mark.parametrize(("who", "text"), [(who, text) for level, who, text in FIRST if level == "crisis"])
def test_crisis_cards_name_lines_trusted_people_and_professionals(who: str, text: str) -> None:
    assert "crisis line" in text.split("\n\n")[0]
    assert "day and night" in text
    assert "trust" in text
    assert "doctor" in text
    assert "therapist" in text
    assert "emergency number" in text


def test_abuse_cards_blame_nobody_hurt_and_mind_the_device() -> None:
    for who in ("self", "other"):
        text = card("abuse", who, "en", "first")
        assert re.search(r"not (your|their) fault", text.split("\n\n")[0])
        assert "domestic violence line" in text
        assert "quick exit" in text
        assert re.search(r"see (your|their) phone", text)


def test_the_crisis_card_word_for_word() -> None:
    assert assess("I want to die").message == (
        "Please call, text or chat with a crisis line now. Someone there will listen, day and night.\n\n"
        "I am glad you said this. It sounds like a lot of pain to carry, and you don't have to carry it alone.\n\n"
        "Is there someone you trust who can be with you? Tell them what you told me. A doctor or a therapist can help "
        "you too. It is okay to ask for that today.\n\n"
        "If you might act on these thoughts, call your emergency number. Put some space between you and anything you "
        "could use to hurt yourself.\n\n"
        "I am software, not a person, and I can't see how you are. People on these lines can help you now."
    )


def test_the_medical_card_sends_to_the_phone_and_gives_no_other_advice() -> None:
    assert card("emergency", "medical", "en", "first") == (
        "Please call your emergency number now, even if you are not sure how bad it is. If something was swallowed, "
        "breathed in or touched, a poison line can help too.\n\n"
        "They will ask what it was and how much, when it happened, and the age and weight of the person. Keep the "
        "packet or bottle at hand.\n\n"
        "Do what the person on the phone says. I am software, so I can't tell how bad it is, and I can't send help. A "
        "person on the phone can."
    )
    for stage in ("first", "again", "banner"):
        text = card("emergency", "medical", "en", stage)  # type: ignore[arg-type]
        assert "emergency number now" in text
        assert "poison line" in text
        for advice in ("vomit", "water", "milk", "drink", "eat", "wait", "doctor", "crisis line", "hurt yourself"):
            assert not re.search(rf"\b{advice}\b", text), advice


def test_the_bereaved_card_is_for_who_is_left() -> None:
    assert card("professional", "bereaved", "en", "first") == (
        "I am so sorry. When somebody died by suicide, the grief is hard in its own way for those who are left. You "
        "are not to blame.\n\n"
        "Whatever you feel now has its place, and you don't have to carry it alone. Let a person you trust be with "
        "you. A doctor, a counselor or a group of people with the same loss can help, now or much later. A helpline "
        "listens to people who grieve, too.\n\n"
        "I am software, so please let a person be there for you. Here is what the article says."
    )
    for stage in ("first", "again", "banner"):
        text = card("professional", "bereaved", "en", stage)  # type: ignore[arg-type]
        assert "{" not in text
        # Nobody can stay with the dead, or keep anything out of their reach.
        for words in ("stay with", "stay with them", "out of reach", "emergency number", "stigma", "at peace"):
            assert words not in text.lower(), words


OFFERS = [(language, level, words) for language in languages() for level, words in words_of(language)["offers"].items()]


def test_a_language_with_offers_has_each_of_them() -> None:
    assert {"en", "es", "fr", "de", "pt", "it", "nl"} <= set(languages())
    for language in languages():
        assert list(words_of(language)["offers"]) == ["professional", "abuse", "crisis"]


@pytest.mark.parametrize(("language", "level", "words"), OFFERS)
def test_an_offer_is_one_short_line_that_asserts_nothing(language: str, level: str, words: str) -> None:
    # "If …", in each language: whoever reads it has said nothing of the kind.
    assert words.startswith({"en": "If ", "de": "Wenn ", "nl": "Als "}.get(language, "S"))
    assert len(words) <= 120
    assert words.count(".") == 1
    for banned in FORBIDDEN:
        assert not re.search(banned, words, re.IGNORECASE), banned


def test_the_offers_word_for_word() -> None:
    assert [offer_words(level, "en") for level in ("", "professional", "abuse", "crisis")] == [
        "",
        "If this weighs on you, it may help to talk to a doctor, a counselor or a helpline.",
        "If somebody hurts or controls you, a domestic violence line listens and helps.",
        "If you ever think of ending your life, a crisis line is there to listen.",
    ]
    assert offer_words("crisis", "de").startswith("Wenn du je daran denkst")
    assert offer_words("crisis", "xx") == offer_words("crisis", "en")


def test_the_professional_card_names_the_criterion_first() -> None:
    assert assess("I feel numb all the time").message.startswith(
        "What you write fits a sign that more help is worth seeking: "
        "Numbness, lack of interest or hopelessness that doesn't go away."
    )


ENGLISH = {
    "ar": "الإنجليزية", "de": "Englisch", "es": "inglés", "fr": "anglais", "hi": "अंग्रेज़ी", "it": "inglese",
    "ja": "英語", "ko": "영어", "nl": "Engels", "pl": "angielsk", "pt": "inglês", "ru": "английск", "sv": "engelska",
    "tr": "İngilizce", "uk": "англійськ", "vi": "tiếng Anh", "zh": "英文",
}  # fmt: skip
"""How each language of the cards calls English."""


def test_there_is_a_card_in_every_language_that_has_rules_and_in_no_other() -> None:
    assert set(help_languages()) == ENGLISH.keys() == {rule.language for rule in rule_book().rules} - {"en"}


@pytest.mark.parametrize("language", help_languages())
@pytest.mark.parametrize("level", ["crisis", "emergency", "abuse"])
def test_a_translated_card_says_each_thing_in_its_language(language: str, level: Level) -> None:
    first, again, banner = (card(level, "self", language, stage) for stage in ("first", "again", "banner"))
    assert ENGLISH[language] in first.split("\n\n")[-1]
    assert len(first.split("\n\n")) >= 4
    assert len(banner) < len(again) < len(first)
    for stage, text in (("first", first), ("again", again), ("banner", banner)):
        assert text != card(level, "self", "en", stage)  # type: ignore[arg-type]
        assert not re.search(r"\d|%|\bcommit", text), text


@pytest.mark.parametrize("language", help_languages())
def test_no_translation_speaks_english(language: str) -> None:
    found = translation(language)
    assert found is not None
    assert ENGLISH[language] in found.only_english
    assert found.offer_lines[-1] in ":："


def test_hours_and_general_names_are_in_the_language_of_the_message() -> None:
    lines = {line.purpose: line for line in assess("quiero morirme", country="IE").helplines}
    assert lines["emergency"].name == "Servicios de emergencia (112, 999)"
    assert {line.hours for line in lines.values()} == {
        "24 horas, todos los días",
        "El directorio está siempre ahí; cada línea indica su horario",
    }
    assert assess("I want to die", country="IE").helplines[0].hours == "24 hours, every day"


def test_every_general_name_and_every_hour_of_the_registry_can_be_translated() -> None:
    terms = translation("es").terms  # type: ignore[union-attr]
    general = re.compile("Emergency services|Police|Ambulance|Your local|Find A Helpline")
    lines = [line for line in registry().lines if line.purpose in ("emergency", "crisis", "directory")]
    assert {line.hours for line in lines} <= terms.keys() | {""}
    assert {line.name for line in lines if general.match(line.name)} <= terms.keys()


def test_a_card_for_somebody_else_is_translated_in_no_language() -> None:
    assert card("crisis", "other", "es", "first") == card("crisis", "other", "en", "first")
    assert card("crisis", "self", "es", "first") != card("crisis", "self", "en", "first")


def test_a_conversation_goes_on_in_its_language() -> None:
    history = [Turn("user", "Chcę umrzeć")]
    assert assess("chcę umrzeć", history).message == card("crisis", "self", "pl", "again")
    later = assess("What are the signs?", history)
    assert later.language == "pl"
    assert later.message == card("crisis", "self", "pl", "banner")


@pytest.mark.parametrize(
    ("message", "opening"),
    [
        ("I want to kill my boss", "Please call, text or chat with a crisis line now. They also help with thoughts"),
        ("he hit me and I'm hiding from him in the bathroom", "If you can do it safely, call your emergency number"),
        ("I abused my girlfriend", "It is good that you say this."),
        ("my sister is suicidal", "If you think they may act soon"),
    ],
)
def test_the_card_speaks_to_who_writes(message: str, opening: str) -> None:
    assert assess(message).message.startswith(opening)


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1))


@pytest.mark.parametrize(("level", "who", "text"), [c for c in FIRST if c[0] in ("crisis", "emergency")])
def test_crisis_and_emergency_cards_read_at_sixth_grade_or_easier(level: str, who: str, text: str) -> None:
    words = re.findall(r"[A-Za-z']+", text)
    sentences = len(re.findall(r"[.?!]", text))
    # Flesch–Kincaid grade (Kincaid et al. 1975).
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade <= 6
