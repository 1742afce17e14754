"""A coturn of one's own on loopback, with the REST scheme for credentials (`use-auth-secret`)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, List

# docs:begin config
CONFIG = """\
listening-ip={address}
relay-ip={address}
listening-port={port}
min-port=50000
max-port=50999
realm=pq.test
fingerprint
use-auth-secret
static-auth-secret={secret}
allow-loopback-peers
no-cli
verbose
no-tls
no-dtls
no-multicast-peers
log-file=stdout
simple-log
pidfile={folder}/turn.pid
userdb={folder}/turn.db
"""
# docs:end config


class Coturn:
    """with Coturn(secret) as server: ...   `server.port` is where it listens; it ends with the block."""

    def __init__(self, secret: str, address: str = "127.0.0.1") -> None:
        self.secret, self.address = secret, address
        with socket.socket(type=socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
            self.port: int = probe.getsockname()[1]

    @staticmethod
    def missing() -> List[str]:
        return [name for name in ("turnserver", "turnutils_uclient") if not shutil.which(name)]

    def __enter__(self) -> Coturn:
        self._folder = tempfile.TemporaryDirectory()
        config = Path(self._folder.name) / "turn.conf"
        config.touch(0o600)
        config.write_text(CONFIG.format(address=self.address, port=self.port, secret=self.secret, folder=self._folder.name))
        self._log = open(Path(self._folder.name) / "log", "wb")
        self._process = subprocess.Popen(["turnserver", "-c", str(config)], stdout=self._log, stderr=self._log, cwd=self._folder.name)
        listens = f":{self.port:04X} "
        for _ in range(200):
            if listens in Path("/proc/net/udp").read_text() and self._process.poll() is None:
                return self
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError("coturn did not start")

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._folder.cleanup()

    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text(errors="replace")

    def allocates(self, username: str, password: str) -> bool:
        """Whether it gives a relay address for a credential, and carries a message through it; asked with coturn's own client."""
        asked = subprocess.run(
            ["turnutils_uclient", "-n", "1", "-c", "-y", "-z", "1", "-p", str(self.port), "-u", username, "-w", password, self.address],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, check=False,
        )  # fmt: skip
        return asked.returncode == 0
