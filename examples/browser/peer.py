#!/usr/bin/env python3
"""The other end of the browser's call: serves the page on 127.0.0.1, and answers it with aiortc and pqrtc.

    npm install --no-package-lock --prefix examples/browser    (@noble/*)
    peer.py [--port 8080] [--modules FOLDER]                   then open http://127.0.0.1:8080/ in Chromium

GET  /identity     {"fingerprint": ...} of this peer. A real application has it from elsewhere; here who serves the page is the peer.
POST /signal?CALL  a message of the signaling profile; gives the next one of this call or nothing, or 400 and {"error": ...}
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Optional

here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent / "aiortc")]

from call import Peer  # noqa: E402
from media import loopback_only  # noqa: E402
from pqrtc import PeerRejectedError, PqrtcError, SignatureAlgorithm, SigningKey  # noqa: E402
from server import serve as serve_page  # noqa: E402
from signaling import SignalingError, b64, decode  # noqa: E402


class Answerer:
    """Answers one call after the other. Without a pin it takes any visitor; an application pins, or looks at the credential."""

    def __init__(self, pin: Optional[bytes] = None) -> None:
        self.identity = SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519)
        self.pin = pin
        self.id: Optional[str] = None
        self.peer: Optional[Peer] = None

    # docs:begin answer
    async def receive(self, id: str, text: str) -> Optional[str]:
        """Takes a message of a call, and gives the next one, if there is one."""
        try:
            if decode(text).type == "offer":
                return await self._answer(id, text)
            if self.peer is None or id != self.id:
                raise SignalingError("not a message of this call")
            try:
                return await self.peer.receive(text)
            except PeerRejectedError:
                if self.pin:
                    raise
                self.peer.call.pin(self.peer.call.info().peer_fingerprint)
                return await self.peer.receive(text)
        except PqrtcError as why:
            raise SignalingError(str(why)) from why

    async def _answer(self, id: str, text: str) -> Optional[str]:
        if id == self.id:
            raise SignalingError("an offer of an earlier call")
        peer = Peer("blue", 880, self.identity, self.pin or bytes(32), "VP8")
        try:
            reply = await peer.receive(text)
        except Exception as why:  # whatever aiortc's parser meets too
            await peer.close()
            raise why if isinstance(why, (SignalingError, PqrtcError)) else SignalingError("sdp: none that aiortc can use")
        await self.close()  # not before: a bad offer does not end the call there is
        self.peer, self.id = peer, id
        return reply
    # docs:end answer

    async def close(self) -> None:
        if self.peer:
            await self.peer.close()


def serve(answerer: Answerer, modules: Path, port: int = 0) -> ThreadingHTTPServer:
    """Calls run in the event loop that this is called from."""
    loop = asyncio.get_running_loop()
    return serve_page(modules, b64(answerer.identity.fingerprint), lambda *of: asyncio.run_coroutine_threadsafe(answerer.receive(*of), loop).result(30), port)


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
