"""What looks wrong with articles: each sign where it belongs, and nothing where all is well."""

from pathlib import Path

import pytest

from guide.articles.assemble import assemble
from guide.articles.inspect import Notice, inspect
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.articles.read import read_article
from guide.records import Entry
from guide.text.normalise import normalise

ROOT = Path(__file__).parents[2]
HELP = "\n\n## When to seek professional help\n\nWhen it lasts.\n"


def entry(markdown: str, article_id: str = "tea") -> Entry:
    article = assemble(parse_markdown(normalise(markdown)), article_id=article_id)
    return article, split(article)


def sentences(number: int, words: int = 10) -> str:
    """So many sentences, each different."""
    return " ".join(f"Word{n} " + "word " * (words - 2) + "end." for n in range(number))


SIGNS = [
    ("# Tea\n\n## Kinds\n\nIt is mild." + HELP, [], "a small article without fault"),
    ("# Tea\n\n## Kinds\n\nIt is mild.\n", ["help"], "nothing on help"),
    (f"# Tea\n\n## Kinds\n\n{sentences(24)}" + HELP, [], "a long paragraph, but not giant"),
    (f"# Tea\n\n## Kinds\n\n{sentences(25)}" + HELP, ["giant paragraph"], "250 words in one paragraph"),
    (f"# Tea\n\n## Kinds\n\n{sentences(25)}\n\n- one" + HELP, [], "a long paragraph and a list"),
    (f"# When to seek help\n\n{sentences(29)}\n\nEnd.", ["help"], "300 words without a heading"),
    (f"# Tea\n\n{sentences(29)}\n\n{sentences(1)}\n", ["headings", "help", "duplicate"], "a little more"),
    (
        "# Tea\n\n## Kinds\n\nGreen tea\n\nIt is mild.\n\n**Black tea**\n\nIt is strong." + HELP,
        ["headings"],
        "bold lines",
    ),
    ("# Tea\n\n## Kinds\n\nGreen tea\n\nIt is mild.\n\nBlack tea" + HELP, [], "one short line, and one at the end"),
    (f"# Tea\n\n## Kinds\n\n{sentences(1, 121)}" + HELP, ["long sentence"], "a sentence of 121 words"),
    (
        "# Tea\n\n## Kinds\n\n| Kind ||||||\n|---|---|---|---|---|---|\n| Green tea ||||||\n| is mild |||| hot ||"
        + HELP,
        ["reading"],
        "a wide table of empty cells",
    ),
    (
        "# Tea\n\n## Kinds\n\n| Kind | a | b | c | d | e |\n|---|---|---|---|---|---|\n| Green | 1 | 2 | 3 | | |"
        + HELP,
        [],
        "a wide table with some empty cells",
    ),
    ("# Tea\n\n## Kinds\n\nA cup of cafÃ©." + HELP, ["characters"], "UTF-8 read as Latin-1"),
    ("# Tea\n\n## Kinds\n\nA cup of caf\ufffd." + HELP, ["characters"], "a character that was lost"),
    (
        "---\nlayout: post\n---\n# Tea\n\n## Kinds\n\nIt is ~~mild~~ hot." + HELP,
        ["reading", "reading"],
        "the reader's notes",
    ),
    (f"# Tea\n\n## Kinds\n\n{sentences(1)}\n\n## More\n\n{sentences(1)}" + HELP, ["duplicate"], "a sentence twice"),
    ("# Tea\n\n## Kinds\n\nIt is mild.\n\n## More\n\nIt is mild." + HELP, [], "a short sentence twice"),
]


@pytest.mark.parametrize(("markdown", "signs"), [row[:2] for row in SIGNS], ids=[row[2] for row in SIGNS])
def test_what_looks_wrong_with_an_article(markdown: str, signs: list[str]) -> None:
    assert [notice.sign for notice in inspect([entry(markdown)])] == signs


def test_a_notice_reads_as_a_sentence() -> None:
    (notice,) = inspect([entry(f"# Tea\n\n## Kinds\n\n{sentences(25)}" + HELP)])
    assert notice == Notice("tea", "giant paragraph", "has one paragraph of 250 words below “Kinds”; divide it.")


def test_what_articles_share_is_told_with_the_article_where_it_stood_first() -> None:
    first = entry(f"# Tea\n\n## Kinds\n\n{sentences(3)}" + HELP, "tea")
    second = entry(
        f"# Coffee\n\n## Kinds\n\n{sentences(2)} It is another drink, and has a colour of its own." + HELP, "coffee"
    )
    (notice,) = inspect([first, second])
    assert (notice.article, notice.sign) == ("coffee", "duplicate")
    assert notice.text.startswith("shares 2 of its 3 sentences with tea, such as “Word0 word")


def test_articles_of_one_title() -> None:
    (notice,) = inspect([entry("# Tea\n\nIt is mild." + HELP), entry("# TEA\n\nIt is strong." + HELP, "tea-2")])
    assert notice == Notice("tea-2", "title", "has the same title as tea, “TEA”.")


def test_nothing_looks_wrong_with_the_article_that_guide_comes_with() -> None:
    article = read_article(ROOT / "corpus" / "emotional-detachment.md")
    assert list(inspect([(article, split(article))])) == []
