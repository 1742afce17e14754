package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// stage is what a call needs around it: a TURN server, the secret that it shares with the application's server, and the clip.
type stage struct {
	secret   []byte
	turn     *turn.Server
	turnAddr net.Addr
	lifetime time.Duration // of TURN credentials
	frames   [][]byte
	each     time.Duration
	known    map[string]*pqrtc.SigningKey // the identities of its users, of which everybody knows the fingerprints
}

func newStage() (*stage, error) { return newStageFor(10*time.Minute, 10*time.Minute) }

// newStageFor has TURN credentials and allocations that last that long.
func newStageFor(credentials, allocations time.Duration) (*stage, error) {
	s := &stage{secret: make([]byte, 32), lifetime: credentials, known: map[string]*pqrtc.SigningKey{}}
	err := pqrtc.Random(s.secret)
	if err != nil {
		return nil, err
	}
	if s.frames, s.each, err = readClip(clip); err != nil {
		return nil, err
	}
	s.turn, s.turnAddr, err = newTURNServer(s.secret, allocations)
	return s, err
}

func (s *stage) close() error { return s.turn.Close() }

// iceServer gives a user a fresh credential, wrapped on its way.
func (s *stage) iceServer(user string, turnAddr net.Addr) (webrtc.ICEServer, error) {
	return fetchICEServer(turnAddr.String(), func(publicKey []byte) ([]byte, error) {
		return issueCredential(s.secret, user, s.lifetime, publicKey)
	})
}

// identity is what a user is known by, in every call.
func (s *stage) identity(user string) (*pqrtc.SigningKey, error) {
	var err error
	if s.known[user] == nil {
		s.known[user], err = pqrtc.GenerateSigningKey(pqrtc.MLDSA65Ed25519)
	}
	return s.known[user], err
}

func fingerprintOf(key *pqrtc.SigningKey) ([]byte, error) {
	public, err := key.PublicKey()
	if err != nil {
		return nil, err
	}
	return pqrtc.MLDSA65Ed25519.Fingerprint(public)
}

// newPeer is a user's end of a call with another.
func (s *stage) newPeer(user, other string, turnAddr net.Addr, onFrame func([]byte, pqrtc.FrameID), interceptors ...interceptor.Factory) (*peer, error) {
	ice, err := s.iceServer(user, turnAddr)
	if err != nil {
		return nil, err
	}
	me, err := s.identity(user)
	if err != nil {
		return nil, err
	}
	they, err := s.identity(other)
	if err != nil {
		return nil, err
	}
	pin, err := fingerprintOf(they)
	if err != nil {
		return nil, err
	}
	return newPeer(me, pin, []webrtc.ICEServer{ice}, onFrame, interceptors...)
}

// docs:begin carry

// connect is the application's signaling: each message goes to the other side, until there is none to take back.
func connect(ctx context.Context, caller, callee *peer) error {
	offer, err := caller.offer()
	if err != nil {
		return err
	}
	if err := carry(offer, callee, caller); err != nil {
		return err
	}
	return waitConnected(ctx, caller.link, callee.link)
}

func carry(text []byte, to, back *peer) (err error) {
	for len(text) > 0 && err == nil {
		text, err = to.receive(text)
		to, back = back, to
	}
	return err
}

// docs:end carry

func waitConnected(ctx context.Context, links ...*link) error {
	for _, l := range links {
		select {
		case <-l.connected:
		case <-ctx.Done():
			return fmt.Errorf("not connected: %w", ctx.Err())
		}
	}
	return nil
}

// play sends the clip over and over, at its own pace, until the context ends.
func (s *stage) play(ctx context.Context, send func(frame []byte, duration time.Duration) error) error {
	ticker := time.NewTicker(s.each)
	defer ticker.Stop()
	for i := 0; ; i++ {
		if err := send(s.frames[i%len(s.frames)], s.each); err != nil {
			if ctx.Err() != nil || errors.Is(err, pqrtc.ErrClosed) {
				return nil
			}
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}
