package pqrtc_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"pqrtc.example/pqrtc/bindings/go"
)

var meetingNow, meetingNotAfter = time.Unix(1000, 0), time.Unix(2000, 0)

type member struct {
	identity *pqrtc.SigningKey
	card     *pqrtc.MeetingCard
	encoded  []byte
	*pqrtc.Meeting
}

func applicant(t *testing.T) *member {
	identity, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65Ed25519)
	must(t, identity, err)
	card, err := pqrtc.NewMeetingCard(identity, meetingNotAfter, []byte("credential"))
	must(t, card, err)
	encoded, err := card.Bytes()
	return &member{identity, card, must(t, encoded, err), nil}
}

func create(t *testing.T) *member {
	first := applicant(t)
	meeting, err := pqrtc.CreateMeeting(first.identity, first.card, meetingNow)
	first.Meeting = must(t, meeting, err)
	return first
}

// commit makes a commit that the server puts first, and gives it with what goes to the members.
func commit(t *testing.T, m *member, change pqrtc.MeetingChange) ([]byte, map[int]pqrtc.MeetingOutgoing) {
	made, err := m.Commit(change)
	must(t, made, err)
	outgoing, err := m.Outgoing()
	to := map[int]pqrtc.MeetingOutgoing{}
	for _, one := range must(t, outgoing, err) {
		to[one.Index] = one
	}
	must(t, 0, m.Accepted())
	return made, to
}

// three is a meeting of three, whose creator has added the other two at once.
func three(t *testing.T) [3]*member {
	members := [3]*member{create(t), applicant(t), applicant(t)}
	cards := [][]byte{members[0].encoded, members[1].encoded, members[2].encoded}
	made, to := commit(t, members[0], pqrtc.MeetingChange{Add: cards[1:]})
	roster, err := members[0].Roster()
	must(t, roster, err)
	for i, m := range members[1:] {
		welcome := to[i+1]
		if welcome.Kind != pqrtc.Welcome || len(welcome.Reference) != 32 {
			t.Fatalf("%+v", welcome)
		}
		in := pqrtc.MeetingInvitation{Welcome: welcome.Data, Commit: made, Roster: roster, Cards: cards}
		joined, err := pqrtc.JoinMeeting(m.identity, m.card, in, meetingNow)
		m.Meeting = must(t, joined, err)
	}
	return members
}

// refresh is a fresh commit of the first. Senders, which are an epoch behind for two seconds, then use at least the one before it.
func refresh(t *testing.T, members ...*member) {
	made, to := commit(t, members[0], pqrtc.MeetingChange{Fresh: true})
	for _, m := range members[1:] {
		must(t, 0, m.Receive(made, to[meetingInfo(t, m).Index].Data, nil, meetingNow))
	}
}

func meetingInfo(t *testing.T, m *member) pqrtc.MeetingInfo {
	info, err := m.Info()
	return must(t, info, err)
}

func sameCode(t *testing.T, members ...*member) string {
	first, err := members[0].Code()
	must(t, first, err)
	for _, m := range members {
		code, err := m.Code()
		if must(t, code, err) != first || len(code) != 30 {
			t.Errorf("codes %s and %s", first, code)
		}
	}
	return first
}

func TestMeetingOfThreeAndALeave(t *testing.T) {
	members := three(t)
	refresh(t, members[:]...)
	before := sameCode(t, members[:]...)
	var senders [3]*pqrtc.SFrameSender
	var receivers [3]*pqrtc.SFrameReceiver
	for i, m := range members {
		info := meetingInfo(t, m)
		if info.Index != i || info.Members != 3 || info.Epoch != 2 || info.GroupID != meetingInfo(t, members[0]).GroupID {
			t.Errorf("%+v", info)
		}
		var err error
		senders[i], err = m.Sender(0, pqrtc.SFrameAES256GCM)
		must(t, senders[i], err)
		receivers[i], err = m.Receiver(pqrtc.SFrameAES256GCM)
		must(t, receivers[i], err)
	}
	for i, sender := range senders {
		sealed, err := sender.Seal(nil, nil, []byte("frame"))
		must(t, sealed, err)
		for j, receiver := range receivers {
			opened, err := receiver.Open(nil, nil, sealed)
			if i == j {
				wantErr(t, "the own frame", err, pqrtc.ErrUnknownKeyID)
			} else if string(must(t, opened, err)) != "frame" {
				t.Errorf("%d opened another frame of %d", j, i)
			}
		}
	}
	kid, key, err := members[0].SFrameKey(0, 7)
	must(t, key, err)
	kid2, key2, err := members[1].SFrameKey(0, 7)
	if must(t, key2, err); kid != kid2 || !bytes.Equal(key, key2) {
		t.Error("members have different keys")
	}

	ada, bob, eve := members[0], members[1], members[2]
	made, to := commit(t, ada, pqrtc.MeetingChange{Remove: []int{2}})
	if box := to[1]; len(to) != 1 || box.Kind != pqrtc.Box || box.Reference != nil {
		t.Errorf("%+v", to)
	}
	must(t, 0, bob.Receive(made, to[1].Data, nil, meetingNow))
	must(t, 0, eve.Receive(made, nil, nil, meetingNow))
	if meetingInfo(t, eve).Index != -1 || meetingInfo(t, bob).Index != 1 || meetingInfo(t, bob).Members != 2 {
		t.Errorf("%+v, %+v", meetingInfo(t, eve), meetingInfo(t, bob))
	}
	refresh(t, ada, bob)
	if sameCode(t, ada, bob) == before {
		t.Error("the code is that of another epoch")
	}
	for i, sender := range senders[:2] {
		sealed, err := sender.Seal(nil, nil, []byte("without Eve"))
		must(t, sealed, err)
		opened, err := receivers[1-i].Open(nil, nil, sealed)
		must(t, opened, err)
		wantErr(t, "a frame for the others", second(receivers[2].Open(nil, nil, sealed)), pqrtc.ErrUnknownKeyID)
	}
	wantErr(t, "the code for Eve", second(eve.Code()), pqrtc.ErrUnexpectedMessage)
	wantErr(t, "a sender of Eve", second(senders[2].Seal(nil, nil, nil)), pqrtc.ErrUnexpectedMessage)
}

func TestMeetingRefusals(t *testing.T) {
	first := create(t)
	wantErr(t, "a used card", second(pqrtc.CreateMeeting(first.identity, first.card, meetingNow)), pqrtc.ErrKeyReused)
	_, key, err := first.SFrameKey(0, 7)
	must(t, key, err)
	wantErr(t, "a stream that another engine has", second(first.Sender(7, pqrtc.SFrameAES256GCM)), pqrtc.ErrKeyReused)
	other := applicant(t)
	wantErr(t, "the card of another", second(pqrtc.CreateMeeting(first.identity, other.card, meetingNow)), pqrtc.ErrInvalidKey)
	late := meetingNotAfter.Add(time.Second)
	wantErr(t, "an old card", second(pqrtc.CreateMeeting(other.identity, other.card, late)), pqrtc.ErrCredentialExpired)
	wantErr(t, "no card", second(first.Commit(pqrtc.MeetingChange{Add: [][]byte{nil}})), pqrtc.ErrMalformedMessage)
	wantErr(t, "nothing to do", second(first.Commit(pqrtc.MeetingChange{})), pqrtc.ErrInvalidArgument)

	members := three(t)
	ada, bob, eve := members[0], members[1], members[2]
	for _, remove := range [][]int{{0}, {2, 2}, {3}, {-1}, {math.MaxInt}} {
		wantErr(t, "removing", second(ada.Commit(pqrtc.MeetingChange{Remove: remove})), pqrtc.ErrInvalidArgument)
	}
	wantErr(t, "no commit waits", ada.Accepted(), pqrtc.ErrUnexpectedMessage)
	before := meetingInfo(t, bob)
	made, to := commit(t, ada, pqrtc.MeetingChange{Fresh: true})
	altered := bytes.Clone(made)
	altered[len(altered)-1] ^= 1
	wantErr(t, "an altered commit", bob.Receive(altered, to[1].Data, nil, meetingNow), pqrtc.ErrBadSignature)
	wantErr(t, "the box of another", bob.Receive(made, to[2].Data, nil, meetingNow), pqrtc.ErrDecryptionFailed)
	wantErr(t, "no time", bob.Receive(made, to[1].Data, nil, time.Time{}), pqrtc.ErrInvalidArgument)
	if meetingInfo(t, bob) != before {
		t.Errorf("%+v", meetingInfo(t, bob))
	}
	waiting, err := eve.Commit(pqrtc.MeetingChange{Add: [][]byte{other.encoded}})
	must(t, waiting, err)
	must(t, 0, eve.Dropped())
	must(t, 0, bob.Receive(made, to[1].Data, nil, meetingNow))
	sameCode(t, ada, bob)

	must(t, 0, bob.Close())
	wantErr(t, "closed", second(bob.Outgoing()), pqrtc.ErrClosed)
	must(t, 0, other.card.Close())
	wantErr(t, "a closed card", second(pqrtc.CreateMeeting(other.identity, other.card, meetingNow)), pqrtc.ErrClosed)
	wantErr(t, "a nil card", second(pqrtc.CreateMeeting(other.identity, nil, meetingNow)), pqrtc.ErrNullPointer)
	wantErr(t, "a nil identity", second(pqrtc.NewMeetingCard(nil, meetingNotAfter, nil)), pqrtc.ErrNullPointer)
}

func TestMLSKeyID(t *testing.T) {
	kid, err := pqrtc.MLSKeyID(17, 3, 5, 12, 4)
	if must(t, kid, err) != 5<<16|3<<4|1 {
		t.Errorf("%#x", kid)
	}
	wantErr(t, "an index that does not fit", second(pqrtc.MLSKeyID(0, 1<<12, 0, 12, 4)), pqrtc.ErrInvalidArgument)
}
