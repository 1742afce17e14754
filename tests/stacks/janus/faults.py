"""A meeting through Janus that meets a bad network, forged frames, members who start again, and a delivery server that keeps a commit back. No frame
leaves unsealed."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Tuple

root = Path(__file__).resolve().parents[3]
for folder in ("examples/janus", "tests/stacks/aiortc"):
    sys.path.insert(0, str(root / folder))

import aioice.ice  # noqa: E402
from janus import Janus  # noqa: E402
from room import ROOM, Feed, Participant, Play, only, until  # noqa: E402
from wire import Forger, Network, Watch  # noqa: E402


async def two(play: Play) -> Tuple[Participant, Participant]:
    for name in ("ada", "bob"):
        await play.join(await play.come(name))
    ada, bob = play.there
    return ada, bob


async def refresh(play: Play) -> None:
    """A fresh secret, and senders that seal under it: the members of the next epoch alone open it."""
    before = await play.one_code()
    play.there[0].member.refresh()
    await until(lambda: play.there[0].member.meeting.code() != before)
    await play.one_code()
    await asyncio.sleep(2.1)


async def bad_network(janus: Janus) -> None:
    """5 % lost, 10 % out of order, 5 % doubled, on the way to Janus and back from the members, across a change of epoch."""
    async with Play(janus) as play:
        with Watch() as watch, Network() as network:
            ada, bob = await two(play)
            await bob.sees(ada, within=50)
            await refresh(play)
            await bob.sees(ada, within=50)
            assert network.lost and network.late and network.doubled
            assert watch.packets and not watch.unsealed, watch.unsealed[:9]
        tap = bob.feeds["ada"].taps["video"]
        print(f"{network.sent} datagrams, {network.lost} lost, {network.late} late, {network.doubled} doubled; refused {dict(tap.dropped)}")


async def forged_frames(janus: Janus) -> None:
    """What Janus could do, were it hostile: altered frames, replays, noise."""
    async with Play(janus) as play:
        with Watch() as watch:
            ada, bob = await two(play)
            await bob.sees(ada)
            taps = bob.feeds["ada"].taps
            forgers = [Forger(sender, watch) for sender in ada.pc.getSenders()]
            await until(lambda: all(tap.dropped["DecryptionError"] > 3 and tap.dropped["ReplayedFrameError"] > 3 for tap in taps.values()))
            await bob.sees(ada)
            assert not watch.unsealed, watch.unsealed[:9]
        for kind, tap in taps.items():
            print(f"{kind}: {tap.opened} opened, refused {dict(tap.dropped)}")
        assert all(forger.forged > 8 for forger in forgers)


async def restarts(janus: Janus) -> None:
    """Bob starts again, with a new card: the keys that he had open nothing any more."""
    async with Play(janus) as play:
        with Watch() as watch:
            ada, bob = await two(play)
            await bob.sees(ada)
            old = bob.feeds["ada"]
            await bob.member.__aexit__()  # without a word
            ada.member.remove(1)
            await until(lambda: ada.member.meeting.info().members == 1)
            play.there.remove(bob)
            again = await play.come("bob")
            await play.join(again)
            assert again.member.meeting.info().own_index == 1
            await again.sees(ada)
            await ada.sees(again)
            tap = old.taps["video"]
            await until(lambda: tap.dropped["UnknownKeyIdError"] > 3)
            opened, last = tap.opened, tap.dropped["UnknownKeyIdError"]
            await until(lambda: tap.dropped["UnknownKeyIdError"] > last + 5)
            assert tap.opened == opened, "opened with keys of before"
            assert watch.packets and not watch.unsealed, watch.unsealed[:9]


async def behind(janus: Janus) -> None:
    """Bob is not given a commit: he sees nothing from then on, until he has it."""
    async with Play(janus) as play:
        ada, bob = await two(play)
        await bob.sees(ada)
        meeting = play.server.meetings["/meeting"]
        ways = meeting.online.pop(bob.member.reference)
        ada.member.refresh()
        await until(lambda: ada.member.meeting.info().epoch == 2)
        meeting.online[bob.member.reference] = ways
        tap = bob.feeds["ada"].taps["video"]
        await until(lambda: tap.dropped["UnknownKeyIdError"] > 3)
        assert bob.member.meeting.code() != ada.member.meeting.code()
        await bob.member.resume()
        await play.one_code()
        await bob.sees(ada)


async def swapped(janus: Janus) -> None:
    """Janus gives Bob the feed of Carol as Ada's, and his own back as Carol's."""
    async with Play(janus) as play:
        ada, bob = await two(play)
        carol = await play.come("carol")
        await play.join(carol)
        for name, feed in (("ada", carol.feed), ("carol", bob.feed)):
            await bob.feeds[name].close()
            bob.feeds[name] = Feed()
            bob.feeds[name].use(bob.receiver)
            await bob.feeds[name].subscribe(janus, feed)
        other, own = (bob.feeds[name].taps["video"] for name in ("ada", "carol"))
        await until(lambda: other.opened > 3 and own.dropped["UnknownKeyIdError"] > 10)
        assert bob.who(other.member) == carol.member.identity.fingerprint and own.opened == 0


def main() -> int:
    logging.basicConfig(level=logging.CRITICAL)
    addresses = aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    if Janus.missing() or not addresses:
        print("skipped: no Janus, or no network interface for it")
        return 77
    only(addresses[0])
    with Janus(ROOM, addresses[0]) as janus:
        for test in (bad_network, forged_frames, restarts, behind, swapped):
            asyncio.run(asyncio.wait_for(test(janus), 90))
            print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
