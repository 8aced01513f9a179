"""A way to a server that can be held up: what goes through it waits, as it does where a machine has too much to do."""

import socket
import threading
import time
from contextlib import suppress


class SlowLink:
    """Listens on a port of its own, and hands on what comes there to the server and back."""

    def __init__(self, port: int) -> None:
        self._there = port
        self._held_until = 0.0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, seconds: float) -> None:
        """From now on nothing goes through for so long; then all of it does."""
        self._held_until = time.monotonic() + seconds

    def close(self) -> None:
        """Takes no more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._there))
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._hand_on, args=(one, other), daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while content := one.recv(1 << 16):
                while (left := self._held_until - time.monotonic()) > 0:
                    time.sleep(left)
                other.sendall(content)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
