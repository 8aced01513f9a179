"""Which sentences ask a reader for closeness, and which only describe how people are."""

import pytest

from guide.articles.advice import asks_for_closeness
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split

ASKS = [
    # opening up
    "Open up a little more each week.",
    "It helps to show him how vulnerable you are.",
    "Letting her in is the first step.",
    "You could share your fears with your husband.",
    "By voicing what you need, you give him a chance.",
    "Daring to be vulnerable brings couples closer together.",
    "As you share your feelings, the walls come down.",
    # talking it out
    "Sit down and talk it through with your spouse.",
    "Then tell your partner what hurt you.",
    "Honest conversations can heal a marriage.",
    "Listen to each other without interrupting.",
    "1. Ask your partner what is on their mind",
    "At dinner: talk to each other, and put the phones away.",
    # coming close again
    "Small promises that you keep can rebuild trust.",
    "It is never too late to win his trust back.",
    "Closeness grows again once partners forgive.",
    "Forgive what happened and look ahead.",
    "You may want to give him a second chance.",
    "Restore the bond by spending the evenings together.",
    "How to Rebuild Intimacy",
    # what couples do together
    "Couples therapy can help you both.",
    "Plan a weekly check-in.",
    "Try relationship exercises such as the ten-minute talk.",
    "Work as a team on what comes between you.",
    "When to seek couples counselling",
    # confronting
    "Confront him with what you have found.",
    "You should stand up to her.",
    "If he shouts again, don't leave it unspoken: it is important to bring it up.",
    "Calmly explain your boundaries, and say it firmly.",
    "Enforce your limits every time.",
]

DESCRIBES = [
    "Some partners find it hard to be vulnerable.",
    "Avoiding honest conversations can become a habit.",
    "Resisting vulnerability, and not talking about hopes or fears",
    "He no longer tells her how he feels.",
    "People with walls often fear intimacy.",
    "Trust between the partners wears away.",
    "Fear of closeness: anxious people begin to protect themselves.",
    "Holding back affection makes the other feel rejected.",
    "A lack of empathy for what a partner needs",
    "The partners may not address what is wrong.",
    "Loss of intimacy: the bond starts to wear away",
    "A history of betrayal can make it difficult to love.",
    "Numbness that doesn't go away",
    # advice that asks for nothing of this kind
    "Get up at the same time on every day of the week.",
    "Make yoga a part of your life.",
    "You could write down how you slept.",
    "Call the helpline if you are afraid.",
    # help
    "A mental health professional may be the right person to turn to if:",
    "You feel numb most of the time",
    "You would like to learn healthier ways and don't know where to begin",
]


@pytest.mark.parametrize("sentence", ASKS)
def test_it_asks_for_closeness(sentence: str) -> None:
    assert asks_for_closeness([sentence])


@pytest.mark.parametrize("sentence", DESCRIBES)
def test_it_asks_for_nothing_of_the_kind(sentence: str) -> None:
    assert not asks_for_closeness([sentence])


def test_one_sentence_of_several_is_enough() -> None:
    assert asks_for_closeness([DESCRIBES[0], ASKS[0]])
    assert not asks_for_closeness(DESCRIBES)


ARTICLE = """\
---
advice_sections: [Evenings]
---
# Distance

Dare to be vulnerable, and trust will grow.

## Signs

Silence is one sign.

## Effects

Rifts open. If you see one, it is essential to address the issue.

## Evenings

Go for a walk.

## How to rebuild trust

Small promises add up.

## When to seek help

When nothing helps any more.

### Ways to find a counsellor

Ask your doctor.

### First steps

Talk it out with your partner first.

## About the author

She tells couples to open up.
"""


def test_a_passage_that_asks_for_closeness_is_advice_wherever_it_stands() -> None:
    article = assemble(parse_markdown(ARTICLE), article_id="distance")
    assert [(passage.section[-1], passage.role) for passage in split(article)] == [
        ("Distance", "advice"),
        ("Signs", "body"),
        ("Effects", "advice"),
        ("Evenings", "advice"),
        ("How to rebuild trust", "advice"),
        ("When to seek help", "help"),
        ("Ways to find a counsellor", "help"),
        ("First steps", "advice"),
        ("About the author", "credit"),
    ]
    # What a section is for stays as its headings say.
    assert [section.role for section in article.sections] == [
        "body", "body", "body", "advice", "body", "help", "help", "help", "credit",
    ]  # fmt: skip


def test_help_below_a_heading_that_asks_for_closeness_stays_help() -> None:
    text = "# Distance\n\n## How to open up\n\nSlowly.\n\n### When to see a therapist\n\nWhen you are afraid.\n"
    article = assemble(parse_markdown(text), article_id="distance")
    assert [passage.role for passage in split(article)] == ["advice", "help"]
