"""The example bank, `bank/` beside this module: messages written for this project, with what they are."""

import json
from importlib.resources import files


def bank_rows(name: str) -> list[dict[str, str]]:
    """The rows of `bank/NAME.jsonl`, in order: a level's have `text`, `level` and `kind`; those of `acts` have `text`
    and `act`, and `move` where the act is `meta`.
    """
    lines = files("guide.training").joinpath("bank", f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]
