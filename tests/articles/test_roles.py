"""What a section is for: by the front matter, or by its headings."""

import pytest

from guide.articles.pieces import Parsed
from guide.articles.roles import role_of
from guide.records import SectionRole

BY_HEADINGS: list[tuple[tuple[str, ...], SectionRole]] = [
    ((), "body"),
    (("When should I seek help?",), "help"),
    (("When to see a doctor",), "help"),
    (("When Is Professional Support Needed?",), "help"),
    (("When therapy can help",), "help"),
    # below other headings, with headings below
    (("Coping", "When to seek help"), "help"),
    (("Strategies that help", "When is it time to get professional help?"), "help"),
    (("Coping", "When to seek help", "Children"), "help"),
    (("When to seek help", "How to find a therapist"), "help"),
    (("FAQs", "When should I talk to a counsellor?"), "help"),
    # helping somebody else isn't seeking help
    (("When your partner needs support",), "body"),
    (("Coping", "When to help a friend"), "body"),
    (("Coping", "How to help a friend"), "advice"),
    (("How to cope", "At work"), "advice"),
    (("FAQs", "How can I cope?"), "advice"),
    (("FAQs", "Is it common?"), "faq"),
    (("About the author",), "credit"),
    # what an article is made of, and what leads away from it
    (("References",), "credit"),
    (("7. References and further reading",), "credit"),
    (("References", "How to cite"), "credit"),
    (("Licence",), "credit"),
    (("Licensed under CC BY 4.0",), "credit"),
    (("You may also like",), "credit"),
    (("Contents",), "credit"),
    (("A.9. License",), "credit"),
    (("Appendix B: References", "Books"), "credit"),
    (("Copyright and License",), "credit"),
    (("Quellen",), "credit"),
    (("Bibliographie",), "credit"),
    (("Fuentes",), "credit"),
    (("Использованная литература",), "credit"),
    (("参考文献",), "credit"),
    (("Über die Autorin",), "credit"),
    (("Related guidelines",), "credit"),
    (("Inhaltsverzeichnis",), "credit"),
    # what only begins alike
    (("Finding a licence",), "body"),
    (("Copyright considerations",), "body"),
    (("Quellen der Kraft",), "body"),
    # one level too low
    (("Contents", "1. Signs"), "body"),
    (("Sources of stress",), "body"),
    (("Related conditions",), "body"),
    (("Where to find help",), "body"),
]


@pytest.mark.parametrize(("path", "role"), BY_HEADINGS, ids=[" › ".join(path) for path, _ in BY_HEADINGS])
def test_headings_say_what_a_section_is_for(path: tuple[str, ...], role: SectionRole) -> None:
    assert role_of(path, Parsed([]), "How to cope") == role


NAMED = Parsed([], help_section="The doctor", advice_sections=("Coping", "Tea"))
BY_FRONT_MATTER: list[tuple[tuple[str, ...], SectionRole]] = [
    ((), "advice"),  # the article's title is among them
    (("Coping",), "advice"),
    (("Coping", "At work"), "advice"),
    (("The doctor",), "help"),
    (("Coping", "The doctor"), "help"),
    (("Coping", "The doctor", "Children"), "help"),
    (("The doctor", "Coping"), "advice"),
    # where they are named, other headings are neither
    (("When to seek help",), "body"),
    (("How to pour",), "body"),
]


@pytest.mark.parametrize(
    ("path", "role"), BY_FRONT_MATTER, ids=[" › ".join(path) or "introduction" for path, _ in BY_FRONT_MATTER]
)
def test_front_matter_says_what_a_section_is_for(path: tuple[str, ...], role: SectionRole) -> None:
    assert role_of(path, NAMED, "Tea") == role


BY_WHAT_THEY_HOLD: list[tuple[str, list[str], SectionRole]] = [
    ("Share", ["Facebook", "Copy the link"], "credit"),
    ("Share", ["Tell one person how the week was."], "body"),
    ("Tags", ["sleep", "noise"], "credit"),
    ("Literature", ["Okafor J. Naps at noon, 2019.", "Hollis P. Beds (2001)."], "credit"),
    ("Literature", ["The island's first novel was printed in its own tongue."], "body"),
]


@pytest.mark.parametrize(("heading", "texts", "role"), BY_WHAT_THEY_HOLD)
def test_some_headings_are_judged_by_what_stands_below_them(heading: str, texts: list[str], role: SectionRole) -> None:
    assert role_of((heading,), Parsed([]), "Sleep", texts) == role


def test_an_introduction_that_isnt_named_is_none_of_both() -> None:
    assert role_of((), NAMED, "Coffee") == "body"
    assert role_of((), Parsed([]), "") == "body"
