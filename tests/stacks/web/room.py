"""Chromium and Firefox through a Janus VideoRoom that holds no key: pictures and sound both ways, a rekey in mid-call, nothing under other keys.

    room.py SITE PICTURES ADDRESS [--codec VP8|VP9]     ADDRESS is one of this machine for the media of Janus
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any, Dict, Tuple

root = Path(__file__).resolve().parents[3]
sys.path.append(str(root / "examples" / "janus"))

from janus import Handle, Janus  # noqa: E402
from page_process import Page, dropped  # noqa: E402
from pqrtc import KeyFormat, SignatureAlgorithm, SigningKey  # noqa: E402

ROOM = 1234


def sealed(kind: str, sdp: str) -> Dict[str, Any]:
    return {"type": kind, "sdp": sdp, "e2ee": True}


async def publish(janus: Janus, page: Page, me: SigningKey, they: SigningKey, codec: str) -> Tuple[Handle, int]:
    handle = Handle(janus)
    await handle.attach()
    joined, _ = await handle.message(request="join", ptype="publisher", room=ROOM, display=page.name)
    options = {"pem": me.export_file(KeyFormat.PEM).decode(), "pin": they.fingerprint.hex(), "codec": codec}
    _, answer = await handle.message(sealed("offer", await page.call("publish", options)), request="publish", videocodec=codec.lower())
    await page.call("published", answer["sdp"])
    await handle.up()
    return handle, joined["id"]


async def subscribe(janus: Janus, page: Page, feed: int, codec: str) -> Handle:
    handle = Handle(janus)
    await handle.attach()
    _, offer = await handle.message(request="join", ptype="subscriber", room=ROOM, streams=[{"feed": feed}])
    await handle.message(sealed("answer", await page.call("subscribe", offer["sdp"], codec)), request="start")
    return handle


async def shake_hands(one: Page, other: Page) -> None:
    """The messages of a call, or of a rekey, beside the SFU."""
    message, to, back = await one.call("callOffer"), other, one
    while message:
        message, to, back = await to.call("callReceive", message), back, to


async def plays(page: Page, epoch: int, codec: str) -> Dict[str, Any]:
    def under(of: Dict[str, Any]) -> bool:
        return of["kid"] is not None and of["kid"] & 3 == epoch & 3 and of["framesOfKid"] > 10

    await page.until(f"media of epoch {epoch}", lambda s: s["incoming"] and all(under(of) for way in ("incoming", "outgoing") for of in s[way].values()))
    before = await page.call("stats")
    after = await page.until("pictures", lambda s: s["decoded"] > before["decoded"] + 20 and s["time"] > before["time"] and s["energy"] > 0)
    assert after["mime"] == f"video/{codec}" and not after["errors"], after
    return after


async def play(janus: Janus, site: str, pictures: Path, codec: str) -> None:
    keys = [SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2)]
    async with Page("chromium", site) as chromium, Page("firefox", site) as firefox:
        pages = [chromium, firefox]
        published = await asyncio.gather(*(publish(janus, page, me, they, codec) for page, me, they in zip(pages, keys, reversed(keys))))
        handles = [handle for handle, _ in published]
        handles += await asyncio.gather(*(subscribe(janus, page, feed, codec) for page, (_, feed) in zip(pages, reversed(published))))
        for page in pages:
            held = await page.until("frames held back", lambda s: s["outgoing"]["video"]["dropped"].get("NO_KEY", 0) > 15)
            assert held["bytesSent"] == held["decoded"] == 0, held
        await shake_hands(chromium, firefox)
        await asyncio.gather(*(plays(page, 0, codec) for page in pages))
        lost = [dropped(await page.call("stats")) for page in pages]
        await shake_hands(firefox, chromium)
        played = await asyncio.gather(*(plays(page, 1, codec) for page in pages))
        assert lost == [dropped(stats) for stats in played], f"the rekey cost a frame: {lost}, then {[dropped(stats) for stats in played]}"
        for page, stats in zip(pages, played):
            await page.call("screenshot", str(pictures / f"{page.name}-janus-{codec}.png"))
            print(f"{page.name} through Janus, {codec}: {stats['decoded']} pictures decoded, rekeyed, no frame lost; DTLS {stats.get('tls')}", flush=True)
        for page in pages:
            await page.call("loseKeys")
            stats = await page.until("failures counted", lambda s: all(of["dropped"].get("DECRYPTION_FAILED", 0) > 20 for of in s["incoming"].values()))
            later = await page.until("more of them", lambda s: dropped(s)["DECRYPTION_FAILED"] > dropped(stats)["DECRYPTION_FAILED"] + 50)
            assert stats["decoded"] == later["decoded"] and all(stats["incoming"][kind]["frames"] == later["incoming"][kind]["frames"] for kind in stats["incoming"])
            print(f"{page.name} with other keys: {dropped(later)}, nothing shown", flush=True)
        for handle in handles:
            await handle.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("site")
    options.add_argument("pictures", type=Path)
    options.add_argument("address")
    options.add_argument("--codec", default="VP9", choices=["VP8", "VP9"])
    chosen = options.parse_args()
    with Janus(ROOM, chosen.address) as janus:
        asyncio.run(asyncio.wait_for(play(janus, chosen.site, chosen.pictures, chosen.codec), 120))


main()
