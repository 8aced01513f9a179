"""Questions that are a heading: the section under it answers them from its beginning."""

from collections.abc import Callable, Sequence

from guide.records import Passage
from guide.text.stems import stems

NEAR_TOP = 5
"""Among how many of the best passages one must be whose heading is the question."""
LONGEST_HEADING = 12
"""The words from which on a question is looked up among no headings."""


def headed_first(question: str, ranked: Sequence[int], passage_at: Callable[[int], Passage]) -> list[int]:
    """`ranked`, best first, with the beginnings of those sections in front whose heading says all that `question` does;
    `passage_at` gives the passage of each.

    The parts of a long section have its heading in common. Of these the one with the fewest words of its own would come
    first, such as the last sentence that was left over; but a section answers its heading where it begins.
    """
    asked = set(stems(question))
    if not 0 < len(asked) < LONGEST_HEADING:
        return list(ranked)

    def is_headed(passage: Passage) -> bool:
        return bool(passage.section) and set(stems(passage.section[-1])) == asked

    named = [passage_at(rank) for rank in ranked[:NEAR_TOP]]
    sections = list(dict.fromkeys((one.article_id, one.section) for one in named if is_headed(one)))
    if not sections:
        return list(ranked)
    parts: dict[tuple[str, tuple[str, ...]], list[int]] = {section: [] for section in sections}
    for rank in ranked:
        passage = passage_at(rank)
        if (section := (passage.article_id, passage.section)) in parts:
            parts[section].append(rank)
    first = [min(ranks, key=lambda rank: passage_at(rank).start) for ranks in parts.values()]
    return first + [rank for rank in ranked if rank not in first]
