"""HTML that is tidied: what becomes of tables, definitions, captions and lines of bold type."""

import pytest
from lxml import html

from guide.articles.formats.tidy import tidy, tree_of
from guide.errors import ArticleError

CASES = [
    (
        "<table><tr><th>Day</th><th>To</th></tr><tr><td rowspan=2>Mon</td><td>5</td></tr><tr><td>6</td></tr></table>",
        "<table><tr><th>Day</th><th>To</th></tr><tr><td>Mon</td><td>5</td></tr><tr><td>Mon</td><td>6</td></tr></table>",
        "a cell over two rows stands in both",
    ),
    (
        "<table><tr><td colspan=2>Days</td></tr><tr><td>Monday</td><td>17</td></tr></table>",
        "<table><tr><th></th><th></th></tr><tr><td>Days</td><td>Days</td></tr><tr><td>Monday</td><td>17</td></tr>"
        "</table>",
        "a cell over two columns stands in both, and names neither",
    ),
    (
        "<table><tr><th>Day</th></tr><tr><td>Monday</td><td><p>17</p><p>sharp</p></td></tr></table>",
        "<table><tr><th>Day</th><th></th></tr><tr><td>Monday</td><td>17 sharp</td></tr></table>",
        "rows are as long as the longest, and paragraphs of a cell stay apart",
    ),
    (
        "<table><tr><th>Tea</th><th>Of</th></tr><tr><td>H<sub>2</sub>O<br>is "
        "<b>un</b>known<ul><li>here</li><li>there</li>"
        "</ul></td><td>5</td></tr></table>",
        "<table><tr><th>Tea</th><th>Of</th></tr><tr><td>H2O is unknown here there</td><td>5</td></tr></table>",
        "only blocks divide words",
    ),
    (
        "<table><caption>Days</caption><tr><th>Day</th><th>To</th></tr><tr><td>Monday</td><td>5</td></tr></table>",
        "<p>Days</p><table><tr><th>Day</th><th>To</th></tr><tr><td>Monday</td><td>5</td></tr></table>",
        "a caption stands above",
    ),
    (
        "<table><tr><td><h2>Tea</h2><p>Mild.</p><table><tr><td>Kind</td></tr></table></td></tr></table>",
        "<div><div><div><h2>Tea</h2><p>Mild.</p><div><div><p>Kind</p></div></div></div></div></div>",
        "a table around another places things on a page",
    ),
    (
        "<table><tr><td rowspan='x' colspan='-1'>Tea</td><td>Milk</td></tr><tr><td>5</td><td>6</td></tr></table>",
        "<table><tr><th>Tea</th><th>Milk</th></tr><tr><td>5</td><td>6</td></tr></table>",
        "spans that are no numbers",
    ),
    ("<table></table><p>Tea.</p>", "<div></div><p>Tea.</p>", "a table of nothing"),
    (
        "<dl><dt>Soft</dt><dd>It moves.</dd><dt>Hard</dt><dd><p>It stays.</p></dd></dl>",
        "<ul><li>Soft: It moves.</li><li>Hard: <p>It stays.</p></li></ul>",
        "a term and its definition are one item",
    ),
    ("<dl><dd>It moves.</dd><dt>Hard</dt></dl>", "<ul><li>It moves.</li><li>Hard</li></ul>", "halves of definitions"),
    ("<h2>Tea <a href='#tea'>¶</a></h2>", "<h2>Tea </h2>", "a heading's link to itself"),
    (
        "<p><b>Green tea</b></p><p>Mild.</p>",
        "<h6><b>Green tea</b></h6><p>Mild.</p>",
        "a line of bold type is a heading",
    ),
    ("<p><b>Green</b> <b>tea</b></p><p>Mild.</p>", "<h6><b>Green</b> <b>tea</b></h6><p>Mild.</p>", "in two parts"),
    ("<p><b>Drink tea.</b></p><p>Mild.</p>", "<p><b>Drink tea.</b></p><p>Mild.</p>", "unless it is a sentence"),
    ("<p><b>Green</b> tea</p><p>Mild.</p>", "<p><b>Green</b> tea</p><p>Mild.</p>", "or not all of it is bold"),
    ("<p>Mild.</p><p><b>The end</b></p>", "<p>Mild.</p><p><b>The end</b></p>", "or nothing is below it"),
    ("<p>Tea.<!-- not mild --></p><script>no()</script>", "<p>Tea.</p>", "comments and scripts are left out"),
]


@pytest.mark.parametrize(("before", "after"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_tidied(before: str, after: str) -> None:
    tree = tree_of(f"<html><body>{before}</body></html>")
    tidy(tree)
    assert html.tostring(tree, encoding="unicode") == f"<html><body>{after}</body></html>"
    tidy(tree)
    assert html.tostring(tree, encoding="unicode") == f"<html><body>{after}</body></html>"


def test_a_table_of_millions_of_cells_is_refused() -> None:
    rows = "<tr>" + "<td rowspan=9999 colspan=9999>tea</td>" * 9 + "</tr>"
    with pytest.raises(ArticleError, match="has a table of more than 100,000 cells; split it"):
        tidy(tree_of(f"<table>{rows * 100}</table>"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A cube of 5<sup>3</sup> boxes.", "A cube of 5³ boxes."),
        ("A day of 20<sup>3</sup> steps.<p>A night<sup>1</sup>.</p>", "A day of 20 steps.A night."),
        ("As in 2019<sup>3</sup> already.", "As in 2019 already."),
        ("A day of 20<sup><a href='#n3'>3</a></sup> steps.", "A day of 20 steps."),
    ],
)
def test_a_raised_number_after_a_number_is_a_power_where_no_notes_are_counted(before: str, after: str) -> None:
    tree = tree_of(f"<body><p>{before}</p></body>")
    tidy(tree)
    assert tree.text_content() == after
