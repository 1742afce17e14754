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
}

func newStage() (*stage, error) { return newStageFor(10*time.Minute, 10*time.Minute) }

// newStageFor has TURN credentials and allocations that last that long.
func newStageFor(credentials, allocations time.Duration) (*stage, error) {
	s := &stage{secret: make([]byte, 32), lifetime: credentials}
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

func (s *stage) newPeer(user string, turnAddr net.Addr, onFrame func([]byte, pqrtc.FrameID), interceptors ...interceptor.Factory) (*peer, error) {
	ice, err := s.iceServer(user, turnAddr)
	if err != nil {
		return nil, err
	}
	return newPeer(ice, onFrame, interceptors...)
}

// connect is the application's signaling: it carries the offer one way and the answer the other.
func connect(ctx context.Context, caller, callee *peer) error {
	offer, err := caller.offer()
	if err != nil {
		return err
	}
	answer, err := callee.answer(offer)
	if err != nil {
		return err
	}
	if err := caller.accept(answer); err != nil {
		return err
	}
	return waitConnected(ctx, caller.link, callee.link)
}

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
