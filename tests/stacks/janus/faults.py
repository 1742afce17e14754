"""A meeting through Janus that meets a bad network, forged frames, members who start again, and messages that went astray. No frame leaves unsealed."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any, Callable, Tuple, Type

root = Path(__file__).resolve().parents[3]
for folder in ("examples/janus", "tests/stacks/aiortc"):
    sys.path.insert(0, str(root / folder))

import aioice.ice  # noqa: E402
import pqrtc  # noqa: E402
from janus import Janus  # noqa: E402
from room import ROOM, Publisher, Subscriber, only  # noqa: E402
from exchange import SignalingError  # noqa: E402
from wire import Forger, Network, Watch  # noqa: E402


async def start(janus: Janus, first_kid: int = 0) -> Tuple[Publisher, Subscriber, int]:
    alice, bob = Publisher(first_kid), Subscriber()
    feed = await alice.publish(janus, relay=False)
    await bob.subscribe(janus, feed)
    return alice, bob, feed


def admit(alice: Publisher, **members: Subscriber) -> None:
    """Lets the members in that are not yet, and gives everybody new keys."""
    for name, member in members.items():
        if member.session is None:
            member.admitted(alice.admit(name, member.offer))
    for name, message in alice.new_keys().items():
        members[name].take(message)
    alice.use()


async def leave(*peers: Any) -> None:
    for peer in peers:
        await peer.pc.close()
        await peer.handle.close()


async def bad_network(janus: Janus) -> None:
    """5 % lost, 10 % out of order, 5 % doubled, on the way to Janus and back from the members."""
    with Watch() as watch, Network() as network:
        alice, bob, _ = await start(janus)
        admit(alice, bob=bob)
        await bob.sees(40, within=50)
        admit(alice, bob=bob)
        await bob.sees(40, within=50)
        assert network.lost and network.late and network.doubled
        assert watch.packets and not watch.unsealed, watch.unsealed[:9]
    print(f"{network.sent} datagrams, {network.lost} lost, {network.late} late, {network.doubled} doubled; refused {dict(bob.openers['video'].dropped)}")
    await leave(alice, bob)


async def forged_frames(janus: Janus) -> None:
    """What Janus could do, were it hostile: altered frames, replays, noise."""
    with Watch() as watch:
        alice, bob, _ = await start(janus)
        admit(alice, bob=bob)
        await bob.sees()
        forgers = [Forger(sender, watch) for sender in alice.pc.getSenders()]
        await asyncio.sleep(2)
        await bob.sees()
        assert not watch.unsealed, watch.unsealed[:9]
    for kind, opener in bob.openers.items():
        assert opener.dropped["DecryptionError"] and opener.dropped["ReplayedFrameError"]
        print(f"{kind}: {opener.opened} opened, refused {dict(opener.dropped)}")
    assert all(forger.forged > 20 for forger in forgers)
    await leave(alice, bob)


async def restarts(janus: Janus) -> None:
    """Bob starts again, then Alice does: new sessions, new keys, and the old ones open nothing."""
    with Watch() as watch:
        alice, bob, feed = await start(janus)
        admit(alice, bob=bob)
        await bob.sees()
        await leave(bob)
        alice.dismiss("bob")
        again = Subscriber()
        await again.subscribe(janus, feed)
        admit(alice, bob=again)
        await again.sees()

        await leave(alice)
        anew, third = Publisher(first_kid=0), Subscriber()
        await third.subscribe(janus, await anew.publish(janus, relay=False))
        admit(anew, bob=third)
        # Her key IDs begin again where the old ones did. Her keys do not: with those of before, nothing opens.
        third.openers["video"].key = again.openers["video"].key
        third.openers["audio"].key = again.openers["audio"].key
        await third.blind()
        assert set(third.openers["video"].dropped) <= {"DecryptionError", "UnknownKeyIdError"}
        for opener in third.openers.values():
            opener.key = None
        admit(anew, bob=third)
        await third.sees()
        assert watch.packets and not watch.unsealed, watch.unsealed[:9]
    await leave(again, anew, third)


def refused(what: str, kind: Type[Exception], act: Callable[[], Any]) -> None:
    try:
        act()
    except kind as why:
        print(f"    {what}: {why}")
        return
    raise AssertionError(f"{what}: accepted")


async def astray(janus: Janus) -> None:
    """Messages of the application's signaling that reach the wrong member, or twice, or altered."""
    alice, bob, feed = await start(janus)
    carol = Subscriber()
    await carol.subscribe(janus, feed)
    for_bob, for_carol = alice.admit("bob", bob.offer), alice.admit("carol", carol.offer)
    refused("Carol's answer to Bob", SignalingError, lambda: bob.admitted(for_carol))
    refused("Bob's answer, truncated", SignalingError, lambda: bob.admitted({**for_bob, "exchange": for_bob["exchange"][:-4]}))
    bob.admitted(for_bob)
    carol.admitted(for_carol)
    messages = alice.new_keys()
    refused("Carol's keys to Bob", pqrtc.DecryptionError, lambda: bob.take(messages["carol"]))
    refused("Bob's keys, truncated", pqrtc.DecryptionError, lambda: bob.take(messages["bob"][:-1]))
    bob.take(messages["bob"])
    refused("Bob's keys once more", pqrtc.ReplayedFrameError, lambda: bob.take(messages["bob"]))
    carol.take(messages["carol"])
    alice.use()
    await asyncio.gather(bob.sees(), carol.sees())
    await leave(alice, bob, carol)


def main() -> int:
    logging.basicConfig(level=logging.CRITICAL)
    addresses = aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    if Janus.missing() or not addresses:
        print("skipped: no Janus, or no network interface for it")
        return 77
    only(addresses[0])
    with Janus(ROOM, addresses[0]) as janus:
        for test in (bad_network, forged_frames, restarts, astray):
            asyncio.run(asyncio.wait_for(test(janus), 40))
            print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
