"""Articles' titles, told apart."""

from collections import Counter
from collections.abc import Mapping


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """The titles by their articles' ids, each with its id after it where another one is alike.

    >>> told_apart({"tea": "Tea", "green": "Tea", "pots": "Pots"})
    {'tea': 'Tea (tea)', 'green': 'Tea (green)', 'pots': 'Pots'}
    """
    times = Counter(title.casefold() for title in titles.values())
    return {id: f"{title} ({id})" if times[title.casefold()] > 1 else title for id, title in titles.items()}
