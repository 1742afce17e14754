"""Calls of a page that uses the package with aiortc: nothing passes without a key, rekeys cost no frame, nothing is shown under a wrong key, and loss
and forged frames do not end a call.

    calls.py SITE PICTURES chromium|firefox
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Optional

root = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(root / "examples" / "aiortc"), str(root / "tests" / "stacks" / "aiortc")]

from call import STREAMS, Peer  # noqa: E402
from media import loopback_only  # noqa: E402
from page_process import Page, PageError, dropped  # noqa: E402
from pqrtc import Direction, KeyFormat, SignatureAlgorithm, SigningKey, UnknownKeyIdError  # noqa: E402
from wire import Forger, Network, Watch  # noqa: E402

ME, THEY = (SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2))
PEM = THEY.export_file(KeyFormat.PEM).decode()


def blue(stats: Dict[str, Any]) -> bool:
    red, _, blue, _ = stats.get("pixel") or (0, 0, 0, 0)
    return blue > 150 and red < 80


def frames(stats: Dict[str, Any], way: str, kind: str) -> int:
    return stats[way].get(kind, {}).get("frames", 0)


class Two:
    """The page and aiortc, which offers. aiortc sends blue and 880 Hz."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def begin(self, codec: str = "VP8", **options: Any) -> None:
        self.peer = Peer("blue", 880, ME, THEY.fingerprint, codec)
        await self.page.call("start", {"pem": PEM, "pin": ME.fingerprint.hex(), "codec": codec, **options})

    async def to_page(self, text: Optional[str]) -> Optional[str]:
        said = await self.page.call("receive", text)
        assert "refused" not in said, said
        return said["reply"]

    async def connect(self) -> str:
        """Up to the finish, which is not passed on: aiortc knows who the page is, and not the other way round."""
        finish = await self.peer.receive(await self.to_page(await self.peer.offer()))
        assert finish
        return finish

    async def finish(self, finish: str) -> None:
        if acknowledgement := await self.to_page(finish):
            await self.peer.receive(acknowledgement)

    def lost(self) -> Dict[str, Dict[str, int]]:
        return {kind: dict(opener.dropped) for kind, opener in self.peer.openers.items()}

    async def opens_newest(self) -> None:
        """aiortc opens frames of the newest epoch. On a busy machine it may be behind, and a frame is opened for one more epoch alone."""
        for _ in range(400):
            try:
                kids = {kind: self.peer.call.sframe_key(Direction.RECEIVING, stream)[0] for kind, stream in STREAMS.items()}
                if all(opener.key.key_stats(kids[kind]).opened > 5 for kind, opener in self.peer.openers.items()):
                    return
            except UnknownKeyIdError:
                pass  # no frame of it yet
            await asyncio.sleep(0.05)
        raise AssertionError(f"aiortc opens nothing of the newest epoch: {self.lost()}")

    async def goes_on(self) -> Dict[str, Any]:
        """Picture and sound, both ways, and every frame opens."""
        page, peer = self.page, self.peer
        await page.until("a picture and sound", lambda s: blue(s) and s["decoded"] > 20 and s["energy"] > 0)
        before, lost = await page.call("stats"), self.lost()
        await asyncio.gather(peer.sinks["video"].more(20, 30), peer.sinks["audio"].more(60, 30))
        after = await page.until("it moves on", lambda s: s["time"] > before["time"] and s["decoded"] > before["decoded"] + 10)
        assert self.lost() == lost, f"a frame came to aiortc that did not open: {lost}, then {self.lost()}"
        assert dropped(after) == dropped(before), f"a frame came to the page that did not open: {dropped(before)}, then {dropped(after)}"
        assert not after["errors"], after["errors"]
        luma = bytes(peer.sinks["video"].recent[-1].planes[0])
        assert max(luma) - min(luma) > 40, "aiortc shows a flat picture"
        return after

    async def close(self) -> None:
        await self.peer.close()


async def without_a_key(two: Two) -> None:
    """The page has answered, and does not have the finish: connected, but it knows nobody. Then it gets it."""
    await two.begin()
    finish = await two.connect()
    page = two.page
    counted = lambda s, way: all(s[way].get(kind, {}).get("dropped", {}).get("NO_KEY", 0) > 20 for kind in ("audio", "video"))  # noqa: E731
    stats = await page.until("frames held back, both ways", lambda s: counted(s, "outgoing") and counted(s, "incoming"))
    assert stats["decoded"] == stats["energy"] == stats["bytesSent"] == 0 and not stats["maySend"], stats
    assert not any(o.opened or o.dropped for o in two.peer.openers.values()), "something left the page without a key"
    print(f"{page.name}, no key: {dropped(stats, 'outgoing', [])} not sent, {dropped(stats, 'incoming', [])} not shown, 0 bytes of media sent", flush=True)
    await two.finish(finish)
    stats = await two.goes_on()
    print(f"{page.name}, with a key: {stats['decoded']} pictures of {stats['mime']}, blue {stats['pixel'][:3]}; aiortc: {two.peer.sinks['video'].frames} pictures, "
          f"{two.peer.sinks['audio'].frames} blocks of sound; DTLS {stats.get('tls')} {stats.get('group')}", flush=True)


async def rekeys(two: Two) -> None:
    """By either side; the fourth time the acknowledgement is lost, and a frame under the new keys tells the page as much."""
    page, peer = two.page, two.peer
    lost, before = two.lost(), await page.call("stats")
    for epoch in range(1, 6):
        if epoch == 4:
            finish = await two.to_page(await peer.receive(await page.call("rekey")))
            await peer.receive(finish)
        elif epoch % 2:
            finish = await two.to_page(await peer.receive(await page.call("rekey")))
            assert await two.to_page(await peer.receive(finish)) is None
        else:
            finish = await peer.receive(await two.to_page(peer.rekey()))
            await two.finish(finish)
        under = lambda of: of["kid"] is not None and of["kid"] & 3 == epoch & 3 and of["framesOfKid"] > 15  # noqa: B023, E731
        stats = await page.until(f"media of epoch {epoch}", lambda s: all(under(s[way][kind]) for way in ("incoming", "outgoing") for kind in ("audio", "video")))  # noqa: B023
        await two.opens_newest()
        assert stats["epoch"] == peer.call.info().epoch == epoch and stats["sas"] == peer.call.sas()
    assert two.lost() == lost, f"a rekey cost a frame: {lost}, then {two.lost()}"
    assert dropped(stats) == dropped(before), f"a rekey cost a frame: {dropped(before)}, then {dropped(stats)}"
    await two.goes_on()
    print(f"{page.name}: five rekeys, by either side, one without acknowledgement: no frame lost", flush=True)


async def wrong_key(two: Two) -> None:
    """Under the KIDs of the call the page has keys that nobody else has."""
    await two.begin(wrong=True)
    await two.finish(await two.connect())
    page, peer = two.page, two.peer
    refused = lambda s: all(s["incoming"].get(kind, {}).get("dropped", {}).get("DECRYPTION_FAILED", 0) > 30 for kind in ("audio", "video"))  # noqa: E731
    await page.until("failures counted", refused)
    for _ in range(150):
        if all(o.dropped["DecryptionError"] > 10 for o in peer.openers.values()):
            break
        await asyncio.sleep(0.1)
    stats = await page.call("stats")
    assert stats["decoded"] == stats["energy"] == 0 and not any(of["frames"] for of in stats["incoming"].values()), stats
    assert all(set(o.dropped) == {"DecryptionError"} and o.dropped["DecryptionError"] > 10 and not o.opened for o in peer.openers.values()), two.lost()
    assert not any(sink.frames for sink in peer.sinks.values()), "aiortc decoded something under the wrong key"
    print(f"{page.name}, wrong key: nothing shown. Page {dropped(stats)}, aiortc {two.lost()}", flush=True)


async def bad_network(two: Two) -> None:
    """What aiortc sends is lost (5 %), late and doubled, and among it are forged frames."""
    with Watch() as watch, Network() as network:
        await two.begin()
        await two.finish(await two.connect())
        page, forgers = two.page, [Forger(sender, watch) for sender in two.peer.pc.getSenders()]
        await page.until("a picture", lambda s: blue(s) and s["decoded"] > 10)
        before = await page.until("forged ones came", lambda s: {"DECRYPTION_FAILED", "REPLAYED_FRAME"} <= dropped(s).keys())
        after = await page.until("it goes on", lambda s: blue(s) and s["decoded"] > before["decoded"] + 10 and frames(s, "incoming", "audio") > frames(before, "incoming", "audio") + 20)
        assert not watch.unsealed, watch.unsealed[:9]
        assert all(forger.forged > 10 for forger in forgers) and network.lost and not after["errors"]
    print(f"{page.name}: {network.lost} datagrams lost, {network.late} late, {network.doubled} doubled, {sum(f.forged for f in forgers)} frames forged: "
          f"{after['decoded']} pictures decoded, refused {dropped(after)}", flush=True)


BAD = {
    "no sender": "TypeError", "a receiver as sender": "TypeError", "a sender as receiver": "TypeError", "no key at all": "TypeError", "a number as KID": "TypeError",
    "a negative KID": "INVALID_ARGUMENT", "a huge KID": "INVALID_ARGUMENT", "a short key": "INVALID_LENGTH", "a detached key": "TypeError",
    "a string as key": "TypeError", "no codec": "TypeError", "an unknown codec": "INVALID_ARGUMENT", "an unknown cipher": "INVALID_ARGUMENT",
    "metadata of text": "TypeError", "a stream of text": "TypeError", "a disposed call": "NULL_POINTER", "one key of a list": "TypeError",
    "a cipher suite that the profile does not allow": "POLICY_REFUSED", "the same to open": "POLICY_REFUSED", "a member of text": "TypeError",
    "a second transform": "INVALID_ARGUMENT", "the key": "taken", "the key for another sender": "KEY_REUSED", "the key again": "KEY_REUSED", "another key": "taken",
    "a key to open with": "taken", "its KID again": "KEY_REUSED", "a KID to remove that is not there": "UNKNOWN_KEY_ID", "a number to remove": "TypeError",
    "a stream of a meeting that has a sender": "KEY_REUSED", "a sender of the page for it": "KEY_REUSED",
    "a stream that has a sender of the page": "KEY_REUSED", "the same when it is disposed of": "KEY_REUSED",
    "a stream of a call that has a sender": "KEY_REUSED", "a sender of the page for the call": "KEY_REUSED",
    "its KID to remove": "taken", "a key when it is closed": "INVALID_ARGUMENT", "kept": "the key of the page is not touched",
}  # fmt: skip


async def bad_input(page: Page) -> None:
    said = await page.call("badInput")
    assert said == BAD, {name: (said.get(name), BAD.get(name)) for name in said.keys() | BAD.keys() if said.get(name) != BAD.get(name)}
    print(f"{page.name}: {len(BAD)} cases of bad input, each refused as it should be", flush=True)


async def signaling(page: Page) -> None:
    vectors = json.loads((root / "tests" / "vectors" / "signaling.json").read_text())
    wrong = await page.call("signaling", vectors["messages"], vectors["fingerprints"])
    assert not wrong, f"the example reads otherwise: {wrong}"
    print(f"{page.name}: the signaling profile, {len(vectors['messages'])} messages and {len(vectors['fingerprints'])} fingerprints", flush=True)


CODECS = {"chromium": ("VP9", "H264", "AV1"), "firefox": ("VP9", "AV1")}


async def codecs(page: Page) -> None:
    """Each from the browser to itself, through the worker twice."""
    for codec in CODECS[page.name]:
        await page.call("startLoop", 320, 240, codec)
        shown = await page.until_shown(lambda shown: shown["opened"] > 30 and shown["decoded"] > 20 and shown["time"] > 0.5)
        print(f"{page.name} to itself, {codec}: {shown['opened']} frames opened, {shown['decoded']} shown", flush=True)


async def retransmissions(page: Page) -> None:
    """A frame comes twice only where a browser sends packets again, as both do to probe the network: never without RTX. Firefox does not count them."""
    for rtx in (True, False):
        await page.call("startLoop", 640, 480, "VP8", rtx)
        shown = await page.until_shown(lambda shown: shown["decoded"] > 100)
        again, replayed = shown["retransmitted"], shown["replayed"]
        assert (rtx and (page.name == "firefox" or replayed <= again)) or replayed == again == 0, shown
        print(f"{page.name}, {'with' if rtx else 'without'} RTX: {again} packets came again, {replayed} frames were refused as replayed", flush=True)


async def without_worker(name: str, site: str) -> None:
    """It is said, and there is no call."""
    async with Page(name, site, "--without-worker") as page:
        said, words = await page.call("withoutWorker"), "pqrtc: the worker could not be loaded"
        assert said == [f"event: {words}", words, words], said
        try:
            await page.call("startLoop", 320, 240)
        except PageError as why:
            assert words in str(why), why
        else:
            raise AssertionError("a call without the worker")
        print(f"{name} without the worker: {said[1]}", flush=True)


async def browser(name: str, site: str, pictures: Path) -> None:
    async with Page(name, site) as page:
        await bad_input(page)
        await signaling(page)
        two = Two(page)
        try:
            for test in (without_a_key, rekeys, wrong_key, bad_network):
                await asyncio.wait_for(test(two), 120)
                await page.call("screenshot", str(pictures / f"{name}-{test.__name__.replace('_', '-')}.png"))
                if test is not without_a_key:
                    await two.close()
        finally:
            await two.close()
        await codecs(page)
        await retransmissions(page)
        has = await page.call("webCrypto")
        print(f"{name}: its WebCrypto has {'' if has else 'no '}ML-KEM-768", flush=True)


async def main() -> None:
    site, pictures, name = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    await browser(name, site, pictures)
    await without_worker(name, site)


asyncio.run(main())
