package pqrtc_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// check is what a program would write as: if err != nil { return err }.
func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// A key exchange: one message each way.
func ExampleInitiate() {
	// Bob publishes a bundle beside his SDP offer.
	bob, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	check(err)
	defer bob.Close()
	bundle, err := bob.Bundle()
	check(err)

	// Alice answers with an exchange message beside her SDP answer.
	exchange, alice, err := pqrtc.Initiate(pqrtc.XWing, bundle)
	check(err)
	defer alice.Close()

	session, err := bob.Respond(exchange)
	check(err)
	defer session.Close()

	a, err := alice.Export("chat key", nil, 32)
	check(err)
	b, err := session.Export("chat key", nil, 32)
	check(err)
	fmt.Println(len(bundle), len(exchange), string(a) == string(b))
	// Output: 1216 1120 true
}

// A TURN credential for one client, readable by that client alone.
func ExampleWrapTURN() {
	client, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	check(err)
	defer client.Close()
	publicKey, err := client.PublicKey()
	check(err)

	// The server knows the TURN server's secret and the client's public key.
	username, password, err := pqrtc.MintTURN([]byte("turn secret"), "alice", time.Unix(1900000000, 0))
	check(err)
	wrapped, err := pqrtc.WrapTURN(pqrtc.MLKEM768, publicKey, []byte(username+" "+password))
	check(err)

	credential, err := client.UnwrapTURN(wrapped)
	check(err)
	fmt.Println(len(wrapped)-len(credential), strings.Fields(string(credential))[0])
	// Output: 1116 1900000000:alice
}

func ExampleVerifyTURN() {
	secret := []byte("turn secret")
	username, password, err := pqrtc.MintTURN(secret, "alice", time.Unix(1900000000, 0))
	check(err)
	err = pqrtc.VerifyTURN(secret, username, password, time.Unix(1900000001, 0))
	fmt.Println(errors.Is(err, pqrtc.ErrCredentialExpired))
	// Output: true
}

// A file is signed as a stream.
func ExampleArtifactHasher() {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	check(err)
	defer key.Close()
	publicKey, err := key.PublicKey()
	check(err)

	recording := strings.NewReader("00:00 Alice: hello\n")
	hasher, err := pqrtc.NewArtifactHasher(pqrtc.Transcript)
	check(err)
	defer hasher.Close()
	_, err = io.Copy(hasher, recording)
	check(err)
	signature, err := hasher.Sign(key)
	check(err)

	fmt.Println(pqrtc.VerifyArtifact(pqrtc.MLDSA65, publicKey, pqrtc.Transcript, []byte("00:00 Alice: hello\n"), signature))
	err = pqrtc.VerifyArtifact(pqrtc.MLDSA65, publicKey, pqrtc.Transcript, []byte("00:00 Alice: goodbye\n"), signature)
	fmt.Println(errors.Is(err, pqrtc.ErrBadSignature))
	// Output:
	// <nil>
	// true
}

// Frames sealed end to end, in a buffer that is used again.
func ExampleSFrameSender_Seal() {
	bob, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	check(err)
	bundle, err := bob.Bundle()
	check(err)
	exchange, alice, err := pqrtc.Initiate(pqrtc.XWing, bundle)
	check(err)
	session, err := bob.Respond(exchange)
	check(err)

	const kid = 1 // Alice's first stream
	sender, err := pqrtc.NewSFrameSender(alice, kid, pqrtc.SFrameAES256GCM)
	check(err)
	receiver, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES256GCM)
	check(err)
	check(receiver.AddSession(session, kid))

	buf := make([]byte, 0, 1500)
	for _, frame := range []string{"frame 1", "frame 2"} {
		sealed, err := sender.Seal(buf[:0], nil, []byte(frame))
		check(err)
		opened, err := receiver.Open(sealed[:0], nil, sealed) // in place
		check(err)
		fmt.Println(string(opened))
	}
	_, err = receiver.Open(nil, nil, []byte("noise"))
	fmt.Println(errors.Is(err, pqrtc.ErrUnknownKeyID) || errors.Is(err, pqrtc.ErrMalformedFrame))
	// Output:
	// frame 1
	// frame 2
	// true
}

// A small message, such as a group key, for the other side of a session.
func ExampleSession_Seal() {
	bob, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	check(err)
	bundle, err := bob.Bundle()
	check(err)
	exchange, alice, err := pqrtc.Initiate(pqrtc.XWing, bundle)
	check(err)
	session, err := bob.Respond(exchange)
	check(err)

	sealed, err := alice.Seal(nil, []byte("group key of room 7"), []byte("0123456789abcdef"))
	check(err)
	groupKey, err := session.Open(nil, []byte("group key of room 7"), sealed)
	check(err)
	fmt.Println(string(groupKey))
	_, err = session.Open(nil, []byte("group key of room 7"), sealed)
	fmt.Println(errors.Is(err, pqrtc.ErrReplayedFrame))
	// Output:
	// 0123456789abcdef
	// true
}

// Encoded video, sealed so that the packetizer of its codec still takes it.
func ExampleSFrameSender_SealFrame() {
	baseKey := make([]byte, 32)
	check(pqrtc.Random(baseKey))
	sender, err := pqrtc.NewSFrameSenderFromKey(baseKey, 1, pqrtc.SFrameAES128GCM)
	check(err)
	receiver, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES128GCM)
	check(err)
	check(receiver.AddKey(1, baseKey))

	frame := []byte("\x00\x00\x00\x01\x65\x88 an H.264 slice")
	sealed, err := sender.SealFrame(nil, pqrtc.CodecH264, nil, frame)
	check(err)
	opened, id, err := receiver.OpenFrame(nil, pqrtc.CodecH264, nil, sealed)
	check(err)
	fmt.Println(string(opened) == string(frame), id.KID, id.Counter)
	// Output: true 1 0
}
