"""Meetings, and the KIDs of RFC 9605 section 5.2."""

from __future__ import annotations

import struct
from typing import NamedTuple, Optional

import pytest
from conftest import GCM

import pqrtc
from pqrtc import Meeting, MeetingCard, MeetingMessage, SigningKey, sframe

IDENTITY = pqrtc.SignatureAlgorithm.ML_DSA_65_ED25519
NOW, NOT_AFTER = 1000, 2000


class Member(NamedTuple):
    identity: SigningKey
    card: MeetingCard
    meeting: Meeting


def applicant(credential: bytes = b"") -> tuple[SigningKey, MeetingCard]:
    identity = SigningKey.generate(IDENTITY)
    return identity, MeetingCard(identity, NOT_AFTER, credential)


def three() -> list[Member]:
    """A meeting of three, whose creator has added the other two one after the other."""
    identity, card = applicant(b"ada")
    members = [Member(identity, card, Meeting.create(identity, card, NOW))]
    ada = members[0].meeting
    for name in (b"bob", b"eve"):
        identity, card = applicant(name)
        commit = ada.commit([card.encoded])
        (welcome,) = ada.outgoing()
        assert welcome.kind is MeetingMessage.WELCOME and welcome.member == len(members)
        assert welcome.reference is not None and len(welcome.reference) == 32
        ada.accepted()
        for other in members[1:]:
            other.meeting.receive(commit, cards=[card.encoded], now=NOW)
        cards = [bytearray(one.card.encoded) for one in members]
        joined = Meeting.join(identity, card, welcome.data, commit, memoryview(ada.roster()), cards, NOW)
        members.append(Member(identity, card, joined))
    return members


def refresh(meetings: list[Meeting]) -> None:
    """A fresh commit of the first. Senders, which are an epoch behind for two seconds, then use at least the one before it."""
    committer, *others = meetings
    commit = committer.commit(fresh=True)
    boxes = {one.member: one.data for one in committer.outgoing()}
    committer.accepted()
    for other in others:
        other.receive(commit, boxes[other.info().own_index or 0], now=NOW)


def opened(receiver: sframe.Receiver, sealed: bytes) -> Optional[bytes]:
    try:
        return receiver.open(sealed)
    except pqrtc.UnknownKeyIdError:
        return None


def test_three_members_and_a_leave() -> None:
    members = three()
    meetings = [one.meeting for one in members]
    infos = [one.info() for one in meetings]
    assert [info.own_index for info in infos] == [0, 1, 2]
    assert {(info.epoch, info.members, info.group_id) for info in infos} == {(2, 3, infos[0].group_id)}
    assert len({one.code() for one in meetings}) == 1 and len(meetings[0].code()) == 30 and meetings[0].code().isdigit()
    assert len({one.roster() for one in meetings}) == 1
    fingerprints = [print for _, print, _ in struct.iter_unpack(">H32s32s", meetings[2].roster())]
    assert fingerprints == [one.identity.fingerprint for one in members]
    refresh(meetings)
    senders, receivers = [one.sender(0, GCM) for one in meetings], [one.receiver(GCM) for one in meetings]
    for i, sender in enumerate(senders):
        sealed = sender.seal(b"frame")
        assert [opened(receiver, sealed) for receiver in receivers] == [None if i == j else b"frame" for j in range(3)]
    assert meetings[0].sframe_key(0, 7) == meetings[1].sframe_key(0, 7) != meetings[0].sframe_key(0, 8)

    ada, bob, eve = meetings
    commit = ada.commit(remove=[2])
    (box,) = ada.outgoing()
    assert (box.kind, box.member, box.reference) == (MeetingMessage.BOX, 1, None)
    ada.accepted()
    bob.receive(commit, box.data, now=NOW)
    eve.receive(commit, now=NOW)
    assert eve.info().own_index is None and bob.info() == ada.info()._replace(own_index=1) and ada.info().members == 2
    assert ada.code() == bob.code()
    refresh([ada, bob])
    for i in (0, 1):
        for sender in (senders[i], meetings[i].sender(1, GCM)):
            sealed = sender.seal(b"without Eve")
            assert opened(receivers[1 - i], sealed) == b"without Eve"
            assert opened(receivers[2], sealed) is None
    for refused in (eve.code, lambda: eve.sender(1, GCM), lambda: senders[2].seal(b"frame"), lambda: eve.commit(fresh=True)):
        with pytest.raises(pqrtc.UnexpectedMessageError):
            refused()


def test_refused_commits_change_nothing() -> None:
    ada, bob, eve = (one.meeting for one in three())
    before = bob.info(), bob.code()
    commit = ada.commit(fresh=True)
    assert {(one.kind, one.member) for one in ada.outgoing()} == {(MeetingMessage.BOX, 1), (MeetingMessage.BOX, 2)}
    box, other = (next(one.data for one in ada.outgoing() if one.member == index) for index in (1, 2))
    with pytest.raises(pqrtc.UnexpectedMessageError):
        ada.commit(fresh=True)
    with pytest.raises(pqrtc.BadSignatureError):
        bob.receive(commit[:-1] + bytes([commit[-1] ^ 1]), box, now=NOW)
    with pytest.raises(pqrtc.MalformedMessageError):
        bob.receive(commit[:-1], box, now=NOW)
    with pytest.raises(pqrtc.DecryptionError):
        bob.receive(commit, other, now=NOW)
    with pytest.raises(pqrtc.MalformedMessageError):
        bob.receive(commit, box, [b"no card"], now=NOW)
    assert (bob.info(), bob.code()) == before
    bob.receive(commit, box, now=NOW)
    ada.accepted()
    assert ada.code() == bob.code() != before[1]
    with pytest.raises(pqrtc.UnexpectedMessageError):
        ada.accepted()
    with pytest.raises(pqrtc.UnexpectedMessageError):
        bob.dropped()
    ada.commit(fresh=True)
    ada.dropped()
    for wrong in ([0], [2, 2], [3], [-1], [1 << 32]):
        with pytest.raises(pqrtc.InvalidArgumentError):
            ada.commit(remove=wrong)
    with pytest.raises(pqrtc.InvalidArgumentError):
        ada.commit()


def test_cards_serve_once() -> None:
    identity, card = applicant()
    other, its_card = applicant()
    with pytest.raises(pqrtc.InvalidKeyError):
        Meeting.create(other, card, NOW)
    with pytest.raises(pqrtc.CredentialExpiredError):
        Meeting.create(identity, card, NOT_AFTER + 1)
    meeting = Meeting.create(identity, card, NOW)
    assert meeting.outgoing() == []
    meeting.sframe_key(0, 7)
    with pytest.raises(pqrtc.KeyReusedError):
        meeting.sender(7, GCM)
    with pytest.raises(pqrtc.KeyReusedError):
        Meeting.create(identity, card, NOW)
    altered = bytearray(its_card.encoded)
    altered[-1] ^= 1
    with pytest.raises(pqrtc.BadSignatureError):
        meeting.commit([altered])
    with pytest.raises(TypeError):
        meeting.commit(its_card.encoded)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Meeting()
    with pytest.raises(pqrtc.UnsupportedError):
        MeetingCard(SigningKey.generate(pqrtc.SignatureAlgorithm.ML_DSA_65), NOT_AFTER)
    meeting.commit([its_card.encoded])
    card.close()
    meeting.close()
    for use in (meeting.outgoing, meeting.info, meeting.roster, meeting.code, meeting.accepted, lambda: card.encoded):
        with pytest.raises(pqrtc.ClosedHandleError):
            use()
    with pytest.raises(pqrtc.ClosedHandleError):
        Meeting.create(identity, card, NOW)


def test_mls_kid() -> None:
    assert sframe.mls_kid(17, 3, 5, 12, 4) == 5 << 16 | 3 << 4 | 1
    for wrong in ((0, 1 << 12, 0, 12, 4), (0, 0, 1 << 48, 12, 4), (0, 0, 0, 60, 5)):
        with pytest.raises(pqrtc.InvalidArgumentError):
            sframe.mls_kid(*wrong)
