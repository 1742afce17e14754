package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const (
	suite    = pqrtc.XWing
	cipher   = pqrtc.SFrameAES256GCM
	videoKID = 1 // one key ID for each stream that a peer sends; the two directions have unrelated keys
)

// docs:begin signaling

// offerMessage and answerMessage are what the application's signaling carries: the SDP, and beside it the key exchange.
// In JSON the blobs are standard base64.
type offerMessage struct {
	SDP    string `json:"sdp"`
	Bundle []byte `json:"pqrtc_bundle"`
}

type answerMessage struct {
	SDP      string `json:"sdp"`
	Exchange []byte `json:"pqrtc_exchange"`
	Confirm  []byte `json:"pqrtc_confirm"`
}

// binding ties the keys to this offer and answer, and so to the DTLS fingerprints in them.
func binding(offer, answer string) []byte {
	o, a := sha256.Sum256([]byte(offer)), sha256.Sum256([]byte(answer))
	return append(o[:], a[:]...)
}

// docs:end signaling

// peer is a link whose frames are sealed before they are packetized, and opened after they are depacketized.
type peer struct {
	*link
	sdp     string // our offer, until it is answered
	keypair *pqrtc.HybridKeypair
	// A key pair answers an exchange message once. Sessions are kept until a confirmation is right: the first that comes may be altered.
	sessions map[string]*pqrtc.Session

	mu       sync.Mutex // sending
	sender   *pqrtc.SFrameSender
	sealed   []byte
	receiver *pqrtc.SFrameReceiver

	onFrame func(frame []byte, id pqrtc.FrameID) // an authentic frame; the slice is good until it returns
}

var errNoKeys = errors.New("no keys yet: the frame was not sent")

func newPeer(ice webrtc.ICEServer, onFrame func([]byte, pqrtc.FrameID), interceptors ...interceptor.Factory) (*peer, error) {
	p := &peer{onFrame: onFrame, sessions: map[string]*pqrtc.Session{}}
	var err error
	if p.receiver, err = pqrtc.NewSFrameReceiver(cipher); err != nil {
		return nil, err
	}
	if p.link, err = newLink(ice, p.received(), interceptors...); err != nil {
		return nil, errors.Join(err, p.receiver.Close())
	}
	return p, nil
}

// docs:begin exchange

// offer begins a call. Each call has a key pair of its own.
func (p *peer) offer() ([]byte, error) {
	bundle, err := p.publish()
	if err != nil {
		return nil, err
	}
	if p.sdp, err = p.link.offer(); err != nil {
		return nil, err
	}
	return json.Marshal(offerMessage{p.sdp, bundle})
}

func (p *peer) publish() (bundle []byte, err error) {
	if p.keypair, err = pqrtc.GenerateHybridKeypair(suite); err != nil {
		return nil, err
	}
	return p.keypair.Bundle()
}

// answer takes the other side's offer. The keys are there before the answer is sent, and no media can flow before it has arrived.
func (p *peer) answer(message []byte) ([]byte, error) {
	var offer offerMessage
	if err := json.Unmarshal(message, &offer); err != nil {
		return nil, fmt.Errorf("offer: %w", err)
	}
	exchange, session, err := pqrtc.Initiate(suite, offer.Bundle)
	if err != nil {
		return nil, fmt.Errorf("offer: key bundle: %w", err)
	}
	defer session.Close()
	sdp, err := p.link.answer(offer.SDP)
	if err != nil {
		return nil, fmt.Errorf("offer: SDP: %w", err)
	}
	if err := p.setKeys(session); err != nil {
		return nil, err
	}
	confirm, err := session.Seal(nil, binding(offer.SDP, sdp), nil)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answerMessage{sdp, exchange, confirm})
}

// accept takes the answer to our offer, and refuses one that was made for another.
func (p *peer) accept(message []byte) error {
	var answer answerMessage
	if err := json.Unmarshal(message, &answer); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if err := p.confirmed(answer.Exchange, answer.Confirm, binding(p.sdp, answer.SDP)); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return p.link.accept(answer.SDP)
}

func (p *peer) confirmed(exchange, confirm, binding []byte) error {
	session := p.sessions[string(exchange)]
	if session == nil {
		var err error
		if session, err = p.keypair.Respond(exchange); err != nil {
			return fmt.Errorf("key exchange: %w", err)
		}
		p.sessions[string(exchange)] = session
	}
	if _, err := session.Open(nil, binding, confirm); err != nil {
		return fmt.Errorf("not made for this offer: %w", err)
	}
	return p.setKeys(session)
}

// docs:end exchange

func (p *peer) setKeys(session *pqrtc.Session) error {
	if err := p.receiver.AddSession(session, videoKID); err != nil {
		return err
	}
	sender, err := pqrtc.NewSFrameSender(session, videoKID, cipher)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sender = sender
	return nil
}

// docs:begin media

// send seals an encoded frame, before pion packetizes it. It is the only way to the track, and without keys there is none.
func (p *peer) send(frame []byte, duration time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sender == nil {
		return errNoKeys
	}
	sealed, err := p.sender.SealFrame(p.sealed[:0], pqrtc.CodecVP8, nil, frame)
	if err != nil {
		return err
	}
	p.sealed = sealed // used again: the packetizer copies
	return p.link.write(sealed, duration)
}

// received opens each frame that the sample builder has put together. What does not authenticate goes nowhere but into the receiver's counts.
func (p *peer) received() func(data []byte) {
	var frame []byte
	return func(data []byte) {
		opened, id, err := p.receiver.OpenFrame(frame[:0], pqrtc.CodecVP8, nil, data)
		if err != nil {
			return
		}
		frame = opened
		p.onFrame(opened, id)
	}
}

// docs:end media

func (p *peer) close() error {
	err := p.link.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sender != nil {
		p.sender.Close()
	}
	if p.keypair != nil {
		p.keypair.Close()
	}
	for _, session := range p.sessions {
		session.Close()
	}
	p.receiver.Close()
	return err
}
