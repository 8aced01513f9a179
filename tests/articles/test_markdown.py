"""Markdown → article, and what its front matter may say."""

import re
from pathlib import Path

import pytest
from article_laws import outline

from guide.articles.assemble import article_ids, assemble
from guide.articles.markdown import parse_markdown
from guide.articles.read import read_article
from guide.errors import ArticleError
from guide.records import Article
from guide.text.normalise import normalise


def parsed(text: str) -> Article:
    return assemble(parse_markdown(normalise(text)), article_id="tea", source="tea.md")


CASES = [
    (
        "marks, links and HTML are left out, their words aren't",
        """# Tea *and* [time](https://example.org/a_b "both")

Some `code`, **bold _and slanted_** words, <b>HTML</b>,
a second line<br>and a third &amp; last \\*star\\*.
""",
        ["body: Tea and time", "  Some code, bold and slanted words, HTML, a second line and a third & last *star*."],
    ),
    (
        "lists in lists: each item is one by itself, and so are the words around an inner list",
        """# Tea

- Green
  - Sencha
  - Matcha

  Both are from Japan.
- Black

  Of two paragraphs.

1. Boil
2. Pour
""",
        [
            "body: Tea",
            "  • Green",
            "  • Sencha",
            "  • Matcha",
            "  • Both are from Japan.",
            "  • Black Of two paragraphs.",
            "  • 1. Boil",
            "  • 2. Pour",
        ],
    ),
    (
        "code belongs to the list item it stands in",
        "# Tea\n\n- Type this:\n\n  ```sh\n  brew   tea\n  ```\n- Wait\n\n```\nalone\n```\n",
        ["body: Tea", "  • Type this: brew tea", "  • Wait", "  alone"],
    ),
    (
        "a table: cells without marks, a missing cell is empty, an empty row is nothing",
        """# Tea

| Kind | Time |
|:-----|-----:|
| **Green** | 2<br>minutes |
| | |
| Black |
""",
        ["body: Tea", "  | Kind: Green | Time: 2 minutes", "  | Kind: Black | Time: "],
    ),
    (
        "two tables each have their own columns",
        "# Tea\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nAnd:\n\n| C | D |\n|---|---|\n| 3 | 4 |\n",
        ["body: Tea", "  | A: 1 | B: 2", "  And:", "  | C: 3 | D: 4"],
    ),
    (
        "blocks of HTML are read as text; comments, scripts and styles hold none",
        """# Tea

<div align="center"><p>Less than &lt;3 cups</p></div>

<!-- not
this -->

<script>
var tea = 1;
</script>

<style>p { color: red }</style>

But this.
""",
        ["body: Tea", "  Less than <3 cups", "  But this."],
    ),
    (
        "quotations, pictures' descriptions and rules",
        "# Tea\n\n> Wait\n> for it.\n\n![A pot on a stove](pot.png)\n\n***\n\nPour.\n",
        ["body: Tea", "  Wait for it.", "  A pot on a stove", "  Pour."],
    ),
    (
        "headings of all kinds and levels, also when one is left out; the first of the first level is the title",
        "# Tea\n\nKinds\n-----\n\nTwo.\n\n#### Green ####\n\nMild.\n\n### Black\n\nStrong.\n\n# Coffee\n\nNo.\n",
        [
            "body: Kinds",
            "  Two.",
            "body: Kinds › Green",
            "  Mild.",
            "body: Kinds › Black",
            "  Strong.",
            "body: Coffee",
            "  No.",
        ],
    ),
    (
        "what sections are for, as their headings say",
        """# Tea

## How to brew it

Slowly.

### With a bag

Quickly.

## When should you see a doctor?

Now.

## Frequently asked questions

### Is it old?

Very.

### How can I keep it fresh?

Dry.

## When help came

Late.

## About this article

By hand.
""",
        [
            "advice: How to brew it",
            "  Slowly.",
            "advice: How to brew it › With a bag",
            "  Quickly.",
            "help: When should you see a doctor?",
            "  Now.",
            "faq: Frequently asked questions › Is it old?",
            "  Very.",
            "advice: Frequently asked questions › How can I keep it fresh?",
            "  Dry.",
            "body: When help came",
            "  Late.",
            "credit: About this article",
            "  By hand.",
        ],
    ),
    (
        "without a heading the file's name is the title",
        "Only a paragraph.\n",
        ["body: tea.md", "  Only a paragraph."],
    ),
    (
        "a rule at the top is no front matter",
        "---\n\n# Tea\n\nOnly a paragraph.\n",
        ["body: Tea", "  Only a paragraph."],
    ),
    (
        "the steps of a list keep their numbers over paragraphs and inner lists",
        "# Tea\n\n1. Boil\n\n   the water\n\n   - quietly\n\n   so to say\n2. Warm\n   1. the pot\n   1. a cup\n\n"
        "Wait.\n\n3. Pour\n\n- - 5. Drink\n  - 6. Rinse\n",
        [
            "body: Tea",
            "  • 1. Boil the water",
            "  • quietly",
            "  • so to say",
            "  • 2. Warm",
            "  • 1. the pot",
            "  • 2. a cup",
            "  Wait.",
            "  • 3. Pour",
            "  • 5. Drink",
            "  • 6. Rinse",
        ],
    ),
    (
        "Windows line ends",
        "---\r\ntitle: Tea\r\n---\r\n\r\nOne line,\r\nanother.\r\n",
        ["body: Tea", "  One line, another."],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [(text, lines) for _, text, lines in CASES], ids=[why for why, _, _ in CASES]
)
def test_markdown(text: str, expected: list[str]) -> None:
    assert outline(parsed(text)) == expected


def test_front_matter_says_what_the_article_is() -> None:
    article = parsed("""---
title: "Tea: a beginning"
based_on: Tea, an essay
source_author: Jane Doe
publication: The Kettle
language: en
licence: CC BY 4.0
help_section: The doctor
advice_sections: [Brewing]
questions:
  Brewing:
    - How long?
    - How hot?
---
# Another title

## Brewing

Slowly.

## How to pour

From above.

## The doctor

Now and then.

## When to ask for help

Always.
""")
    assert (article.title, article.author, article.source) == ("Tea: a beginning", "Jane Doe", "Tea, an essay")
    assert outline(article) == [
        "advice: Brewing",
        "  Slowly.",
        "body: How to pour",
        "  From above.",
        "help: The doctor",
        "  Now and then.",
        "body: When to ask for help",
        "  Always.",
    ]
    assert [section.questions for section in article.sections] == [("How long?", "How hot?"), (), (), ()]


FRONT_MATTER_FAULTS = [
    (
        "help_section: Doctor",
        "names a section 'Doctor', which the article doesn't have; its sections are Brewing",
        "help",
    ),
    ("advice_sections: [Pots]", "names a section 'Pots', which the article doesn't have", "advice"),
    ("questions: {Pots: [How round]}", "names a section 'Pots', which the article doesn't have", "questions"),
]


@pytest.mark.parametrize(
    ("front", "says"),
    [(front, says) for front, says, _ in FRONT_MATTER_FAULTS],
    ids=[why for _, _, why in FRONT_MATTER_FAULTS],
)
def test_a_section_that_isnt_there_is_named_with_the_file(front: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.write_text(f"---\n{front}\n---\n\n# Tea\n\n## Brewing\n\nSlowly.\n", encoding="utf-8")
    with pytest.raises(ArticleError) as caught:
        read_article(path)
    assert str(caught.value).startswith(f"{path}: The front matter")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("front", ["", "\n", "# only a comment\n"])
def test_front_matter_may_be_empty(front: str) -> None:
    assert outline(parsed(f"---\n{front}---\n\n# Tea\n\nWords.\n")) == ["body: Tea", "  Words."]


def test_the_article_that_guide_comes_with() -> None:
    article = read_article(Path(__file__).parents[2] / "corpus" / "emotional-detachment.md")
    roles = [section.role for section in article.sections]
    assert {role: roles.count(role) for role in roles} == {"advice": 11, "body": 8, "help": 1, "faq": 4, "credit": 1}
    assert article.author == "Sneha Tete"
    kinds = [block.kind for section in article.sections for block in section.blocks]
    assert {kind: kinds.count(kind) for kind in kinds} == {"paragraph": 26, "item": 56, "row": 4}


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


UNREADABLE = [
    ("tea.md", b"", "is empty; an article needs at least a title and a paragraph."),
    ("tea.txt", b" \n\xef\xbb\xbf\n", "is empty"),
    ("tea.md", b"# Tea\x00", "is a binary file"),
    ("tea.txt", b"\xff\xfeT\x00\x00\xd8", "isn't in UTF-16, as it begins (byte 4 is 0x00); save it as UTF-8."),
    ("tea.md", b"# Tea\n\n## Kinds\n\n## Pots\n", "holds no passage, only headings"),
    ("tea.txt", b"Tea\n\nThe Kinds\n\nThe Pots\n", "holds no passage, only headings"),
    ("tea.odt", b"Tea", "is of the kind '.odt'; Guide reads .md, .markdown, .txt, .html"),
    ("tea", b"Tea", "is of the kind '(no suffix)'"),
]


@pytest.mark.parametrize(("name", "content", "says"), UNREADABLE, ids=[says.split(";")[0] for _, _, says in UNREADABLE])
def test_a_file_that_is_no_article(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ArticleError) as caught:
        read_article(path)
    assert str(caught.value).startswith(f"{path} ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.articles.read.MAX_ARTICLE_BYTES", 1_000)
    path = tmp_path / "tea.txt"
    path.write_bytes(b"a" * 1_001)
    with pytest.raises(ArticleError, match=r"has 1,001 bytes; an article may have 1,000"):
        read_article(path)


@pytest.mark.parametrize("name", ["absent.md", "absent", "absent/tea.txt"])
def test_a_file_that_is_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"There is no .*absent.*; name an article that exists"):
        read_article(tmp_path / name)


@pytest.mark.parametrize(
    ("path", "says"),
    [("a" * 300 + ".md", "File name too long"), ("folder.md", "Is a directory"), ("tea.md/x.md", "Not a")],
)
def test_what_is_no_file(path: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "tea.md").write_text("# Tea\n\nWords.\n")
    with pytest.raises(ArticleError, match=rf"can't be read \({says}"):
        read_article(tmp_path / path)


@pytest.mark.parametrize(
    ("name", "article_id"), [("Tea & Time (2).MD", "tea-time-2"), ("茶.markdown", "茶"), ("__.txt", "article")]
)
def test_the_id_is_the_file_name(name: str, article_id: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("# Tea\n\nWords.\n")
    assert read_article(path).id == article_id


DIFFERENT = [("a.b.md", "a-b.md"), ("🌱.md", "🌳.md"), ("tea+.md", "tea++.md", "tea.md"), ("C++.txt", "C#.md")]


@pytest.mark.parametrize("names", DIFFERENT)
def test_names_that_differ_in_signs_are_different_articles(names: tuple[str, ...]) -> None:
    paths = [Path(name) for name in names]
    ids = article_ids(paths)
    assert len(set(ids.values())) == len(names)
    assert article_ids(paths[::-1]) == ids
    assert all(re.fullmatch(r"[\w-]+", one) for one in ids.values())


def test_a_plain_name_keeps_its_plain_id() -> None:
    assert article_ids([Path("a.b.md"), Path("a-b.md")])[Path("a-b.md")] == "a-b"
    assert article_ids([Path("a.b.md")]) == {Path("a.b.md"): "a-b"}
    assert set(article_ids([Path("tea.md"), Path("Tea.pdf")]).values()) == {"tea"}
