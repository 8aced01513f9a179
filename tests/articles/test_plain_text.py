"""Plain text, as pasted from a web page → article: a page read whole, then what is easily mistaken for more."""

from pathlib import Path

import pytest
from article_laws import outline

from guide.articles.assemble import assemble
from guide.articles.plain_text import parse_text
from guide.articles.read import read_article
from guide.records import Article
from guide.text.normalise import normalise

DATA = Path(__file__).parents[1] / "data"

TITLE = "Sleeping Badly: Reasons, Signs, And Gentle Remedies"
STEPS = "How to Sleep Better: Small Steps"
FAQ = "Frequently Asked Questions (FAQs)"

SLEEPING_BADLY = [
    f"body: {TITLE}",
    "  A calm evening and steady hours can bring rest back.",
    "credit: About the author",
    "  By Jane Doe, BSc Nutrition, Trained Sleep Coach",
    "body: Sleeping Badly: A Short Guide to Restless Nights",
    "  Nearly everybody lies awake now and then. When it happens night after night, mood, work and family life suffer—"
    "and the worry about sleep becomes a reason of its own.",
    "body: What Is Bad Sleep?",
    "  Bad sleep is more than too few hours. It may also be sleep that is broken, shallow or out of step with the day. "
    "It shows itself as:",
    "  • Lying awake for a long while before sleep comes",
    "  • Waking at night, and being unable to drift off again",
    "  • Getting up tired, even after enough hours in bed",
    "  Some people never notice how badly they sleep. Others can think of nothing else.",
    "body: Tired vs. Sleepy: Two Different Things",
    "  A tired person wants to stop; a sleepy one nods off. Is it possible to be one without the other? It is, and Dr. "
    "Smith would say “Listen to your eyelids.” Both pass with rest.",
    "body: Table: Light Sleep vs. Deep Sleep",
    "  | Light Sleep: Easily broken by a noise in the street | Deep Sleep: Hardly disturbed by a passing train",
    "  | Light Sleep: What the McKay sisters call dozing | Deep Sleep: What they call being out cold",
    "  | Light Sleep: Leaves the body only half rested | Deep Sleep: Lets muscles and memory recover",
    "body: Common Reasons Behind Sleepless Nights",
    "  • Late screens: bright light tells the body that it is still day.",
    "  • High-strung evenings: quarrels and work after dinner keep the heart racing.",
    "  • Caffeine: a cup in the afternoon can still be at work at midnight.",
    f"advice: {STEPS}",
    "  Nothing here works overnight, but habits add up.",
    f"advice: {STEPS} › 1. Keep Steady Hours",
    "  • Get up at the same time on every day of the week",
    "  • Leave the bed if sleep won’t come",
    f"advice: {STEPS} › 2. Dim the Evening",
    "  • Turn the lights down an hour before bed",
    "  • Tell yourself, “The day is done”",
    "help: When Should You Ask a Doctor for Help?",
    "  Make an appointment if:",
    "  • You have slept badly for more than a month",
    "  • You feel hopeless or can’t get through the day",
    f"faq: {FAQ} › Is one bad night harmful?",
    "  Hardly. The next night usually makes up for it.",
    f"advice: {FAQ} › How can I help a child who won’t sleep?",
    "  Keep the evening the same each day, and stay calm.",
    "body: Conclusion",
    "  Sleep can’t be forced, only invited. Be patient with yourself.",
    "credit: About the author",
    "  Jane Doe",
    "  Jane Doe, Health & Kitchen Writer",
    "  Jane writes about food, rest and the long evenings of family life, and has trained as a coach for people who "
    "sleep badly.",
]


def parsed(text: str) -> Article:
    return assemble(parse_text(normalise(text)), article_id="tea", source="tea.txt")


def test_a_pasted_page_is_read_whole() -> None:
    article = read_article(DATA / "sleeping-badly.txt")
    assert (article.id, article.title, article.author) == ("sleeping-badly", TITLE, "Jane Doe")
    assert (article.source, article.language) == ("sleeping-badly.txt", "en")
    assert outline(article) == SLEEPING_BADLY


def test_what_belongs_to_the_page_is_kept_in_the_text_and_quoted_nowhere() -> None:
    article = read_article(DATA / "sleeping-badly.txt")
    assert article.text.startswith(f"{TITLE}\n\nA calm evening")
    for furniture in ("Created on", "Read full bio of Jane Doe"):
        assert f"\n{furniture}\n" in article.text
        assert not any(furniture in line for line in outline(article))


CASES = [
    (
        "hard-wrapped lines are one paragraph",
        """Tea

Brewing a pot of tea in the morning is a habit that needs
no skill, hardly any time and only two things, which most
kitchens have.
""",
        [
            "body: Tea",
            "  Brewing a pot of tea in the morning is a habit that needs no skill, hardly any time and only two things,"
            " which most kitchens have.",
        ],
    ),
    (
        "a heading right above a hard-wrapped paragraph isn't wrapped into it",
        """Tea

Why People Drink It
Brewing a pot of tea in the morning is a habit that needs
no skill, hardly any time and only two things.
""",
        [
            "body: Why People Drink It",
            "  Brewing a pot of tea in the morning is a habit that needs no skill, hardly any time and only two "
            "things.",
        ],
    ),
    (
        "lines of very different lengths weren't wrapped",
        "Tea\n\nIt was raining.\nSo we made a pot of tea, sat down and waited for the whole evening.\nIt came.\n",
        [
            "body: Tea",
            "  It was raining.",
            "  So we made a pot of tea, sat down and waited for the whole evening.",
            "  It came.",
        ],
    ),
    (
        "title-case headings without a blank line around them",
        "Tea\nThe Water\nSoft water is best.\nThe Pot\nClay keeps warm.\n",
        ["body: The Water", "  Soft water is best.", "body: The Pot", "  Clay keeps warm."],
    ),
    (
        "a heading in sentence case, which only stands by itself",
        "Tea for beginners\n\nHow long to steep\n\nTwo minutes are enough for green tea.\n",
        ["body: How long to steep", "  Two minutes are enough for green tea."],
    ),
    (
        "a question in running text is no heading, even in a paragraph of its own",
        "Tea\n\nTea calms. Have you ever wondered why?\n\nIs it the warmth? Or is it the pause?\n\nNobody knows.\n",
        [
            "body: Tea",
            "  Tea calms. Have you ever wondered why?",
            "  Is it the warmth? Or is it the pause?",
            "  Nobody knows.",
        ],
    ),
    (
        "a frequent question may be in sentence case and have its answer right below, which may ask back",
        "Tea\n\nFAQs\n\nIs tea healthy?\nFor most people.\n\nHow much is too much?\n\nIt depends. How big is it?\n",
        [
            "faq: FAQs › Is tea healthy?",
            "  For most people.",
            "faq: FAQs › How much is too much?",
            "  It depends. How big is it?",
        ],
    ),
    (
        "the heading after the frequent questions ends them",
        "Tea\n\nFAQ\n\nIs tea old?\n\nVery.\n\nClosing Words\n\nDrink up. Shall we?\n",
        ["faq: FAQ › Is tea old?", "  Very.", "body: Closing Words", "  Drink up. Shall we?"],
    ),
    (
        "a table with tabs",
        "Tea\n\nTwo Kinds\n\nKind\tTime\nGreen\t2 minutes\nBlack\t4 minutes\n",
        ["body: Two Kinds", "  | Kind: Green | Time: 2 minutes", "  | Kind: Black | Time: 4 minutes"],
    ),
    (
        "a table with bars and a rule",
        "Tea\n\nTwo Kinds\n\n| Kind | Time |\n|------|-----:|\n| Green | 2 minutes |\n| Black | 4 minutes |\n",
        ["body: Two Kinds", "  | Kind: Green | Time: 2 minutes", "  | Kind: Black | Time: 4 minutes"],
    ),
    (
        "a glued table right below its caption; the seam is where most words are known, not at each inner capital",
        """Letters

Two Poets
Poet in LondonPoet in Dublin
Mary McCarthy wrote slowlySean MacBride wrote quickly
She revised her linesHe never touched his again
""",
        [
            "body: Two Poets",
            "  | Poet in London: Mary McCarthy wrote slowly | Poet in Dublin: Sean MacBride wrote quickly",
            "  | Poet in London: She revised her lines | Poet in Dublin: He never touched his again",
        ],
    ),
    (
        "three lines with inner capitals are no table if one begins in lower case",
        "Phones\n\nOur Devices\n\niPhone models\nYouTube videos\nMacBook notebooks\n",
        ["body: Our Devices", "  iPhone models", "  YouTube videos", "  MacBook notebooks"],
    ),
    (
        "a line with the same signs before and after it is a heading",
        "Tea at Work\n\n=== Hot Water ===\nIt is in the kitchen.\n\n== Pots ==\n\nBring one.\n\n5 == 5\n",
        [
            "body: Hot Water",
            "  It is in the kitchen.",
            "body: Hot Water › Pots",
            "  Bring one.",
            "  5 == 5",
        ],
    ),
    (
        "numbered lines below each other are a list",
        "Tea\n\nIn short:\n\n1. Boil water\n2) Warm the pot\n3. Pour\n",
        ["body: Tea", "  In short:", "  • 1. Boil water", "  • 2) Warm the pot", "  • 3. Pour"],
    ),
    (
        "numbered lines apart from each other are a list as well, when nothing stands below them",
        "Tea\n\nIn short:\n\n1. Boil water\n\n2. Warm the pot\n\n3. Pour it\n\nThen drink it.\n",
        ["body: Tea", "  In short:", "  • 1. Boil water", "  • 2. Warm the pot", "  • 3. Pour it", "  Then drink it."],
    ),
    (
        "numbered headings have something below them",
        "Tea\n\nThree Steps\n\n1. Boil Water\n\nUse a kettle.\n\n2. Pour\n\n• slowly\n",
        [
            "advice: Three Steps › 1. Boil Water",
            "  Use a kettle.",
            "advice: Three Steps › 2. Pour",
            "  • slowly",
        ],
    ),
    (
        "a wrapped list item, indented or going on in lower case; a list inside a list",
        "Tea\n\n- green tea, which takes\n  two minutes\n  – sencha\n* black tea, which takes\nfour minutes\n",
        [
            "body: Tea",
            "  • green tea, which takes two minutes",
            "  • sencha",
            "  • black tea, which takes four minutes",
        ],
    ),
    (
        "Windows line ends, a byte order mark, no-break spaces, soft hyphens and a zero-width space",
        "\ufeffTea\r\n\r\nKinds of Tea\r\n\r\n• Green\u00a0tea\r\n• Black te\u00ada\u200b\r\n",
        ["body: Kinds of Tea", "  • Green tea", "  • Black tea"],
    ),
    (
        "a letter and its accent become one character",
        "Tea\n\nThe cafe\u0301 is open.\n",
        ["body: Tea", "  The café is open."],
    ),
    (
        "a text without a title goes by its file's name, and loses no sentence",
        "Tea is a drink that people have had for thousands of years, all over the world.\n\nIt is made of leaves.\n",
        [
            "body: tea.txt",
            "  Tea is a drink that people have had for thousands of years, all over the world.",
            "  It is made of leaves.",
        ],
    ),
    (
        "what a page puts above the title",
        "Skip to content\n\nTea\n\nIt is made of leaves.\n",
        ["body: Tea", "  It is made of leaves."],
    ),
    (
        "lines that begin as a page's furniture does, but say something",
        """Tea

Share the Pot

Share it with whoever comes in.

Related conditions are rare.

Updated rules apply.

See more of the country by drinking its tea.
""",
        [
            "body: Share the Pot",
            "  Share it with whoever comes in.",
            "  Related conditions are rare.",
            "  Updated rules apply.",
            "  See more of the country by drinking its tea.",
        ],
    ),
    (
        "a page's furniture between two paragraphs isn't quoted with them",
        "Tea\n\nIt calms.\n\nAdvertisement\n\nUpdated May 3, 2024\n\nIt warms.\n\nRelated: Coffee\n\nShare this\n",
        ["body: Tea", "  It calms.", "body: Tea", "  It warms."],
    ),
    (
        "headings with nothing below them are lines of the text, and not lost",
        "Tea\n\nWhat You Need\n\nA Pot\n\nA Cup\n\nThe Leaves\n\nThat is all.\n\nThe End\n",
        [
            "body: Tea",
            "  What You Need",
            "  A Pot",
            "  A Cup",
            "body: The Leaves",
            "  That is all.",
            "  The End",
        ],
    ),
    (
        "a table of contents is no text",
        "Tea\n\nTable of Contents\n\nThe Pot\n\nThe Cup\n\nThe Pot\n\nIt is round.\n\nThe Cup\n\nIt is small.\n",
        ["body: The Pot", "  It is round.", "body: The Cup", "  It is small."],
    ),
    (
        "sentences that begin with By are no byline",
        "Tea\n\nBy the river there is a house.\n\nBy Monday it will be sold.\n",
        ["body: Tea", "  By the river there is a house.", "  By Monday it will be sold."],
    ),
    (
        "the name once more below the byline doesn't make the whole article an author's note",
        "Tea\n\nBy Jane Doe\n\nJane Doe\n\nThe Pot\n\nIt is round.\n",
        ["credit: About the author", "  By Jane Doe", "  Jane Doe", "body: The Pot", "  It is round."],
    ),
    (
        "an author's note in the middle ends at the next heading",
        """Tea

By Jane Doe

The Pot

It is round.

About the Author

Jane Doe has written about tea, coffee, and other warm drinks for longer than she can remember.

The Cup

It is small.
""",
        [
            "credit: About the author",
            "  By Jane Doe",
            "body: The Pot",
            "  It is round.",
            "credit: About the author",
            "  About the Author",
            "  Jane Doe has written about tea, coffee, and other warm drinks for longer than she can remember.",
            "body: The Cup",
            "  It is small.",
        ],
    ),
    (
        "a quoted line, one that ends as a sentence and one that leads to a list are no headings",
        "Tea\n\n“Good Morning”\n\nShe Left.\n\nWe Need:\n\n- Milk\n",
        ["body: Tea", "  “Good Morning”", "  She Left.", "  We Need:", "  • Milk"],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [(text, lines) for _, text, lines in CASES], ids=[why for why, _, _ in CASES]
)
def test_near_misses(text: str, expected: list[str]) -> None:
    assert outline(parsed(text)) == expected


@pytest.mark.xfail(
    strict=True, reason="names with inner capitals below each other look like a table whose cells were glued"
)
def test_names_with_inner_capitals_are_no_table() -> None:
    lines = ["YouTube videos", "PlayStation games", "MacBook notebooks"]
    assert outline(parsed("Phones\n\nOur Devices\n\n" + "\n".join(lines)))[1:] == [f"  {line}" for line in lines]


AUTHORS = [
    ("By Jane Doe", "Jane Doe", "a byline"),
    ("by Jane Doe", "Jane Doe", "in lower case"),
    ("Written by: Jane O’Neill-Roe, MD", "Jane O’Neill-Roe", "with a colon, marks in the name and a degree"),
    ("By Jane Ann van Doe", "Jane Ann", "a name goes on only with capitals"),
    ("Reviewed by Jane Doe on May 3", "Jane Doe", "with a date"),
    ("By the sea", "", "no name"),
    ("By Design", "", "a single word may be anything"),
    ("By Jane Doe and by her sister, who both live there.", "", "a sentence"),
]


@pytest.mark.parametrize(
    ("line", "author"), [(line, author) for line, author, _ in AUTHORS], ids=[a[2] for a in AUTHORS]
)
def test_byline(line: str, author: str) -> None:
    assert parsed(f"Tea\n\n{line}\n\nIt is made of leaves.\n").author == author


HARD_TO_READ = [
    ("brackets", "(" * 1_000_000),
    ("hashes", "#" * 1_000_000 + " tea"),
    ("hashes apart", "# " * 500_000 + "tea"),
    ("broken words", "tea-\n" * 200_000),
    ("rules", "tea\n" + "=" * 500_000 + "\n" + "-\n" * 250_000),
    ("questions", "Q: " * 300_000 + "\nA: " * 100_000),
    ("bullets", "•" * 1_000_000),
    ("one long line", "tea " * 250_000),
    ("combining marks", "e" + "\u0301\u0327" * 500_000),
    ("inner capitals", ("Ba" * 150_000 + "\n") * 3),
    ("a list item of many lines", "- tea\n" + "  and more of it\n" * 60_000),
    ("spaces", "Tea" + " " * 1_000_000 + "."),
    ("full stops", ". " * 500_000),
]


@pytest.mark.timeout(60)  # Each takes a second; what takes the square of the length takes many minutes.
@pytest.mark.parametrize("text", [text for _, text in HARD_TO_READ], ids=[name for name, _ in HARD_TO_READ])
def test_a_megabyte_of_anything_is_read(text: str) -> None:
    from guide.articles.passages import split

    article = parsed(text)
    assert len(article.text) > 0
    split(article)


def test_no_language_loses_its_accents_to_the_limit_of_combining_marks() -> None:
    assert normalise("Tie\u0302\u0301ng Vie\u0302\u0323t") == "Ti\u1ebfng Vi\u1ec7t"
    assert normalise("e" + "\u0301" * 40) == "\u00e9" + "\u0301" * 29
