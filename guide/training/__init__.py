"""Commands that fit what Guide ships with: `python -m guide.training.NAME`."""
