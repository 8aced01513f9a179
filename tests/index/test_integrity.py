"""A build that is killed and files that are damaged, a few of each; `benchmarks/integrity.py` has many."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "integrity.py"


def test_killed_builds_and_damaged_files_do_no_harm() -> None:
    done = subprocess.run([sys.executable, PROGRAM, "--kills", "4", "--flips", "30"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    damaged = json.loads(done.stdout.split("damaged:")[1])
    refused = damaged.pop("refused, with the file and the command")
    # Twenty files, each cut, emptied and swapped, and most of the thirty bytes.
    assert refused >= 60
    # A manifest that is gone or another index's is told by what it does or doesn't name.
    assert damaged
    for said in damaged:
        assert "guide build" in said or said.endswith(" of .lock"), said
