"""Chromium on a page of examples/browser/peer.py, nothing of it beyond this machine."""

from __future__ import annotations

import base64
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, AsyncIterator, Tuple

root = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(root / "examples" / "browser"), str(root / "examples" / "aiortc")]

from flags import FLAGS  # noqa: E402
from peer import Answerer, serve  # noqa: E402
from playwright.async_api import Page, async_playwright  # noqa: E402

MISSING = """() => ['X25519', 'ML-KEM-768', 'ML-DSA-65'].filter((name) => !SubtleCrypto.supports?.('generateKey', name))"""


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


@asynccontextmanager
async def page_and_peer(chromium: str, modules: Path) -> AsyncIterator[Tuple[Page, Answerer]]:
    answerer = Answerer()
    server = serve(answerer, modules)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            try:
                page = await browser.new_page()
                page.on("pageerror", lambda why: print(f"page: {why}", flush=True))
                await page.goto(f"http://127.0.0.1:{server.server_port}/")
                missing = await page.evaluate(MISSING)
                if missing:
                    print(f"skipped: the WebCrypto of Chromium {browser.version} has no {', '.join(missing)}")
                    sys.exit(77)
                yield page, answerer
            finally:
                await browser.close()
                await answerer.close()
    finally:
        server.shutdown()
        server.server_close()


async def refused(page: Page, what: str, script: str, argument: Any, words: str) -> None:
    """The script must throw in the page, and say so in these words."""
    said = await page.evaluate(f"(argument) => ({script})(argument).then(() => null, (why) => String(why.message))", argument)
    assert said is not None, f"{what}: accepted"
    assert words in said, f"{what}: says {said!r}, not {words!r}"
    print(f"    {what}: {said}", flush=True)
