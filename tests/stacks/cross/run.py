"""Calls between the peer processes of different stacks; this is the signaling server between them, honest and hostile.

    run.py NAME=COMMAND...      the peers that are here

A peer is COMMAND --role offerer|answerer --identity KEY.pem --pin FINGERPRINT --codec VP8|H264. It speaks the signaling profile in lines on its
standard input and output; examples/aiortc/peer.py says the rest.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple, Type

root = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "examples" / "aiortc"))

import pqrtc  # noqa: E402
from pqrtc import BindingMismatchError, Call, HandshakeFailedError, KeyFormat, PeerRejectedError, Policy, PolicyOption, Profile, SignatureAlgorithm, SigningKey  # noqa: E402
from signaling import b64, fingerprint, unb64  # noqa: E402

# The first calls the second, with signaling that is honest; then with one that is hostile to these roles. Each stack meets it once in each role.
BOTH = ("offerer", "answerer")
PAIRS: List[Tuple[str, str, Tuple[str, ...]]] = [
    ("pion", "aiortc", BOTH),
    ("aiortc", "pion", BOTH),
    ("browser", "pion", ("offerer",)),
    ("pion", "browser", ("answerer",)),
    ("browser", "aiortc", ()),
    ("aiortc", "browser", ()),
    ("aiortc", "libwebrtc", ("answerer",)),
    ("libwebrtc", "pion", ("offerer",)),
    ("browser", "libwebrtc", ()),
    ("libwebrtc", "browser", ()),
    ("gstreamer", "aiortc", ("offerer",)),
    ("aiortc", "gstreamer", ("answerer",)),
]
H264 = {"gstreamer"}  # whose payloader of VP8 looks deeper into a frame than what stays clear

PATIENCE = 60  # seconds: a bound, never an expectation
PLAYING, REFUSING = 2, 3  # runs at once
Message = Dict[str, Any]


class Failed(Exception):
    pass


class Peer:
    """A process, and what it said last."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name, self._process = name, process
        self.report: Optional[Message] = None
        self.error: Optional[Message] = None

    @classmethod
    async def start(cls, pair: Tuple[str, str], name: str, role: str, identity: Path, pin: bytes, codec: str) -> Peer:
        command = [*shlex.split(COMMANDS[name]), "--role", role, "--identity", str(identity), "--pin", pin.hex(), "--codec", codec]
        pipe = asyncio.subprocess.PIPE
        env = {**os.environ, "PQRTC_PAIR": "-calls-".join(pair)}  # for the names of pictures
        return cls(name, await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 20, cwd=root, env=env))

    async def say(self, message: Message) -> None:
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            await self._process.stdin.drain()
        except ConnectionError:
            pass  # it has ended: its last words are still to be read

    async def hear(self) -> Optional[Message]:
        line = await self._process.stdout.readline()
        try:
            return json.loads(line) if line else None
        except ValueError as why:
            raise Failed(f"{self.name} said {line[:80]!r}") from why

    async def ended(self) -> int:
        return await asyncio.wait_for(self._process.wait(), PATIENCE)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()  # a browser is closed then


class Server:
    """Passes messages on. `offerer` and `answerer` are the identities that each is made to pin."""

    def __init__(self) -> None:
        self.pins: Dict[str, bytes] = {}

    def passes(self, sender: str, message: Message) -> List[Tuple[str, Message]]:
        """What goes to whom when `sender`, "offerer" or "answerer", has said something."""
        return [("answerer" if sender == "offerer" else "offerer", message)]


IDENTITIES = {role: SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for role in ("offerer", "answerer", "mallory")}
OTHER = {"offerer": "answerer", "answerer": "offerer"}


# What a hostile server does to the first message of a type (of "pqrtc", that is the finish).
def altered(message: Message) -> Message:
    data = unb64(message["pqrtc"])
    return {**message, "pqrtc": b64(data[:-1] + bytes([data[-1] ^ 1]))}


def other_certificate(message: Message) -> Message:
    colons = lambda value: ":".join(f"{byte:02X}" for byte in value)  # noqa: E731
    sdp = message["sdp"]
    mine, theirs = colons(pqrtc.random(32)), colons(fingerprint(sdp))
    assert theirs in sdp
    return {**message, "sdp": sdp.replace(theirs, mine)}


def stripped(message: Message) -> Message:
    return {name: value for name, value in message.items() if name != "pqrtc"}


class Changes(Server):
    def __init__(self, kind: str, change: Callable[[Message], Message]) -> None:
        super().__init__()
        self._kind, self._change, self._done = kind, change, False

    def passes(self, sender: str, message: Message) -> List[Tuple[str, Message]]:
        if message["type"] == self._kind and not self._done:
            self._done, message = True, self._change(message)
        return super().passes(sender, message)


class Misleads(Server):
    """One side pins somebody else."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.pins[role] = IDENTITIES["mallory"].fingerprint


class ManInTheMiddle(Server):
    """Makes a call of his own with each; the DTLS of the two he leaves alone."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: Dict[str, Call] = {}

    def _call(self, sdp: str) -> Call:
        policy = Policy(Profile.DEFAULT)
        policy.set(PolicyOption.ANY_PEER)
        return Call(policy, IDENTITIES["mallory"], binding=fingerprint(sdp))

    def passes(self, sender: str, message: Message) -> List[Tuple[str, Message]]:
        if message["type"] == "offer":
            self._calls["answerer"] = self._call(message["sdp"])
            self._offer = message
            return [("answerer", {**message, "pqrtc": b64(self._calls["answerer"].offer())})]
        if message["type"] == "answer":
            theirs = fingerprint(message["sdp"])
            finish = self._calls["answerer"].receive(unb64(message["pqrtc"]), theirs)
            self._calls["offerer"] = self._call(message["sdp"])
            answer = self._calls["offerer"].receive(unb64(self._offer["pqrtc"]), fingerprint(self._offer["sdp"]))
            return [("answerer", {"type": "pqrtc", "pqrtc": b64(finish)}), ("offerer", {**message, "pqrtc": b64(answer)})]
        return []


ANY = None
# What the server does, and which code each side must then end with; who is not named must not be satisfied either.
HOSTILE: List[Tuple[str, Callable[[], Server], Dict[str, Optional[Type[pqrtc.PqrtcError]]]]] = [
    ("a man in the middle", ManInTheMiddle, {"offerer": PeerRejectedError, "answerer": PeerRejectedError}),
    ("another certificate in the offer", lambda: Changes("offer", other_certificate), {"answerer": BindingMismatchError}),
    ("another certificate in the answer", lambda: Changes("answer", other_certificate), {"offerer": BindingMismatchError}),
    ("the answer altered", lambda: Changes("answer", altered), {"offerer": HandshakeFailedError}),
    ("the finish altered", lambda: Changes("pqrtc", altered), {"answerer": HandshakeFailedError}),
    ("the offer without pqrtc", lambda: Changes("offer", stripped), {"answerer": ANY}),
    ("the answer without pqrtc", lambda: Changes("answer", stripped), {"offerer": ANY}),
    ("the offerer expects somebody else", lambda: Misleads("offerer"), {"offerer": PeerRejectedError}),
    ("the answerer expects somebody else", lambda: Misleads("answerer"), {"answerer": PeerRejectedError}),
]


async def run(offerer: str, answerer: str, server: Server, until: Callable[[Dict[str, Peer]], bool]) -> Dict[str, Peer]:
    """Both play until `until` holds or one has ended."""
    peers: Dict[str, Peer] = {}
    hearing: Dict[asyncio.Future[Any], str] = {}
    try:
        for role, name in (("offerer", offerer), ("answerer", answerer)):
            pin = server.pins.get(role, IDENTITIES[OTHER[role]].fingerprint)
            peers[role] = await Peer.start((offerer, answerer), name, role, KEYS[role], pin, "H264" if H264 & {offerer, answerer} else "VP8")
            hearing[asyncio.ensure_future(peers[role].hear())] = role
        while hearing and not until(peers):
            done, _ = await asyncio.wait(hearing, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise Failed(f"nothing more after {[p.error or p.report for p in peers.values()]}")
            for heard in done:
                role, message = hearing.pop(heard), heard.result()
                if message is None:
                    if not peers[role].error and not peers[role].report:
                        raise Failed(f"the {role}, {peers[role].name}, ended with exit code {await peers[role].ended()}")
                    continue
                if message.get("type") == "report":
                    peers[role].report = message
                elif message.get("type") == "error":
                    peers[role].error = message
                else:
                    for to, passed in server.passes(role, message):
                        await peers[to].say(passed)
                hearing[asyncio.ensure_future(peers[role].hear())] = role
        for peer in peers.values():
            await peer.say({"type": "bye"})
        for role, peer in peers.items():
            code = await peer.ended()
            if code != (1 if peer.error else 0):
                raise Failed(f"the {role}, {peer.name}, ended with exit code {code}")
        return peers
    finally:
        for heard in hearing:
            heard.cancel()
        for peer in peers.values():
            peer.kill()


async def friendly(offerer: str, answerer: str) -> str:
    def satisfied(peers: Dict[str, Peer]) -> bool:
        return any(p.error for p in peers.values()) or all(p.report for p in peers.values())

    peers = await run(offerer, answerer, Server(), satisfied)
    for role, peer in peers.items():
        if peer.error or not peer.report:
            raise Failed(f"the {role}, {peer.name}, said {peer.error}")
        of = peer.report
        if of["state"] not in ("done", "confirmed") or of["epoch"] != 1 or of["opened"] < 100:
            raise Failed(f"the {role}, {peer.name}, reports {of}")
        if of["peer"] != IDENTITIES[OTHER[role]].fingerprint.hex():
            raise Failed(f"the {role}, {peer.name}, takes the other for {of['peer']}")
    first, second = (p.report for p in peers.values())
    if first["sas"] != second["sas"]:
        raise Failed(f"two codes, {first['sas']} and {second['sas']}")
    return f"code {first['sas']}, rekeyed, {first['opened']} and {second['opened']} frames opened, {first['refused']} and {second['refused']} refused"


async def hostile(offerer: str, answerer: str, server: Server, codes: Dict[str, Optional[Type[pqrtc.PqrtcError]]]) -> str:
    peers = await run(offerer, answerer, server, lambda peers: all(peers[role].error for role in codes))
    for role, peer in peers.items():
        if peer.report:
            raise Failed(f"the {role}, {peer.name}, took part in a call")
        if role in codes and codes[role] and codes[role].code != peer.error["code"]:
            raise Failed(f"the {role}, {peer.name}, refused it with code {peer.error['code']} ({peer.error['text']}), not {codes[role].code}")
    return ", ".join(f"{peers[role].name}: {peers[role].error['text']}" for role in codes)


async def main() -> int:
    failed, missing = 0, set()
    playing, refusing = asyncio.Semaphore(PLAYING), asyncio.Semaphore(REFUSING)

    async def told(name: str, limit: asyncio.Semaphore, test: Callable[[], Any]) -> None:
        nonlocal failed
        async with limit:
            try:
                print(f"passed: {name}: {await test()}", flush=True)
            except (Failed, asyncio.TimeoutError) as why:
                failed += 1
                print(f"failed: {name}: {why!r}", flush=True)

    friendly_ones, hostile_ones = [], []
    for offerer, answerer, roles in PAIRS:
        if absent := {offerer, answerer} - COMMANDS.keys():
            missing |= absent
            continue
        pair = f"{offerer} calls {answerer}"
        friendly_ones.append(told(pair, playing, lambda o=offerer, a=answerer: friendly(o, a)))
        for what, server, codes in HOSTILE:
            if set(roles) & codes.keys():
                hostile_ones.append(told(f"{pair}, {what}", refusing, lambda o=offerer, a=answerer, s=server, c=codes: hostile(o, a, s(), c)))
    await asyncio.gather(*friendly_ones)
    await asyncio.gather(*hostile_ones)
    if failed:
        return 1
    if missing:
        print(f"skipped: no peer of {', '.join(sorted(missing))}")
        return 77
    return 0


def play(arguments: List[str]) -> int:
    """Runs the pairs of the table whose peers are named, as NAME=COMMAND."""
    COMMANDS.update(argument.split("=", 1) for argument in arguments)
    with tempfile.TemporaryDirectory() as folder:
        for role in OTHER:
            KEYS[role] = Path(folder, f"{role}.pem")
            KEYS[role].write_bytes(IDENTITIES[role].export_file(KeyFormat.PEM))
        return asyncio.run(main())


COMMANDS: Dict[str, str] = {}
KEYS: Dict[str, Path] = {}

if __name__ == "__main__":
    sys.exit(play(sys.argv[1:]))
