"""A Janus of one's own on loopback, and as much of its HTTP API as a VideoRoom needs."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Dict, Optional, Tuple
from urllib.parse import urlsplit

# docs:begin config
CONFIG = """\
general: {{ configs_folder = "{folder}"  debug_level = 4  debug_colors = false  server_name = "pqrtc example" }}
nat: {{
    ice_enforce_list = "{address}"
    full_trickle = false
    {turn}
}}
transports: {{ disable = "{transports}" }}
plugins: {{ disable = "{plugins}" }}
"""
TURN = """\
turn_rest_api = "{url}"
    turn_rest_api_key = "{key}"
    turn_rest_api_method = "GET"
    turn_rest_api_timeout = 5
    allow_force_relay = true"""
ROOM = """\
general: {{ }}
room-{room}: {{ description = "sealed"  publishers = 6  bitrate = 1000000  audiocodec = "opus"  videocodec = "vp8,vp9,h264"  require_e2ee = true }}
"""
# docs:end config
HTTP = """\
general: {{ json = "compact"  base_path = "/janus"  http = true  port = {port}  ip = "127.0.0.1"  https = false }}
admin: {{ admin_http = false }}
"""
FOLDER = Path("/usr/lib/x86_64-linux-gnu/janus")


def _others(kind: str, keep: str) -> str:
    """Plugins or transports that are installed and not wanted."""
    parents = [FOLDER / kind, *Path("/usr/lib").glob(f"*/janus/{kind}")]
    return ",".join({file.name for parent in parents for file in parent.glob("*.so") if keep not in file.name})


class Janus:
    """with Janus(room, address) as janus: ...   It ends with the block. `address` is one of this machine for its media (it will not use 127.0.0.1);
    `turn` is (URL, API key) of a credential service."""

    def __init__(self, room: int, address: str, turn: Optional[Tuple[str, str]] = None) -> None:
        self.room, self._address, self._turn = room, address, turn
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/janus"

    @staticmethod
    def missing() -> bool:
        return not shutil.which("janus")

    def __enter__(self) -> Janus:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        turn = TURN.format(url=self._turn[0], key=self._turn[1]) if self._turn else ""
        main = CONFIG.format(folder=folder, address=self._address, turn=turn, transports=_others("transports", "janus_http"), plugins=_others("plugins", "videoroom"))
        (folder / "janus.jcfg").write_text(main)
        (folder / "janus.transport.http.jcfg").write_text(HTTP.format(port=self.port))
        (folder / "janus.plugin.videoroom.jcfg").write_text(ROOM.format(room=self.room))
        self._log = open(folder / "log", "wb")
        command = ["janus", "-F", str(folder), "-C", str(folder / "janus.jcfg")]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL, cwd=folder)
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/info", timeout=1):
                    return self
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.05)
        log = self.log()
        self.__exit__()
        raise RuntimeError(f"Janus did not start: {log[-2000:]}")

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


class JanusError(RuntimeError):
    """Janus or its plugin said no."""


class Handle:
    """One peer's handle on the VideoRoom plugin, in a session of its own."""

    _numbers = itertools.count(1)

    def __init__(self, janus: Janus) -> None:
        self._url = janus.url
        self._waiting: Dict[str, asyncio.Future[Any]] = {}
        self._up = asyncio.Event()

    async def attach(self) -> None:
        self._session = f"{self._url}/{(await self._post(self._url, janus='create'))['data']['id']}"
        made = await self._post(self._session, janus="attach", plugin="janus.plugin.videoroom")
        self._handle = f"{self._session}/{made['data']['id']}"
        self._poll = asyncio.ensure_future(self._events())

    async def message(self, jsep: Optional[Dict[str, Any]] = None, **body: Any) -> Tuple[Dict[str, Any], Optional[Dict[str, Any]]]:
        """Sends a request to the plugin; its answer, and the SDP with it if there is one."""
        transaction = f"t{next(self._numbers)}"
        waiting = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        more = {"jsep": jsep} if jsep else {}
        await self._post(self._handle, janus="message", body=body, transaction=transaction, **more)
        event = await asyncio.wait_for(waiting, 15)
        del self._waiting[transaction]
        data = event["plugindata"]["data"]
        if "error" in data:
            raise JanusError(data["error"])
        return data, event.get("jsep")

    async def up(self) -> None:
        """Returns when Janus has the peer's media connection; a feed does not exist before."""
        await asyncio.wait_for(self._up.wait(), 15)

    async def close(self) -> None:
        await self._post(self._session, janus="destroy")
        self._poll.cancel()

    async def _events(self) -> None:
        while True:
            for event in await _http("GET", f"{self._session}?maxev=5"):
                if event["janus"] == "webrtcup":
                    self._up.set()
                waiting = self._waiting.get(event.get("transaction", ""))
                if waiting and not waiting.done() and event["janus"] == "event":
                    waiting.set_result(event)

    async def _post(self, url: str, transaction: Optional[str] = None, **fields: Any) -> Dict[str, Any]:
        fields["transaction"] = transaction or f"t{next(self._numbers)}"
        answer = await asyncio.wait_for(_http("POST", url, json.dumps(fields).encode()), 15)
        if answer["janus"] == "error":
            raise JanusError(answer["error"]["reason"])
        return answer


async def _http(method: str, url: str, body: bytes = b"") -> Any:
    """A request over plain HTTP, and its JSON answer. (A thread that waits for Janus's long polls could not be cancelled.)"""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        head = f"{method} {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.read()
    finally:
        writer.close()
    return json.loads(answer.partition(b"\r\n\r\n")[2])
