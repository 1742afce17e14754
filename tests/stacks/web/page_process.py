"""A page in Chromium or Firefox as a process (peer.mjs), whose functions (page.ts) are called from here."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

here = Path(__file__).resolve().parent


class PageError(Exception):
    """What the page threw."""


class Page:
    """async with Page("firefox", site, *options) as page: ...   `site` is the built folder."""

    def __init__(self, name: str, site: str, *options: str) -> None:
        self.name, self._command = name, ["node", str(here / "peer.mjs"), name, site, *options]
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Page:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, limit=1 << 22, env=dict(os.environ))
        return self

    async def __aexit__(self, *_: Any) -> None:
        if self._process.returncode is None:
            self._process.stdin.write(b'{"type": "bye"}\n')
            try:
                await asyncio.wait_for(self._process.wait(), 15)
            except asyncio.TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def call(self, function: str, *args: Any) -> Any:
        async with self._turn:
            self._process.stdin.write(json.dumps({"call": function, "args": args}).encode() + b"\n")
            line = await asyncio.wait_for(self._process.stdout.readline(), 60)
        if not line:
            raise PageError(f"{self.name} ended")
        answer = json.loads(line)
        if "failed" in answer:
            raise PageError(f"{self.name}, {function}: {answer['failed']}")
        return answer["result"]

    async def until(self, what: str, true: Callable[[Dict[str, Any]], bool], seconds: float = 30) -> Dict[str, Any]:
        end = time.monotonic() + seconds
        while True:
            stats: Dict[str, Any] = await self.call("stats")
            if true(stats):
                return stats
            assert time.monotonic() < end, f"{self.name}, {what}: not in {seconds} s, page has {stats}"
            await asyncio.sleep(0.2)

    async def until_shown(self, true: Callable[[Dict[str, Any]], bool]) -> Dict[str, Any]:
        """The same of a call of the page to itself."""
        for _ in range(150):
            shown: Dict[str, Any] = await self.call("shown")
            if true(shown):
                return shown
            await asyncio.sleep(0.2)
        raise AssertionError(f"{self.name} to itself: not in 30 s, shown {shown}")


def dropped(stats: Dict[str, Any], way: str = "incoming", but: List[str] = ["NO_KEY"]) -> Dict[str, int]:
    """Frames not let through, of both kinds, by reason."""
    found: Dict[str, int] = {}
    for of in stats[way].values():
        for why, count in of["dropped"].items():
            if why not in but:
                found[why] = found.get(why, 0) + count
    return found
