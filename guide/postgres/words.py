"""The articles in which words may stand, found by the words around them, so that few articles are read."""

import json
from collections.abc import Iterator, Sequence

from guide.index.article_store import entry_from_json
from guide.postgres.candidates import RunStatement
from guide.records import Entry
from guide.text.lexicon import Lexicon, plain
from guide.text.normalise import words
from guide.text.stems import stems

_HOLDING = "select distinct article_id from postings where stem = any(%(stems)s)"
_RECORDS = "select article_id, record from articles where article_id = any(%(ids)s) order by article_id"

READ_AT_ONCE = 20
"""How many articles are read by a statement: where the first are enough, no more are read than these."""

MOST_STEMS = 300
"""How many stems may stand for a part of a word; what more words hold, such as one letter, tells no articles apart."""


def entries_with_words(run: RunStatement, lexicon: Lexicon, article_ids: Sequence[str], text: str) -> Iterator[Entry]:
    """The articles in which `text` may stand whatever its case, with their passages, in the order of `article_ids`:
    those that have, for each word of `text`, a word of the `lexicon` that holds it. They are read when asked for.
    """
    chosen = list(article_ids)
    for choice in map(list, _stems_around(lexicon, text)):
        rows = run(_HOLDING, {"stems": choice})
        having = {id for (id,) in rows}
        chosen = [id for id in chosen if id in having]
    for first in range(0, len(chosen), READ_AT_ONCE):
        ids = {"ids": chosen[first : first + READ_AT_ONCE]}
        rows = run(_RECORDS, ids)
        yield from (entry_from_json(json.loads(record)) for _, record in rows)


def _stems_around(lexicon: Lexicon, text: str) -> Iterator[set[str]]:
    """For each word of `text` that tells articles apart, the stems of the words that hold it."""
    for word in words(plain(text)):
        around = [known for known in lexicon.counts if word in known]
        found = [stems(known) for known in around]
        # A word without a stem, such as “the”, is in no postings.
        if all(found) and sum(map(len, found)) <= MOST_STEMS:
            yield {stem for some in found for stem in some}
