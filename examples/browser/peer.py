#!/usr/bin/env python3
"""The other end of the browser's call: serves the page on 127.0.0.1, and answers it with aiortc and pqrtc.

    npm install --no-package-lock --prefix examples/browser    (@noble/*)
    peer.py [--port 8080] [--modules FOLDER]                   then open http://127.0.0.1:8080/ in Chromium

GET  /identity  {"key": ML-DSA-65 public key}. A real application has it from elsewhere; here who serves the page is the peer.
POST /offer     {"call": ..., "sdp": ..., "pqrtc": {"suite": 2, "bundle": ...}}
                gives {"sdp": ..., "pqrtc": {"suite": 2, "exchange": ..., "confirm": ..., "signature": ...}}, or 400 and {"error": ...}
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import logging
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent / "aiortc"))

import pqrtc  # noqa: E402
from aiortc import RTCSessionDescription  # noqa: E402
from call import Peer  # noqa: E402
from media import loopback_only  # noqa: E402
from pqrtc import Session, SignatureAlgorithm, SigningKey, Suite  # noqa: E402
from signaling import SignalingError, b64, unb64  # noqa: E402

FILES = {"/": here / "index.html", **{f"/{path.name}": path for path in here.glob("*.js")}}
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}
MOST_BYTES = 1 << 20


class Answerer:
    """Answers one call after the other, each once."""

    def __init__(self) -> None:
        self.identity = SigningKey.generate(SignatureAlgorithm.ML_DSA_65)
        self.peer: Optional[Peer] = None
        self._seen: set[str] = set()

    # docs:begin answer
    def keys(self, call: str, offer: Any) -> Tuple[Dict[str, Any], Session]:
        """What goes beside the SDP answer, and the session."""
        if not isinstance(offer, dict) or offer.get("suite") != int(Suite.X_WING):
            raise SignalingError("no key exchange of a suite that we know: the call does not go on without one")
        bundle = unb64(offer, "bundle", pqrtc.hybrid.suite_sizes(Suite.X_WING).bundle)
        try:
            exchange, session = pqrtc.initiate(Suite.X_WING, bundle)
        except pqrtc.PqrtcError as why:
            raise SignalingError(f"bundle: {why}") from why
        said = call.encode() + bundle + exchange
        confirm, signature = session.export("call confirm", said), self.identity.sign(said, b"example call answer v1")
        return {"suite": int(Suite.X_WING), "exchange": b64(exchange), "confirm": b64(confirm), "signature": b64(signature)}, session
    # docs:end answer

    async def answer(self, heard: Any) -> Dict[str, Any]:
        if not isinstance(heard, dict) or not isinstance(heard.get("call"), str) or not isinstance(heard.get("sdp"), str):
            raise SignalingError("not an offer")
        blob, session = self.keys(heard["call"], heard.get("pqrtc"))
        if heard["call"] in self._seen:
            raise SignalingError("an offer of an earlier call")
        self._seen.add(heard["call"])
        peer = Peer("bob", "blue", 880, "VP8")
        try:
            await peer.pc.setRemoteDescription(RTCSessionDescription(heard["sdp"], "offer"))
        except Exception as why:  # whatever aiortc's parser meets
            await peer.close()
            raise SignalingError("sdp: none that aiortc can use") from why
        await self.close()  # not before: a bad offer does not end the call there is
        self.peer = peer
        peer.start(session)
        await peer.pc.setLocalDescription(await peer.pc.createAnswer())
        return {"sdp": peer.pc.localDescription.sdp, "pqrtc": blob}

    async def close(self) -> None:
        if self.peer:
            await self.peer.close()


def serve(answerer: Answerer, modules: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server in a thread of its own, on 127.0.0.1. Calls run in the event loop that this is called from. `modules`: node_modules of the page."""
    loop = asyncio.get_running_loop()
    noble = modules / "@noble"
    paths = {**FILES, **{f"/noble/{path.relative_to(noble).as_posix()}": path for path in noble.rglob("*.js")}}
    # The import map is the one script that stands in the page itself.
    inline = base64.b64encode(hashlib.sha256(re.search(rb'"importmap">(.*?)</script>', FILES["/"].read_bytes(), re.S)[1]).digest()).decode()
    policy = f"default-src 'self'; script-src 'self' 'sha256-{inline}'; media-src 'self' mediastream:"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/identity":
                self._send(200, json.dumps({"key": b64(answerer.identity.public_key)}).encode())
            elif self.path in paths and paths[self.path].is_file():
                self._send(200, paths[self.path].read_bytes(), TYPES[paths[self.path].suffix])
            else:
                self._send(404, b"{}")

        def do_POST(self) -> None:
            try:
                length = int(self.headers.get("content-length", ""))
                # JSON alone: a page of another origin cannot send that without asking first.
                if self.path != "/offer" or not 0 < length <= MOST_BYTES or self.headers.get_content_type() != "application/json":
                    raise SignalingError("not an offer")
                offer = json.loads(self.rfile.read(length))
                reply = asyncio.run_coroutine_threadsafe(answerer.answer(offer), loop).result(30)
            except ValueError as why:  # SignalingError too
                self._send(400, json.dumps({"error": str(why)}).encode())
            else:
                self._send(200, json.dumps(reply).encode())

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            for name, value in (("content-type", kind), ("content-length", str(len(body))), ("cache-control", "no-store")):
                self.send_header(name, value)
            self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


async def run(port: int, modules: Path) -> None:
    server = serve(Answerer(), modules, port)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    await asyncio.Event().wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8080)
    options.add_argument("--modules", type=Path, default=here / "node_modules")
    chosen = options.parse_args()
    if not (chosen.modules / "@noble" / "post-quantum").is_dir():
        print("no @noble/post-quantum: npm install --prefix examples/browser", file=sys.stderr)
        return 1
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    try:
        asyncio.run(run(chosen.port, chosen.modules))
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
