#!/usr/bin/env python3
"""One end of a call as a process: the page of examples/browser in Chromium. examples/aiortc/peer.py says what it speaks.

    browser.py CHROMIUM NODE_MODULES --role offerer|answerer --identity KEY.pem --pin FINGERPRINT [--codec VP8] [--rekeys 1]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any, AsyncIterator

root = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(root / "examples" / "browser"), str(root / "tests" / "stacks" / "browser")]

from flags import FLAGS  # noqa: E402
from playwright.async_api import Page, async_playwright  # noqa: E402
from server import serve  # noqa: E402

EACH, LAST, ALL = 60, 30, 100  # pictures: opened before a change of keys, after the last one, in all

CREATE = """async ([pem, pin]) => {
  const [{ Call }, { Identity }] = await Promise.all(['/call.js', '/identity.js'].map((name) => import(name)));
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 30 } });
  window.call = await Call.create(stream, { identity: Identity.fromPem(pem), pins: [Uint8Array.from(pin)] });
  document.getElementById('peer').srcObject = call.remote;
}"""
RECEIVE = "(text) => call.receive(text).then((reply) => ({ reply }), (why) => ({ text: why.message, code: why.code ?? 0 }))"
STATUS = "async () => ({ state: call.state, epoch: call.epoch, sas: call.sas, peer: call.peer && [...call.peer.fingerprint], ...(await call.counts()) })"


def say(text: str) -> None:
    print(text, flush=True)


async def heard() -> AsyncIterator[str]:
    lines = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        yield line.decode()


async def watch(page: Page, rekeys: int, offerer: bool) -> None:
    rekeyed = 0
    while True:
        await asyncio.sleep(0.1)
        now = await page.evaluate(STATUS)
        video = now["epochs"]["video"]
        opened = sum(video.values())
        if offerer and now["epoch"] == rekeyed < rekeys and opened >= EACH * (rekeyed + 1):
            rekeyed += 1
            say(await page.evaluate("() => call.rekey()"))
        if now["epoch"] == rekeys and opened >= ALL and video.get(str(rekeys), 0) >= LAST and now["sending"] == rekeys:
            break
    say(json.dumps({"type": "report", "state": now["state"], "epoch": now["epoch"], "sas": now["sas"], "peer": bytes(now["peer"]).hex(),
                    "opened": now["opened"], "refused": sum(count for why, count in now["dropped"].items() if why.startswith("receive"))}))  # fmt: skip


async def call(page: Page, options: Any) -> int:
    await page.evaluate(CREATE, [options.identity.read_text(), list(bytes.fromhex(options.pin))])
    watching = asyncio.ensure_future(watch(page, options.rekeys, options.role == "offerer"))
    try:
        if options.role == "offerer":
            say(await page.evaluate("() => call.offer()"))
        async for line in heard():
            if json.loads(line).get("type") == "bye":
                break
            said = await page.evaluate(RECEIVE, line)
            if "code" in said:
                say(json.dumps({"type": "error", **said}))
                return 1
            if said["reply"]:
                say(said["reply"])
        return 0
    finally:
        watching.cancel()


async def run(options: Any) -> int:
    server = serve(options.modules)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
            page = await browser.new_page()
            page.on("pageerror", lambda why: print(f"page: {why}", file=sys.stderr))
            await page.goto(f"http://127.0.0.1:{server.server_port}/")
            try:
                return await call(page, options)
            finally:
                await browser.close()
    finally:
        server.shutdown()
        server.server_close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("chromium")
    options.add_argument("modules", type=Path)
    options.add_argument("--role", required=True, choices=["offerer", "answerer"])
    options.add_argument("--identity", required=True, type=Path)
    options.add_argument("--pin", required=True)
    options.add_argument("--codec", default="VP8", choices=["VP8"])
    options.add_argument("--rekeys", type=int, default=1)
    logging.basicConfig(level=logging.ERROR)
    return asyncio.run(run(options.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
