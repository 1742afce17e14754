package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"encoding/binary"
	"math"
	"time"
	"unsafe"
)

const (
	meetingReferenceSize = 32
	meetingCodeDigits    = 30
)

// listed is cards and commits as C takes them: for each a u32 length, big-endian, and the bytes.
func listed(items [][]byte) []byte {
	var list []byte
	for _, one := range items {
		list = binary.BigEndian.AppendUint32(list, uint32(len(one)))
		list = append(list, one...)
	}
	return list
}

func seconds(at time.Time) (C.uint64_t, error) {
	if at.Unix() < 0 {
		return 0, ErrInvalidArgument
	}
	return C.uint64_t(at.Unix()), nil
}

// MeetingCard is what somebody who wants to be added to a meeting publishes beforehand, with its private keys. It serves once.
type MeetingCard struct {
	h handle[*C.pqrtc_meeting_card]
}

func (c *MeetingCard) own() *handle[*C.pqrtc_meeting_card] {
	if c == nil {
		return nil
	}
	return &c.h
}

// NewMeetingCard makes a card of an identity, MLDSA65Ed25519 for suite 1 and MLDSA87 for suite 2, that is good until notAfter. The
// credential is the application's own, at most 65535 bytes.
func NewMeetingCard(identity *SigningKey, notAfter time.Time, credential []byte) (*MeetingCard, error) {
	at, err := seconds(notAfter)
	if err != nil {
		return nil, err
	}
	me, err := identity.own().acquire()
	if err != nil {
		return nil, err
	}
	defer identity.own().release()
	var made *C.pqrtc_meeting_card
	if err := check(C.pqrtc_meeting_card_new(me, at, ptr(credential), size(credential), &made)); err != nil {
		return nil, err
	}
	c := new(MeetingCard)
	c.h.init(made, func(p *C.pqrtc_meeting_card) { C.pqrtc_meeting_card_free(p) })
	return c, nil
}

// Bytes is the card as it is published.
func (c *MeetingCard) Bytes() ([]byte, error) {
	p, err := c.own().acquire()
	if err != nil {
		return nil, err
	}
	defer c.own().release()
	return asked(16384, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_meeting_card_bytes(p, out, capacity, n)
	})
}

// Close wipes and frees the card.
func (c *MeetingCard) Close() error { return c.own().close() }

// Meeting is one member's view of a meeting.
type Meeting struct {
	h handle[*C.pqrtc_meeting]
}

func (m *Meeting) own() *handle[*C.pqrtc_meeting] {
	if m == nil {
		return nil
	}
	return &m.h
}

// newMeeting lends make the identity and the card, which it uses up.
func newMeeting(identity *SigningKey, card *MeetingCard, now time.Time,
	make func(me *C.pqrtc_signing_key, card *C.pqrtc_meeting_card, now C.uint64_t, out **C.pqrtc_meeting) C.pqrtc_status,
) (*Meeting, error) {
	at, err := seconds(now)
	if err != nil {
		return nil, err
	}
	me, err := identity.own().acquire()
	if err != nil {
		return nil, err
	}
	defer identity.own().release()
	k, err := card.own().acquireExclusive()
	if err != nil {
		return nil, err
	}
	defer card.own().releaseExclusive()
	var made *C.pqrtc_meeting
	if err := check(make(me, k, at, &made)); err != nil {
		return nil, err
	}
	m := new(Meeting)
	m.h.init(made, func(p *C.pqrtc_meeting) { C.pqrtc_meeting_free(p) })
	return m, nil
}

// CreateMeeting makes a new meeting with one member, whose index is 0. It uses up the card: ErrKeyReused for one that was used,
// ErrInvalidKey for one of another identity, ErrCredentialExpired for one that is no longer good.
func CreateMeeting(identity *SigningKey, card *MeetingCard, now time.Time) (*Meeting, error) {
	return newMeeting(identity, card, now,
		func(me *C.pqrtc_signing_key, k *C.pqrtc_meeting_card, now C.uint64_t, out **C.pqrtc_meeting) C.pqrtc_status {
			return C.pqrtc_meeting_create(me, k, now, out)
		})
}

// MeetingInvitation is what a new member joins with.
type MeetingInvitation struct {
	Welcome, Commit []byte   // as the committer made them
	Roster          []byte   // after the commit, as any member has it
	Cards           [][]byte // at least the committer's, and others as for [Meeting.Receive]
}

// JoinMeeting joins with a welcome. It uses up the card.
func JoinMeeting(identity *SigningKey, card *MeetingCard, in MeetingInvitation, now time.Time) (*Meeting, error) {
	cards := listed(in.Cards)
	return newMeeting(identity, card, now,
		func(me *C.pqrtc_signing_key, k *C.pqrtc_meeting_card, now C.uint64_t, out **C.pqrtc_meeting) C.pqrtc_status {
			return C.pqrtc_meeting_join(me, k, ptr(in.Welcome), size(in.Welcome), ptr(in.Commit), size(in.Commit),
				ptr(in.Roster), size(in.Roster), ptr(cards), size(cards), now, out)
		})
}

// MeetingChange is what a commit does. It may be empty but for Fresh.
type MeetingChange struct {
	Add    [][]byte // cards of those to add
	Remove []int    // indexes of those to remove
	Fresh  bool     // bring in a fresh secret, as a commit that removes somebody does in any case
}

// Commit makes a commit. Send it to the delivery server with what [Meeting.Outgoing] gives; it takes effect with [Meeting.Accepted].
func (m *Meeting) Commit(change MeetingChange) ([]byte, error) {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return nil, err
	}
	defer m.own().releaseExclusive()
	add, remove, flags := listed(change.Add), make([]C.uint32_t, len(change.Remove)), C.uint32_t(0)
	for i, index := range change.Remove {
		if index < 0 || index > math.MaxUint16 {
			return nil, ErrInvalidArgument
		}
		remove[i] = C.uint32_t(index)
	}
	if change.Fresh {
		flags = 1
	}
	return asked(16384, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_meeting_commit(p, ptr(add), size(add), unsafe.SliceData(remove), C.size_t(len(remove)), flags, out, capacity, n)
	})
}

// MeetingOutgoing is a message to one member that goes with a commit.
type MeetingOutgoing struct {
	Kind      MeetingMessage
	Index     int    // of the member
	Reference []byte // of the card that a welcome is for, 32 bytes; nil for a box
	Data      []byte
}

// Outgoing gives the messages that go with the last own commit, until the next commit of anybody.
func (m *Meeting) Outgoing() ([]MeetingOutgoing, error) {
	p, err := m.own().acquire()
	if err != nil {
		return nil, err
	}
	defer m.own().release()
	var found []MeetingOutgoing
	for {
		var kind, index C.uint32_t
		reference := make([]byte, meetingReferenceSize)
		data, err := asked(2048, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
			return C.pqrtc_meeting_outgoing(p, C.size_t(len(found)), &kind, &index, ptr(reference), size(reference), out, capacity, n)
		})
		if err == ErrInvalidArgument { // past the last
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if MeetingMessage(kind) != Welcome {
			reference = nil
		}
		found = append(found, MeetingOutgoing{MeetingMessage(kind), int(index), reference, data})
	}
}

// Accepted says that the delivery server has put the own commit first: the meeting goes to its epoch. ErrUnexpectedMessage if none waits.
func (m *Meeting) Accepted() error {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer m.own().releaseExclusive()
	return check(C.pqrtc_meeting_accepted(p))
}

// Dropped says that the own commit will never take effect. ErrUnexpectedMessage if none waits.
func (m *Meeting) Dropped() error {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer m.own().releaseExclusive()
	return check(C.pqrtc_meeting_dropped(p))
}

// Receive takes the commit of another member; an own one that waits is dropped. box is the box for this member, if there is one. cards has
// those of the members that the commit adds; give those of all members, and the commits with which they changed their leaf keys, before
// the own first fresh commit. A commit that is refused changes nothing. A member that the commit removes learns it from [Meeting.Info].
func (m *Meeting) Receive(commit, box []byte, cards [][]byte, now time.Time) error {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return err
	}
	defer m.own().releaseExclusive()
	at, err := seconds(now)
	if err != nil {
		return err
	}
	list := listed(cards)
	return check(C.pqrtc_meeting_receive(p, ptr(commit), size(commit), ptr(box), size(box), ptr(list), size(list), at))
}

// Roster has for each member by rising index: u16 index, fingerprint (32 bytes) and the hash of its leaf key (32 bytes).
func (m *Meeting) Roster() ([]byte, error) {
	p, err := m.own().acquire()
	if err != nil {
		return nil, err
	}
	defer m.own().release()
	return asked(16384, func(out *C.uint8_t, capacity C.size_t, n *C.size_t) C.pqrtc_status {
		return C.pqrtc_meeting_roster(p, out, capacity, n)
	})
}

// MeetingInfo says where a member stands.
type MeetingInfo struct {
	Epoch   uint32
	Index   int // the own, -1 once a commit has removed this member
	Members int
	GroupID [32]byte
}

// Info says where this member stands.
func (m *Meeting) Info() (MeetingInfo, error) {
	p, err := m.own().acquire()
	if err != nil {
		return MeetingInfo{}, err
	}
	defer m.own().release()
	i := C.pqrtc_meeting_info_t{size: C.sizeof_pqrtc_meeting_info_t}
	if err := check(C.pqrtc_meeting_info(p, &i)); err != nil {
		return MeetingInfo{}, err
	}
	index := -1
	if i.index != math.MaxUint32 {
		index = int(i.index)
	}
	return MeetingInfo{uint32(i.epoch), index, int(i.members), *(*[32]byte)(unsafe.Pointer(&i.group_id))}, nil
}

// Code gives thirty digits for people to compare: the same for all members of an epoch, and for nobody else.
func (m *Meeting) Code() (string, error) {
	p, err := m.own().acquire()
	if err != nil {
		return "", err
	}
	defer m.own().release()
	digits, err := fixed(meetingCodeDigits, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_meeting_code(p, (*C.char)(unsafe.Pointer(out)), n)
	})
	return string(digits), err
}

// Sender makes a sender for one of this member's streams, 0 to 2^48 - 1. It follows epochs by itself for as long as the meeting lives.
// ErrKeyReused for a stream that has one in this epoch.
func (m *Meeting) Sender(stream uint64, cipher SFrameCipher) (*SFrameSender, error) {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return nil, err
	}
	defer m.own().releaseExclusive()
	var s *C.pqrtc_sframe_sender
	st := C.pqrtc_meeting_sender(p, C.uint64_t(stream), C.uint32_t(cipher), &s)
	return newSFrameSender(s, st)
}

// Receiver makes a receiver of all streams of all other members, which follows epochs by itself for as long as the meeting lives.
func (m *Meeting) Receiver(cipher SFrameCipher) (*SFrameReceiver, error) {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return nil, err
	}
	defer m.own().releaseExclusive()
	var made *C.pqrtc_sframe_receiver
	if err := check(C.pqrtc_meeting_receiver(p, C.uint32_t(cipher), &made)); err != nil {
		return nil, err
	}
	r := new(SFrameReceiver)
	r.h.init(made, func(p *C.pqrtc_sframe_receiver) { C.pqrtc_sframe_receiver_free(p) })
	return r, nil
}

// SFrameKey gives the key of a stream of the member with this index in the newest epoch, for an SFrame engine that is not this library's.
// The own key is then taken: a sender of this library for that stream is ErrKeyReused in this epoch.
func (m *Meeting) SFrameKey(index int, stream uint64) (kid uint64, baseKey []byte, err error) {
	p, err := m.own().acquireExclusive()
	if err != nil {
		return 0, nil, err
	}
	defer m.own().releaseExclusive()
	if index < 0 || index > math.MaxUint16 {
		return 0, nil, ErrInvalidArgument
	}
	var k C.uint64_t
	baseKey, err = fixed(SFrameBaseKeySize, func(out *C.uint8_t, n C.size_t) C.pqrtc_status {
		return C.pqrtc_meeting_sframe_key(p, C.uint32_t(index), C.uint64_t(stream), &k, out, n)
	})
	return uint64(k), baseKey, err
}

// Close wipes and frees the meeting; its senders and receivers live on, at the epoch where they are.
func (m *Meeting) Close() error { return m.own().close() }

// MLSKeyID is the key ID of RFC 9605 section 5.2 for an application that runs MLS (RFC 9420) itself, with indexBits as S and epochBits as E.
// ErrInvalidArgument if the index or the stream does not fit its bits, or S and E take more than 64.
func MLSKeyID(epoch, index, stream uint64, indexBits, epochBits uint32) (uint64, error) {
	var kid C.uint64_t
	st := C.pqrtc_sframe_mls_kid(C.uint64_t(epoch), C.uint64_t(index), C.uint64_t(stream), C.uint32_t(indexBits), C.uint32_t(epochBits), &kid)
	return uint64(kid), check(st)
}
