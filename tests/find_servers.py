"""Finds the servers beside which Guide is tested; run as a script, it installs those that are missing where it can, and
names those that stay missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SERVERS = {
    "nginx": ("nginx",),
    "Redis or Valkey": ("valkey-server", "redis-server"),
    # Debian's, which can do TLS; the one that pip installs can't.
    "PostgreSQL": ("postgres",),
}
"""The programs, any of which will do, by the name of the server."""
PACKAGES = {"nginx": "nginx-light", "Redis or Valkey": "redis-server", "PostgreSQL": "postgresql"}
"""The packages of Debian that bring them."""


def find_server(name: str) -> str | None:
    """The path of a server that starts; None where there is none."""
    # Debian keeps servers where only root's path leads.
    versions = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")))
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *versions])
    found = (shutil.which(program, path=path) for program in SERVERS[name])
    return next((program for program in found if program and _starts(program)), None)


def _starts(program: str) -> bool:
    try:
        return (
            subprocess.run(
                [program, "--version" if Path(program).name == "postgres" else "-v"], capture_output=True, timeout=60
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def missing_server(name: str) -> str:
    """The sentence that says what a test lacks and how to get it."""
    return f"no {name} that starts; on Debian, apt-get install {PACKAGES[name]}"


def install(packages: list[str]) -> None:
    """Installs packages with apt, as root on Debian; elsewhere does nothing."""
    if os.name != "posix" or os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        print(f"Running apt-get {' '.join(command)}", flush=True)
        if subprocess.run(["apt-get", *command], env=environment).returncode:
            return


def main() -> int:
    """0; 1 if a server is missing where all must be: in continuous integration."""
    if missing := [name for name in SERVERS if find_server(name) is None]:
        install([PACKAGES[name] for name in missing])
    missing = [name for name in missing if find_server(name) is None]
    for name in missing:
        print(f"Tests beside {name} are skipped: {missing_server(name)}.")
    return int(bool(missing) and bool(os.environ.get("CI")))


if __name__ == "__main__":
    sys.exit(main())
