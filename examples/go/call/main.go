// docs:begin program

// Call: an authenticated call, then a video frame sealed by Alice and opened by Bob, in one process. In a call the two are in two programs, and
// the messages travel over signaling that nobody needs to trust.
package main

import (
	"bytes"
	"fmt"
	"log"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// docs:begin call
func newCall(me *pqrtc.SigningKey, peerFingerprint, myDTLSFingerprint []byte) (*pqrtc.Call, error) {
	policy, err := pqrtc.NewPolicy(pqrtc.ProfileDefault)
	if err != nil {
		return nil, err
	}
	defer policy.Close()
	if err := policy.Set(pqrtc.PolicyPin, peerFingerprint); err != nil {
		return nil, err
	}
	return pqrtc.NewCall(policy, pqrtc.CallOptions{Identity: me, Binding: myDTLSFingerprint})
}

func call(alice, bob *pqrtc.Call, aliceDTLS, bobDTLS, frame []byte) ([]byte, error) {
	offer, err := alice.Offer() // beside the SDP offer
	if err != nil {
		return nil, err
	}
	answer, err := bob.Receive(offer, aliceDTLS) // beside the SDP answer
	if err != nil {
		return nil, err
	}
	finish, err := alice.Receive(answer, bobDTLS) // Alice knows that it is Bob; one more message
	if err != nil {
		return nil, err
	}
	if _, err := bob.Receive(finish, aliceDTLS); err != nil { // Bob knows that it is Alice
		return nil, err
	}

	sender, err := alice.Sender(0, pqrtc.SFrameAES256GCM) // both follow later rekeys by themselves
	if err != nil {
		return nil, err
	}
	defer sender.Close()
	receiver, err := bob.Receiver(pqrtc.SFrameAES256GCM)
	if err != nil {
		return nil, err
	}
	defer receiver.Close()
	sealed, err := sender.SealFrame(nil, pqrtc.CodecVP8, nil, frame) // after the encoder
	if err != nil {
		return nil, err
	}
	opened, _, err := receiver.OpenFrame(nil, pqrtc.CodecVP8, nil, sealed) // before the decoder
	return opened, err
}

// docs:end call

// identity makes the key of a device, once, and its fingerprint.
func identity() (*pqrtc.SigningKey, []byte, error) {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65Ed25519)
	if err != nil {
		return nil, nil, err
	}
	public, err := key.PublicKey()
	if err != nil {
		return nil, nil, err
	}
	fingerprint, err := pqrtc.MLDSA65Ed25519.Fingerprint(public)
	return key, fingerprint, err
}

func run() error {
	me, mine, err := identity()
	if err != nil {
		return err
	}
	defer me.Close()
	you, yours, err := identity()
	if err != nil {
		return err
	}
	defer you.Close()
	aliceDTLS, bobDTLS := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32) // a=fingerprint of the two SDPs
	alice, err := newCall(me, yours, aliceDTLS)
	if err != nil {
		return err
	}
	defer alice.Close()
	bob, err := newCall(you, mine, bobDTLS)
	if err != nil {
		return err
	}
	defer bob.Close()
	frame := append([]byte{1}, make([]byte, 1199)...) // a delta frame of VP8
	opened, err := call(alice, bob, aliceDTLS, bobDTLS, frame)
	if err != nil {
		return err
	}
	fmt.Println("Bob opens the frame that Alice sealed:", bytes.Equal(opened, frame))
	return nil
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// docs:end program
