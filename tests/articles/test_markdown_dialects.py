"""Markdown as today's programs write it → article: the marks are gone, the words stay, and what is lost is said."""

import pytest
from article_laws import obeys_the_laws, outline

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.records import Article
from guide.text.normalise import normalise


def parsed(text: str) -> Article:
    article = assemble(parse_markdown(normalise(text)), article_id="tea", source="tea.md")
    obeys_the_laws(article)
    return article


CASES = [
    (
        "what is crossed out isn't quoted, nor is it lost without a word",
        "# Tea\n\nMeet at ~~five~~ six, not <del>there</del> here. Take ~5 or ~6 cups.\n",
        ["body: Tea", "  Meet at six, not here. Take ~5 or ~6 cups."],
        ["has text that is crossed out; it is left out (2 times)."],
    ),
    (
        "boxes to tick",
        "# Tea\n\n- [ ] Boil\n- [x] Pour\n- [z] is no box\n",
        ["body: Tea", "  • Boil", "  • Pour", "  • [z] is no box"],
        ["has boxes that are ticked; their ticks are left out (1 time)."],
    ),
    (
        "call-outs of GitHub and Obsidian, with and without a title",
        "# Tea\n\n> [!WARNING]\n> It is hot.\n\n> [!tip]- For *beginners*\n> Wait.\n",
        ["body: Tea", "  It is hot.", "  For beginners", "  Wait."],
        [],
    ),
    (
        "call-outs of Docusaurus and MkDocs",
        "# Tea\n\n:::note Mind *this*\nIt is hot.\n:::\n\n"
        '!!! warning "The pot"\n    It is hotter.\n\n!!! note\n    Wait.\n',
        ["body: Tea", "  Mind this", "  It is hot.", "  The pot", "  It is hotter.", "  Wait."],
        [],
    ),
    (
        "links of a wiki, and files that it embeds",
        "# Tea\n\nSee [[Pots|the pots]], [[Cups]] and [[#How to pour]]. ![[pot.png]]\n",
        ["body: Tea", "  See the pots, Cups and How to pour."],
        ["embeds other files, which aren't read (1 time)."],
    ),
    (
        "short codes: those around words and between paragraphs go, one in a sentence leaves a gap that is seen",
        "# Tea\n\n{{< video 1 >}}\n\nCall {{< phone >}} now, or {{ site.mail }}.\n\n"
        "{% include pot.html %}\n\n{{% note %}}Hot{{% /note %}} and {{< b >}}strong{{< /b >}}.\n\n"
        "`{{ code }}` stays.\n",
        ["body: Tea", "  Call […] now, or […].", "  Hot and strong.", "  {{ code }} stays."],
        ["has short codes or variables of another program; nothing is known of what they show (8 times)."],
    ),
    (
        "attributes of headings, links and blocks, but no other braces",
        '# Tea {#tea .big}\n\n## Pots {: #pots}\n\n[Round](x){:target="_blank"} {.red} ones; a set {a, b}, ${x}.\n',
        ["body: Pots", "  Round ones; a set {a, b}, ${x}."],
        [],
    ),
    (
        "definitions: each has its term, also the second one, and terms may share one",
        "# Tea\n\nGreen\n: Mild.\n: Pale.\n\nBlack\n\nRed\n: Strong.\n",
        ["body: Tea", "  • Green: Mild.", "  • Green: Pale.", "  Black", "  • Red: Strong."],
        [],
    ),
    (
        "footnotes stand by themselves, and their marks nowhere",
        "# Tea\n\nIt calms.[^1] It wakes.[^b] It cools.[^gone]\n\n"
        "[^1]: Survey of 2019.\n[^b]: Said *so*.\n\nIt is old.\n",
        [
            "body: Tea",
            "  It calms. It wakes. It cools.",
            "  It is old.",
            "credit: Notes",
            "  Survey of 2019.",
            "  Said so.",
        ],
        [
            "has marks of footnotes that stand nowhere; they are left out (1 time).",
            "has references, navigation or licences, which answer only who wrote it: “Notes”.",
        ],
    ),
    (
        "raised numbers are never glued to others",
        "# Tea\n\nIn 2019<sup>3</sup> we drank 10<sup>6</sup> cups on 9 m<sup>2</sup>, daily<sup>[4]</sup>, "
        "on the 4<sup>th</sup>, H<sub>2</sub>O.\n",
        ["body: Tea", "  In 2019 we drank 10⁶ cups on 9 m², daily, on the 4th, H2O."],
        ["has raised numbers after numbers, which are left out as marks of footnotes (1 time)."],
    ),
    (
        "formulas are called so, prices are none",
        "# Tea\n\nThe share is $\\frac{1}{2}$ of all. It costs $5 or $6_0.\n\n$$\na = b\n$$\n",
        ["body: Tea", "  The share is [formula] of all. It costs $5 or $6_0.", "  [formula]"],
        ["has formulas, which stand as “[formula]” (2 times)."],
    ),
    (
        "comments, highlights, imports and the place of the contents",
        "# Tea\n\nimport Pot from '@site/pot';\n\n[TOC]\n\nIt is ==very== hot%%not so%%; a == b.\n\n"
        "%%\nlonger\n\n%%\n\nimport of tea\n",
        ["body: Tea", "  It is very hot; a == b.", "  import of tea"],
        [],
    ),
    (
        "lines and lists of links that lead around, and badges, are no text; links to help are",
        "[![Build](b.svg)](b)\n\n# Tea\n\n- [Pots](#pots)\n- [Cups](#cups)\n\n## Where to find help\n\n"
        "- [The tea line](https://x.org)\n\n[Home](/)\n\n[Back to top](#tea)\n",
        ["body: Where to find help", "  • The tea line"],
        [],
    ),
    (
        "folds: the question is a heading below that of its section, which goes on after the answer",
        "# Tea\n\n## Questions\n\n<details>\n<summary>Is it <b>hot</b>?</summary>\n\nIt *is*.\n\n</details>\n\n"
        "<details><summary>Is it old?</summary><p>Very.</p></details>\n\nAsk more.\n\n## Pots\n\nRound.\n",
        [
            "body: Questions › Is it hot?",
            "  It is.",
            "body: Questions › Is it old?",
            "  Very.",
            "body: Questions",
            "  Ask more.",
            "body: Pots",
            "  Round.",
        ],
        [],
    ),
    (
        "HTML among Markdown: headings, lists and tables are what they are",
        "<h1 align=center>Tea</h1>\n\n<h2>Pots</h2>\n<ul>\n<li>Round</li>\n<li>Square</li>\n</ul>\n\n"
        "<table>\n<tr><th>Kind</th><th>Time</th></tr>\n\n<tr><td>Green</td><td>2 minutes</td></tr>\n</table>\n\n"
        "<!-- not\n\nthis -->\n\nBut this.\n",
        ["body: Pots", "  • Round", "  • Square", "  | Kind: Green | Time: 2 minutes", "  But this."],
        [],
    ),
]


@pytest.mark.parametrize(("text", "lines", "notes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_dialects(text: str, lines: list[str], notes: list[str]) -> None:
    article = parsed(text)
    assert outline(article) == lines
    assert list(article.notes) == notes


BOLD = [
    (
        "lines of bold type are headings where there are no others",
        "# Tea\n\n**Pots**\n\nRound.\n\n**What you need:**\n\n- Leaves\n\n**Is it old?**\nVery.\n\n"
        "**It is hot.**\n\n**End**\n",
        [
            "body: Pots",
            "  Round.",
            "body: What you need:",
            "  • Leaves",
            "body: Is it old?",
            "  Very.",
            "  It is hot.",
            "  End",
        ],
    ),
    (
        "they are none where there are others, and a line that is bold in part is none",
        "# Tea\n\n## Kinds\n\n**Pots**\n\nRound.\n",
        ["body: Kinds", "  Pots", "  Round."],
    ),
    (
        "a line that is bold in part is none",
        "# Tea\n\n**Pots** are round\n\nVery.\n",
        ["body: Tea", "  Pots are round", "  Very."],
    ),
    (
        "bold lines below each other are a list of words",
        "# Tea\n\n**Pots**\n\n**Cups**\n\nBoth.\n",
        ["body: Tea", "  Pots", "body: Cups", "  Both."],
    ),
]


@pytest.mark.parametrize(("text", "lines"), [case[1:] for case in BOLD], ids=[case[0] for case in BOLD])
def test_bold_lines(text: str, lines: list[str]) -> None:
    assert outline(parsed(text)) == lines


TABLES = [
    ("| A | B |\n|---|---|\n", ["  • A | B"], "of names alone"),
    ("| | |\n|---|---|\n| Fire | 112 |\n", ["  • Fire | 112"], "without names"),
    ("| Police | 110 |\n|---|---|\n| Fire | 112 |\n", ["  • Police | 110", "  • Fire | 112"], "of numbers all through"),
    ("| Ann | ann@x.org |\n|---|---|\n| Bo | |\n", ["  • Ann | ann@x.org", "  • Bo"], "whose first row has an address"),
    (
        "| Tea line | 0800 111 222 |\n|---|---|\n| Bo | – |\n",
        ["  • Tea line | 0800 111 222", "  • Bo | –"],
        "of a number",
    ),
    ("| Kind | 2019 |\n|---|---|\n| Green | 40 |\n", ["  | Kind: Green | 2019: 40"], "whose names are years"),
]


@pytest.mark.parametrize(("table", "lines"), [case[:2] for case in TABLES], ids=[case[2] for case in TABLES])
def test_the_first_row_names_columns_only_if_it_reads_like_names(table: str, lines: list[str]) -> None:
    before = "| X | Y |\n|---|---|\n| 1 | 2 |\n\nAnd:\n\n"
    assert outline(parsed(f"# Tea\n\n{before}{table}"))[3:] == lines


def test_what_was_made_of_other_formats_is_taken_as_plain_markdown() -> None:
    text = "# Tea\n\n**Pots**\n\n{{ round }} ones\n: all\n"
    article = assemble(parse_markdown(text, as_written=False), article_id="tea")
    assert outline(article) == ["body: Tea", "  Pots", "  {{ round }} ones : all"]


def test_without_the_library_for_html_its_words_are_kept_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "guide.articles.formats.fragment", None)
    article = parsed("# Tea\n\n<ul><li>Green</li><li>Black</li></ul>\n")
    assert outline(article) == ["body: Tea", "  Green Black"]
    assert "pip install 'quoted-guide[formats]'" in article.notes[0]


INTRODUCTIONS = [
    ("# Tea\n\n## Pots\n\nRound.\n", ["body: Tea", "  All about tea.", "body: Pots", "  Round."]),
    ("# Tea\n\nMild.\n\n## Pots\n\nRound.\n", ["body: Tea", "  Mild.", "body: Pots", "  Round."]),
    ("# Tea\n\n## Pots\n\nAll about tea. Round.\n", ["body: Pots", "  All about tea. Round."]),
]


@pytest.mark.parametrize(("text", "lines"), INTRODUCTIONS)
def test_the_description_introduces_an_article_that_has_no_introduction(text: str, lines: list[str]) -> None:
    assert outline(parsed(f"---\ndescription: All about tea.\n---\n{text}")) == lines


TITLES = [
    ("---\ntitle: Abstract\n---\n# Quiet tea\n\nMild.\n", "Quiet tea"),
    ("---\ntitle: Quiet tea\n---\n# Abstract\n\nMild.\n", "Quiet tea"),
    ("---\ntitle: Abstract art\n---\n# Tea\n\nMild.\n", "Abstract art"),
    ("## Pots\n\nRound.\n\n# Cups\n\nFlat.\n", "tea.md"),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_a_title_names_the_article(text: str, title: str) -> None:
    assert parsed(text).title == title
