"""Citations without a heading of their own: told by how they look, and never an answer."""

from pathlib import Path

import pytest

from guide.articles.credits import first_citation, is_references
from guide.articles.read import read_article

CITATIONS = [
    "Okafor JA, Lindqvist B. Short naps and long days. J Rest. 2019;12(3):45-57.",
    "Marchetti, L. M., & Hollis, P. (2021). Sleeping beside a busy road. Night Press.",
    "[3] Duvall T. Earplugs at night. doi: 10.1234/abcd.5678, 2017.",
    "World Rest Survey (2020). ISBN 978-0-00-000000-2. https://example.org/survey",
]
ADDRESSES = ["https://example.org/a", "https://example.org/b", "www.example.org/c"]
SENTENCES = [
    "Okafor et al. (2019) found that short naps help.",
    "In 2021, two of three people slept badly; see https://example.org.",
    "You may call the sleep line on 555 0100, or write to https://example.org.",
    "Lindqvist and Okafor (2019) asked nine people how they slept.",
]
WHERE_THEY_BEGIN: list[tuple[str, list[str], int]] = [
    ("Sleep", CITATIONS, 0),
    ("Sleep", [*SENTENCES, *CITATIONS], 4),
    ("Sleep", [*SENTENCES, *CITATIONS[:2]], 6),  # two may be examples
    ("Sleep", [*CITATIONS, *SENTENCES], 8),  # the text goes on
    ("Sleep", SENTENCES, 4),
    ("Samples", ADDRESSES, 0),
    ("Samples", ["These pages show it:", *ADDRESSES], 4),  # the sentence needs them
    ("Sleep", [*SENTENCES, CITATIONS[0], *ADDRESSES], 4),
    ("Where to find help", ADDRESSES, 3),
    ("Where to find help", ["Sleep line: https://example.org", "Night line: 555 0100", "Rest line: 555 0101"], 3),
]


@pytest.mark.parametrize(("heading", "texts", "first"), WHERE_THEY_BEGIN)
def test_where_citations_begin(heading: str, texts: list[str], first: int) -> None:
    assert first_citation(heading, texts) == first


def test_citations_at_the_end_of_a_section_are_a_section_of_credits(tmp_path: Path) -> None:
    listed = "\n".join(f"- {citation}" for citation in CITATIONS)
    path = tmp_path / "sleep.md"
    path.write_text(f"# Sleep\n\n## Naps\n\nA nap a day is fine.\n\n{listed}\n\n## Noise\n\nEarplugs help.\n")
    article = read_article(path)
    assert [(section.path, section.role, len(section.blocks)) for section in article.sections] == [
        (("Naps",), "body", 1), (("Naps", "References"), "credit", 4), (("Noise",), "body", 1),
    ]  # fmt: skip
    assert "has references, navigation or licences, which answer only who wrote it: “References”." in article.notes


def test_a_chapter_on_conflicts_of_interest_is_none_and_a_statement_of_them_is() -> None:
    assert not is_references("Conflict of interest")
    assert is_references("Conflicts of interest statement")
    assert is_references("Declaration of interests")
