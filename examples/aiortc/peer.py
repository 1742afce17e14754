#!/usr/bin/env python3
"""One end of a call as a process, for a peer of any stack that sends video and audio: messages of the signaling profile are lines of its input and output.

    peer.py --role offerer|answerer --identity KEY.pem --pin FINGERPRINT [--codec VP8] [--rekeys 1]

The offerer changes the keys in mid-call. When enough frames have been opened under the last ones a line {"type": "report", ...} says so; the call
goes on until {"type": "bye"} or the end of the input. A message that is refused ends it: {"type": "error", "code": ..., "text": ...}, exit code 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any, AsyncIterator

from call import Peer
from media import loopback_only
from pqrtc import Direction, PqrtcError, SigningKey
from signaling import SignalingError

BYE = json.dumps({"type": "bye"})
EACH, LAST, ALL = 60, 30, 100  # frames: opened before a change of keys, after the last one, in all


def say(text: str) -> None:
    print(text, flush=True)


async def heard() -> AsyncIterator[str]:
    lines = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        yield line.decode()


async def watch(peer: Peer, rekeys: int, offerer: bool) -> None:
    """Video alone is counted: not every stack sends audio."""
    while True:
        await asyncio.sleep(0.05)
        if "video" not in peer.openers or not peer.call.info().may_send:
            continue
        info, opener = peer.call.info(), peer.openers["video"]
        if offerer and info.epoch < rekeys and opener.opened >= EACH * (info.epoch + 1):
            say(peer.rekey())
            while peer.call.info().epoch == info.epoch:
                await asyncio.sleep(0.02)
        kid, _ = peer.call.sframe_key(Direction.RECEIVING, 0)
        if info.epoch == rekeys and opener.opened >= ALL and opener.key.key_stats(kid).opened >= LAST:
            break
    info = peer.call.info()
    openers = peer.openers.values()
    say(json.dumps({"type": "report", "state": info.state.name.lower(), "epoch": info.epoch, "sas": peer.call.sas(),
                    "peer": info.peer_fingerprint.hex(), "opened": sum(o.opened for o in openers),
                    "refused": sum(sum(o.dropped.values()) for o in openers)}))  # fmt: skip


async def call(options: Any) -> int:
    me, offerer = SigningKey.import_file(options.identity.read_bytes()), options.role == "offerer"
    peer = Peer("red" if offerer else "blue", 440 if offerer else 880, me, bytes.fromhex(options.pin), options.codec)
    watching = asyncio.ensure_future(watch(peer, options.rekeys, offerer))
    try:
        if offerer:
            say(await peer.offer())
        async for line in heard():
            if line.strip() == BYE:
                break
            reply = await peer.receive(line)
            if reply:
                say(reply)
        return 0
    except (PqrtcError, SignalingError) as why:
        say(json.dumps({"type": "error", "code": int(getattr(why, "code", 0)), "text": str(why)}))
        return 1
    finally:
        watching.cancel()
        await peer.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--role", required=True, choices=["offerer", "answerer"])
    options.add_argument("--identity", required=True, type=Path)
    options.add_argument("--pin", required=True)
    options.add_argument("--codec", default="VP8")
    options.add_argument("--rekeys", type=int, default=1)
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    return asyncio.run(call(options.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
