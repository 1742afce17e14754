package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const patience = 60 * time.Second // a bound, never an expectation

func newTestStage(t *testing.T) *stage {
	t.Helper()
	s, err := newStage()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	return s
}

// screen is where one peer's received frames go. The frames of a key are the clip in order, from the frame at which the key was new: anything
// else is an error.
type screen struct {
	t      *testing.T
	frames [][]byte

	mu    sync.Mutex
	first map[uint64]int // which frame of the clip had counter 0, by KID
	shown map[pqrtc.FrameID]bool
	more  chan bool
}

func newScreen(t *testing.T, s *stage) *screen {
	return &screen{t: t, frames: s.frames, first: map[uint64]int{}, shown: map[pqrtc.FrameID]bool{}, more: make(chan bool, 1)}
}

func (s *screen) show(frame []byte, id pqrtc.FrameID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown[id] {
		s.t.Errorf("frame %d was shown twice", id.Counter)
	}
	n := len(s.frames)
	if _, ok := s.first[id.KID]; !ok {
		at := slices.IndexFunc(s.frames, func(f []byte) bool { return bytes.Equal(f, frame) })
		s.first[id.KID] = at + n - int(id.Counter)%n
	}
	if !bytes.Equal(frame, s.frames[(s.first[id.KID]+int(id.Counter))%n]) {
		s.t.Errorf("frame %d is not what was sent", id.Counter)
	}
	s.shown[id] = true
	signal(s.more)
}

func (s *screen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.shown)
}

// waitMore waits until n more frames than now have been shown.
func (s *screen) waitMore(n int) {
	s.t.Helper()
	want, timeout := s.count()+n, time.After(patience)
	for s.count() < want {
		select {
		case <-s.more:
		case <-timeout:
			s.t.Fatalf("only %d of %d frames were shown", s.count(), want)
		}
	}
}

// party is a peer of a test, its screen and the tap on what it sends.
type party struct {
	*peer
	*screen
	tap  *tap
	sent int
}

// sendNext sends the next frame of the clip; the screen at the other end knows which one that must be.
func (p *party) sendNext() error {
	frame := p.frames[p.sent%len(p.frames)]
	p.sent++
	return p.send(frame, time.Second/30)
}

// newParty is alice or bob, who expect each other, or somebody who expects bob.
func newParty(t *testing.T, s *stage, user string) *party {
	t.Helper()
	p, other := &party{screen: newScreen(t, s), tap: newTap(s.frames)}, "bob"
	if user == "bob" {
		other = "alice"
	}
	var err error
	if p.peer, err = s.newPeer(user, other, s.turnAddr, p.show, p.tap); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.peer.close()
		if packets, clear := p.tap.seen(); clear != 0 {
			t.Errorf("%s sent %d packets of %d in which video can be read", user, clear, packets)
		}
	})
	return p
}

func connectParties(t *testing.T, a, b *party) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := connect(ctx, a.peer, b.peer); err != nil {
		t.Fatal(err)
	}
}

// play starts the clip on both sides and stops it at the test's end.
func play(t *testing.T, s *stage, parties ...*party) {
	ctx, cancel := context.WithCancel(t.Context())
	var playing sync.WaitGroup
	for _, p := range parties {
		playing.Add(1)
		go func() {
			defer playing.Done()
			if err := s.play(ctx, func([]byte, time.Duration) error { return p.sendNext() }); err != nil {
				t.Error(err)
			}
		}()
	}
	t.Cleanup(func() { cancel(); playing.Wait() })
}

func TestCallOverRelay(t *testing.T) {
	s := newTestStage(t)
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	if err := alice.send(s.frames[0], s.each); !errors.Is(err, errNoKeys) {
		t.Errorf("sending without keys: %v", err)
	}
	connectParties(t, alice, bob)
	play(t, s, alice, bob)
	alice.waitMore(60)
	bob.waitMore(60)
	for _, p := range []*party{alice, bob} {
		for _, line := range strings.Split(p.pc.LocalDescription().SDP, "\n") {
			if strings.HasPrefix(line, "a=candidate:") && !strings.Contains(line, "typ relay") {
				t.Errorf("a candidate that is no relay: %s", line)
			}
		}
		if packets, _ := p.tap.seen(); packets < 60 {
			t.Errorf("the tap saw %d packets", packets)
		}
	}
	if n := s.turn.AllocationCount(); n < 2 {
		t.Errorf("%d allocations on the TURN server", n)
	}
}

func mustRekey(t *testing.T, a, b *party) {
	t.Helper()
	offer, err := a.rekey()
	if err == nil {
		err = carry(offer, b.peer, a.peer)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Either side changes the keys, in mid-call, and no frame is lost.
func TestRekey(t *testing.T) {
	s := newTestStage(t)
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	connectParties(t, alice, bob)
	play(t, s, alice, bob)
	for epoch, pair := range [][2]*party{{alice, bob}, {bob, alice}, {alice, bob}} {
		alice.waitMore(30)
		bob.waitMore(30)
		mustRekey(t, pair[0], pair[1])
		for _, p := range []*party{alice, bob} {
			p.waitMore(10)
			info, err := p.call.Info()
			stats, err2 := p.sender.Stats()
			if errors.Join(err, err2) != nil || info.Epoch != uint32(epoch+1) || stats.KID&3 != uint64(epoch+1)&3 {
				t.Errorf("epoch %d: in %d, sends under KID %d: %v", epoch+1, info.Epoch, stats.KID, errors.Join(err, err2))
			}
		}
	}
	for _, p := range []*party{alice, bob} {
		stats, err := p.receiver.Load().Stats()
		if err != nil || stats.Malformed+stats.UnknownKeyID+stats.DecryptionFailed+stats.Replayed != 0 {
			t.Errorf("refused frames: %+v, %v", stats, err)
		}
	}
}

// Without sealing the tap does see the frames: it can tell.
func TestTapSeesAnUnprotectedCall(t *testing.T) {
	s := newTestStage(t)
	tap, got := newTap(s.frames), make(chan bool, 1)
	alice, err := plainLink(s, s.turnAddr, "alice", func([]byte) {}, tap)
	if err != nil {
		t.Fatal(err)
	}
	defer alice.close()
	bob, err := plainLink(s, s.turnAddr, "bob", func([]byte) { signal(got) })
	if err != nil {
		t.Fatal(err)
	}
	defer bob.close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := connectPlain(ctx, alice, bob); err != nil {
		t.Fatal(err)
	}
	if _, err := firstFrame(s, time.Now(), got, alice.write); err != nil {
		t.Fatal(err)
	}
	if packets, clear := tap.seen(); clear == 0 {
		t.Errorf("%d packets of clear video, and the tap saw nothing", packets)
	}
}

func TestRoughNetwork(t *testing.T) {
	s := newTestStage(t)
	network := roughNetwork()
	front, stop, err := network.relay(s.turnAddr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	s.turnAddr = front
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	connectParties(t, alice, bob)
	play(t, s, alice, bob)
	alice.waitMore(75)
	bob.waitMore(75)
	mustRekey(t, alice, bob)
	alice.waitMore(75)
	bob.waitMore(75)
	lost, reordered, duplicated := network.lost.Load(), network.reordered.Load(), network.duplicated.Load()
	if lost == 0 || reordered == 0 || duplicated == 0 {
		t.Errorf("the network was too kind: %d lost, %d reordered, %d duplicated", lost, reordered, duplicated)
	}
	stats, err := bob.receiver.Load().Stats()
	if stats.UnknownKeyID != 0 {
		t.Errorf("the change of keys cost %d frames", stats.UnknownKeyID)
	}
	t.Logf("%d packets lost, %d reordered, %d duplicated; %d frames opened, %d refused; %v",
		lost, reordered, duplicated, stats.Opened, stats.DecryptionFailed+stats.Malformed+stats.Replayed, err)
}

// Someone between the peers, an SFU say, who can send as Alice's transport and has seen her sealed frames.
func TestBurstOfForgedFrames(t *testing.T) {
	s := newTestStage(t)
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	connectParties(t, alice, bob)
	sendNext := func(n int) {
		for range n {
			if err := alice.sendNext(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	sendNext(20)
	old := bytes.Clone(alice.sealed)

	forged := map[string][]byte{
		"noise":                   noise(t, 900),
		"a clear key frame":       append([]byte{0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xb4, 0}, noise(t, 300)...),
		"an altered sealed frame": altered(old, len(old)-20),
		"an altered clear prefix": altered(old, 0),
		"a sealed frame cut off":  old[:len(old)/2],
		"one byte":                {0x10},
	}
	before, err := bob.receiver.Load().Stats()
	if err != nil {
		t.Fatal(err)
	}
	const burst = 20
	for range burst {
		sendNext(1) // among true frames
		for name, frame := range forged {
			if err := alice.link.write(frame, time.Millisecond); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	// A true frame once more. The screen fails the test if it is shown twice.
	if err := alice.link.write(old, time.Millisecond); err != nil {
		t.Fatal(err)
	}
	play(t, s, alice) // the call goes on
	bob.waitMore(60)
	after, err := bob.receiver.Load().Stats()
	if err != nil {
		t.Fatal(err)
	}
	refused := func(s pqrtc.SFrameStats) uint64 {
		return s.Malformed + s.UnknownKeyID + s.DecryptionFailed + s.Replayed
	}
	if n := refused(after) - refused(before); n < burst*uint64(len(forged))/2 || after.Replayed == before.Replayed {
		t.Errorf("only %d forged frames reached the receiver: %+v", n, after)
	}
}

func TestPeerRestartsAndRejoins(t *testing.T) {
	s := newTestStage(t)
	alice, bob := newParty(t, s, "alice"), newParty(t, s, "bob")
	connectParties(t, alice, bob)
	play(t, s, alice)
	bob.waitMore(10)
	bob.peer.close() // Bob's program ends without a word

	// Bob is back with nothing. Both make a new key exchange, and Alice's old frames mean nothing in the new call.
	alice2, bob2 := newParty(t, s, "alice"), newParty(t, s, "bob")
	connectParties(t, alice2, bob2)
	stale, err := alice.sender.SealFrame(nil, pqrtc.CodecVP8, nil, s.frames[0])
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := alice2.link.write(stale, time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	play(t, s, alice2, bob2)
	bob2.waitMore(30)
	alice2.waitMore(30)
	if stats, err := bob2.receiver.Load().Stats(); err != nil || stats.DecryptionFailed == 0 {
		t.Errorf("frames of the old call: %+v, %v", stats, err)
	}
}

func noise(t *testing.T, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if err := pqrtc.Random(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func altered(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}
