"""Finds the Chromium or Chrome that browser tests drive; run as a script, it installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
"""Chromium without windows of its own: the same pages, opened with less than half the work."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser() -> str | None:
    """The path of a browser that starts: the one installed, else Playwright's own; None where there is none."""
    installed = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in [*installed, *APPLICATIONS, *_playwrights()] if _starts(path)), None)


def _playwrights() -> list[str]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return [playwright.chromium.executable_path]


def _starts(path: str) -> bool:
    # Ubuntu's `chromium` may be a stub that only says to install a snap, so being there isn't enough.
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _ways_to_install() -> list[list[list[str]]]:
    """The ways to get a browser, best first; each is a list of commands."""
    playwright = [sys.executable, "-m", "playwright", "install"]
    if os.name != "posix" or os.geteuid() != 0:
        return [[[*playwright, "chromium"]]]
    ways = [[[*playwright, "--with-deps", "chromium"]]]
    if Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        # Ubuntu and old versions of Debian have no shell.
        packages = [[["apt-get", "install", "-y", "-qq", name]] for name in (SHELL, "chromium")]
        packages[0].insert(0, ["apt-get", "update", "-qq"])
        ways = packages + ways
    return ways


def install_browser() -> str | None:
    """The path of a browser, installed with apt (root on Debian) or by Playwright; None where neither works."""
    for commands in _ways_to_install():
        shown = " && ".join(" ".join(command) for command in commands)
        print(f"No Chromium or Chrome that starts; running {shown}", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        # A way that fails says why on its own standard error; the next one is tried.
        if all(subprocess.run(command, env=environment).returncode == 0 for command in commands):
            found = find_browser()
            if found:
                return found
    return None


def main() -> int:
    """0; 1 if there is no browser where one must be: in continuous integration."""
    found = find_browser() or install_browser()
    if found:
        slower = "" if Path(found).name == SHELL else f"; with Debian's {SHELL} they take half the time"
        print(f"Browser tests use {found}{slower}.")
    else:
        print("No browser can be had here: browser tests are skipped.")
    return int(found is None and bool(os.environ.get("CI")))


if __name__ == "__main__":
    sys.exit(main())
