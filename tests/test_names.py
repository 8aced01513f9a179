"""One name, one thing: whoever meets a public name in the code finds one definition of it."""

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "guide"

CONVENTIONS = {
    "add": "each command adds itself to the command line",
    "run": "each command runs itself",
    "main": "each module that runs as a program",
    "read": "each reader of another program's files",
    "log": "each module's logger",
    "assess_whole": "the old name of the gate",
}
"""Names that stand for the same role in each of their modules."""


def test_no_public_name_is_defined_in_several_modules() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
            for target in targets:
                name = getattr(target, "id", None) or getattr(target, "name", "")
                if name and not name.startswith("_") and name not in CONVENTIONS:
                    homes[name].add(str(path.relative_to(PACKAGE)))
    assert len(homes) > 500
    assert {name: sorted(found) for name, found in homes.items() if len(found) > 1} == {}
