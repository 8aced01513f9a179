"""`python -m guide` is the command `guide`, and so is `python FOLDER` with the folder of the package."""

import sys
from pathlib import Path

if not __package__:
    # Started by its folder's name: Python then looks for modules in that folder, where `guide` would be guide.py.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from guide.cli import main

if __name__ == "__main__":
    sys.exit(main())
