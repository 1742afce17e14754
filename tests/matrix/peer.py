"""The Python peer of the language matrix; README.md says what it speaks."""

from __future__ import annotations

import struct
import sys
from typing import Any, Callable, Iterator

import pqrtc
from pqrtc import Call, Meeting, MeetingCard, Policy, PolicyOption, frame, sframe, turn


def bits(text: str) -> bytes:
    return b"" if text == "-" else bytes.fromhex(text)


def apart(cards: bytes) -> Iterator[bytes]:
    while cards:
        (length,) = struct.unpack_from(">I", cards)
        yield cards[4 : 4 + length]
        cards = cards[4 + length :]


class Peer:
    pair: Any = None
    session: Any = None
    kem_pair: Any = None
    key: Any = None
    sending: Any = None
    receiving: Any = None
    call: Any = None
    card: Any = None
    meeting: Any = None

    def run(self, verb: str, *fields: str) -> bytes | None:
        command: Callable[..., bytes | None] = getattr(self, "do_" + verb)
        return command(*fields)

    def do_keypair(self, suite: str, seed: str) -> bytes:
        self.pair = pqrtc.HybridKeypair.from_seed(int(suite), bits(seed))
        return self.pair.bundle

    def do_respond(self, exchange: str) -> None:
        self._start(self.pair.respond(bits(exchange)))

    def do_initiate(self, suite: str, bundle: str) -> bytes:
        exchange, session = pqrtc.initiate(int(suite), bits(bundle))
        self._start(session)
        return exchange

    def _start(self, session: pqrtc.Session) -> None:
        self.session, self.sending, self.receiving = session, None, None

    def do_export(self, label: str, context: str, length: str) -> bytes:
        return self.session.export(bits(label), bits(context), int(length))

    def do_srtp(self, profile: str) -> bytes:
        return self.session.srtp_keys(int(profile))

    def do_basekey(self, role: str, kid: str) -> bytes:
        return self.session.sframe_base_key(int(role), int(kid))

    def do_kem(self, algorithm: str, seed: str) -> bytes:
        self.kem_pair = pqrtc.KemKeypair.from_seed(int(algorithm), bits(seed))
        return self.kem_pair.public_key

    def do_encapsulate(self, algorithm: str, key: str) -> bytes:
        return b"".join(pqrtc.encapsulate(int(algorithm), bits(key)))

    def do_decapsulate(self, ciphertext: str) -> bytes:
        return self.kem_pair.decapsulate(bits(ciphertext))

    def do_key(self) -> bytes:
        return self.session.key()

    def do_receiverkey(self, cipher: str, kid: str, key: str) -> None:
        self.receiving = None, sframe.Receiver(int(cipher))
        self.receiving[1].add_key(int(kid), bits(key))

    def do_wrap(self, algorithm: str, key: str, credential: str) -> bytes:
        return turn.wrap(int(algorithm), bits(key), bits(credential))

    def do_unwrap(self, wrapped: str) -> bytes:
        return turn.unwrap(self.kem_pair, bits(wrapped))

    def do_signer(self, algorithm: str, seed: str) -> bytes:
        self.key = pqrtc.SigningKey.from_seed(int(algorithm), bits(seed))
        return self.key.public_key

    def do_sign(self, kind: str, content: str) -> bytes:
        return self.key.artifact_sign(int(kind), bits(content))

    def do_verify(self, algorithm: str, public_key: str, kind: str, content: str, signature: str) -> None:
        pqrtc.artifact_verify(int(algorithm), bits(public_key), int(kind), bits(content), bits(signature))

    def do_signctx(self, context: str, message: str) -> bytes:
        return self.key.sign(bits(message), context=bits(context))

    def do_verifyctx(self, algorithm: str, public_key: str, context: str, message: str, signature: str) -> None:
        pqrtc.verify(int(algorithm), bits(public_key), bits(message), bits(signature), context=bits(context))

    def do_sender(self, kid: str, cipher: str) -> None:
        self.sending = sframe.Sender(self.session, int(kid), int(cipher))

    def do_receiver(self, cipher: str, kid: str) -> None:
        if self.receiving is None or self.receiving[0] != cipher:
            self.receiving = cipher, sframe.Receiver(int(cipher))
        self.receiving[1].add_session(self.session, int(kid))

    def do_seal(self, metadata: str, clear: str) -> bytes:
        return self.sending.seal(bits(clear), metadata=bits(metadata))

    def do_open(self, metadata: str, sealed: str) -> bytes:
        return self.receiving[1].open(bits(sealed), metadata=bits(metadata))

    def do_fseal(self, codec: str, metadata: str, clear: str) -> bytes:
        return frame.seal(self.sending, int(codec), bits(clear), bits(metadata))

    def do_fopen(self, codec: str, metadata: str, sealed: str) -> bytes:
        return frame.open(self.receiving[1], int(codec), bits(sealed), bits(metadata))

    def do_sseal(self, aad: str, plaintext: str) -> bytes:
        return self.session.seal(bits(plaintext), aad=bits(aad))

    def do_sopen(self, aad: str, sealed: str) -> bytes:
        return self.session.open(bits(sealed), aad=bits(aad))

    def do_fingerprint(self, algorithm: str, public_key: str) -> bytes:
        return pqrtc.fingerprint(int(algorithm), bits(public_key))

    def do_call(self, profile: str, peer: str, binding: str) -> None:
        policy = Policy(int(profile))
        policy.set(PolicyOption.PIN, bits(peer))
        self.call = Call(policy, self.key, binding=bits(binding))

    def do_offer(self) -> bytes:
        return self.call.offer()

    def do_receive(self, binding: str, message: str) -> bytes:
        return self.call.receive(bits(message), bits(binding))

    def do_sas(self) -> bytes:
        return self.call.sas().encode()

    def do_callsession(self) -> None:
        self._start(self.call.session())

    def do_callsender(self, stream: str, cipher: str) -> None:
        self.sending = self.call.sender(int(stream), int(cipher))

    def do_callreceiver(self, cipher: str) -> None:
        self.receiving = None, self.call.receiver(int(cipher))

    def do_card(self, not_after: str) -> bytes:
        self.card = MeetingCard(self.key, int(not_after))
        return self.card.encoded

    def do_create(self, now: str) -> None:
        self.meeting = Meeting.create(self.key, self.card, int(now))

    def do_join(self, welcome: str, commit: str, roster: str, cards: str, now: str) -> None:
        self.meeting = Meeting.join(self.key, self.card, bits(welcome), bits(commit), bits(roster), apart(bits(cards)), int(now))

    def do_commit(self, cards: str, indexes: str, fresh: str) -> bytes:
        return self.meeting.commit(apart(bits(cards)), bits(indexes), fresh=fresh == "1")

    def do_outgoing(self, n: str) -> bytes:
        found = self.meeting.outgoing()
        if int(n) >= len(found):
            raise pqrtc.InvalidArgumentError
        one = found[int(n)]
        return bytes([one.kind, one.member]) + one.data

    def do_accepted(self) -> None:
        self.meeting.accepted()

    def do_take(self, commit: str, box: str, cards: str, now: str) -> None:
        self.meeting.receive(bits(commit), bits(box), apart(bits(cards)), now=int(now))

    def do_roster(self) -> bytes:
        return self.meeting.roster()

    def do_code(self) -> bytes:
        return self.meeting.code().encode()

    def do_meetsender(self, stream: str, cipher: str) -> None:
        self.sending = self.meeting.sender(int(stream), int(cipher))

    def do_meetreceiver(self, cipher: str) -> None:
        self.receiving = None, self.meeting.receiver(int(cipher))


def main() -> None:
    peer = Peer()
    for line in sys.stdin:
        words = line.split()
        if words == ["quit"]:
            break
        try:
            answer = peer.run(*words)
            text = "ok" if answer is None else answer.hex() or "-"
        except pqrtc.PqrtcError as refused:
            text = f"error {refused.code}"
        except (AttributeError, TypeError, ValueError):
            text = "error 4"
        print(text, flush=True)


main()
