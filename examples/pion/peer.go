package main

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const cipher = pqrtc.SFrameAES256GCM

// peer is a link whose frames are sealed before they are packetized, and opened after they are depacketized.
type peer struct {
	*link
	me     *pqrtc.SigningKey
	pin    []byte // fingerprint of the identity that the other side must have
	call   *pqrtc.Call
	theirs []byte // fingerprint of the other side's certificate

	mu     sync.Mutex // sending
	sender *pqrtc.SFrameSender
	sealed []byte

	receiver atomic.Pointer[pqrtc.SFrameReceiver]
	onFrame  func(frame []byte, id pqrtc.FrameID) // an authentic frame; the slice is good until it returns
}

var errNoKeys = errors.New("the other side is not known yet: the frame was not sent")

func newPeer(me *pqrtc.SigningKey, pin []byte, ice []webrtc.ICEServer, onFrame func([]byte, pqrtc.FrameID), interceptors ...interceptor.Factory) (*peer, error) {
	p := &peer{me: me, pin: pin, onFrame: onFrame}
	var err error
	p.link, err = newLink(ice, p.received(), interceptors...)
	return p, err
}

// docs:begin call

// begin makes the call: who we are, whom we expect, and the certificate that we use in DTLS.
func (p *peer) begin() error {
	policy, err := pqrtc.NewPolicy(pqrtc.ProfileDefault)
	if err != nil {
		return err
	}
	defer policy.Close()
	if err := errors.Join(policy.Set(pqrtc.PolicyPin, p.pin), policy.Set(pqrtc.PolicyRequireBinding, nil)); err != nil {
		return err
	}
	binding, err := p.link.fingerprint()
	if err != nil {
		return err
	}
	p.endCall()
	if p.call, err = pqrtc.NewCall(policy, pqrtc.CallOptions{Identity: p.me, Binding: binding}); err != nil {
		return err
	}
	receiver, err := p.call.Receiver(cipher) // of all epochs
	p.receiver.Store(receiver)
	return err
}

// offer begins a call.
func (p *peer) offer() ([]byte, error) {
	if err := p.begin(); err != nil {
		return nil, err
	}
	offer, err := p.call.Offer()
	if err != nil {
		return nil, err
	}
	sdp, err := p.link.offer()
	if err != nil {
		return nil, err
	}
	return encode(message{"offer", sdp, offer})
}

// receive takes what signaling brought and gives what it has to take back, if anything. What is refused is an error, and nothing was set.
func (p *peer) receive(text []byte) ([]byte, error) {
	heard, err := decode(text)
	if err != nil {
		return nil, err
	}
	theirs := p.theirs
	if heard.SDP != "" {
		if theirs, err = fingerprint(heard.SDP); err != nil {
			return nil, err
		}
	}
	if heard.Type == "offer" {
		if p.sealing() {
			return nil, refuse("there is a call already")
		}
		if err := p.begin(); err != nil {
			return nil, err
		}
	} else if p.call == nil {
		return nil, refuse("%s, and no call was begun", heard.Type)
	}
	reply, err := p.call.Receive(heard.PQRTC, theirs)
	if err != nil {
		return nil, err
	}
	p.theirs = theirs
	if err := p.startSealing(); err != nil { // not before we know who the other is
		return nil, err
	}
	switch {
	case heard.Type == "offer":
		sdp, err := p.link.answer(heard.SDP)
		if err != nil {
			return nil, err
		}
		return encode(message{"answer", sdp, reply})
	case heard.Type == "answer":
		if err := p.link.accept(heard.SDP); err != nil {
			return nil, err
		}
	}
	if len(reply) == 0 {
		return nil, nil
	}
	return encode(message{Type: "pqrtc", PQRTC: reply})
}

// rekey begins a change of keys. Sender and receiver follow by themselves.
func (p *peer) rekey() ([]byte, error) {
	offer, err := p.call.Offer()
	if err != nil {
		return nil, err
	}
	return encode(message{Type: "pqrtc", PQRTC: offer})
}

// docs:end call

func (p *peer) startSealing() error {
	info, err := p.call.Info()
	if err != nil || !info.MaySend || p.sealing() {
		return err
	}
	sender, err := p.call.Sender(0, cipher)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sender = sender
	return nil
}

func (p *peer) sealing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sender != nil
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
		opened, id, err := p.receiver.Load().OpenFrame(frame[:0], pqrtc.CodecVP8, nil, data)
		if err != nil {
			return
		}
		frame = opened
		p.onFrame(opened, id)
	}
}

// docs:end media

// addAudio gives the peer Opus as well, as a stream of its own.
func (p *peer) addAudio() error {
	var frame []byte
	return p.link.addAudio(func(data []byte) {
		if opened, id, err := p.receiver.Load().OpenFrame(frame[:0], pqrtc.CodecOpus, nil, data); err == nil {
			frame = opened
			p.onFrame(opened, id)
		}
	})
}

func (p *peer) sendAudio(sender *pqrtc.SFrameSender, packet []byte) error {
	sealed, err := sender.SealFrame(nil, pqrtc.CodecOpus, nil, packet)
	if err != nil {
		return err
	}
	return p.link.audio.WriteSample(media.Sample{Data: sealed, Duration: 20 * time.Millisecond})
}

func (p *peer) endCall() {
	if p.call != nil {
		p.call.Close()
		p.receiver.Load().Close()
	}
}

func (p *peer) close() error {
	err := p.link.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sender != nil {
		p.sender.Close()
	}
	p.endCall()
	return err
}
