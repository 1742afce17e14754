"""Serves the page and its npm packages on 127.0.0.1."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, Optional

here = Path(__file__).resolve().parent
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}
MOST_BYTES = 1 << 20

Signal = Callable[[str, str], Optional[str]]


def serve(modules: Path, identity: str = "", signal: Optional[Signal] = None, port: int = 0) -> ThreadingHTTPServer:
    """A server in a thread of its own. `modules` is the page's node_modules; `signal` takes a call and what is posted to
    /signal?CALL, and gives the answer, or a ValueError that becomes 400."""
    noble, index = modules / "@noble", here / "index.html"
    paths = {"/": index, **{f"/{path.name}": path for path in here.glob("*.js")}, **{f"/noble/{path.relative_to(noble).as_posix()}": path for path in noble.rglob("*.js")}}
    # The import map is the one script that stands in the page itself.
    inline = re.search(rb'"importmap">(.*?)</script>', index.read_bytes(), re.S)[1]
    scripts = f"'self' 'sha256-{base64.b64encode(hashlib.sha256(inline).digest()).decode()}'"
    policy = f"default-src 'self'; script-src {scripts}; media-src 'self' mediastream:"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/identity":
                self._send(200, json.dumps({"fingerprint": identity}).encode())
            elif self.path in paths:
                self._send(200, paths[self.path].read_bytes(), TYPES[paths[self.path].suffix])
            else:
                self._send(404, b"{}")

        def do_POST(self) -> None:
            try:
                length, (path, _, call) = int(self.headers.get("content-length", "")), self.path.partition("?")
                # JSON alone: a page of another origin cannot send that without asking first.
                if signal is None or path != "/signal" or not 0 < length <= MOST_BYTES or self.headers.get_content_type() != "application/json":
                    raise ValueError("not a message of this signaling")
                reply = signal(call, self.rfile.read(length).decode()) or ""
            except ValueError as why:
                self._send(400, json.dumps({"error": str(why)}).encode())
            else:
                self._send(200, reply.encode())

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            headers: Dict[str, str] = {"content-type": kind, "content-length": str(len(body)), "cache-control": "no-store", "content-security-policy": policy}
            for name, value in headers.items():
                self.send_header(name, value)
            try:
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass  # the page went away

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
