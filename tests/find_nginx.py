"""Finds the nginx that tests put in front of a server; run as a script, it installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "nginx-light"


def find_nginx() -> str | None:
    """The path of nginx, which Debian puts where only root looks; None where there is none."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def install_nginx() -> str | None:
    """The path of nginx, installed with apt (root on Debian); None where that doesn't work."""
    if os.name != "posix" or os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return None
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", PACKAGE]):
        print(f"No nginx; running apt-get {' '.join(command)}", flush=True)
        if subprocess.run(["apt-get", *command], env=environment).returncode:
            return None
    return find_nginx()


def main() -> int:
    """0; 1 if there is no nginx where one must be: in continuous integration."""
    found = find_nginx() or install_nginx()
    print(f"Tests behind a proxy use {found}." if found else f"No nginx ({PACKAGE}): tests behind a proxy are skipped.")
    return int(found is None and bool(os.environ.get("CI")))


if __name__ == "__main__":
    sys.exit(main())
