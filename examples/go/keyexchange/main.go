// Keyexchange: two programs agree on keys with one message each way, for a PBX and a phone, say.
package main

import (
	"bytes"
	"fmt"
	"log"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	// The responder makes a key pair for this call and sends its bundle, beside its SDP offer for example.
	keypair, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	if err != nil {
		return err
	}
	defer keypair.Close()
	bundle, err := keypair.Bundle()
	if err != nil {
		return err
	}
	fmt.Println("responder sends a bundle of", len(bundle), "bytes")

	// The initiator answers with an exchange message, and has its session.
	exchange, initiator, err := pqrtc.Initiate(pqrtc.XWing, bundle)
	if err != nil {
		return err
	}
	defer initiator.Close()
	fmt.Println("initiator answers with", len(exchange), "bytes")

	// The responder has the same session.
	responder, err := keypair.Respond(exchange)
	if err != nil {
		return err
	}
	defer responder.Close()

	// Each use of the session has its own key. These are for SRTP; the client is the initiator.
	a, err := initiator.SRTPKeys(pqrtc.SRTPAEADAES256GCM)
	if err != nil {
		return err
	}
	b, err := responder.SRTPKeys(pqrtc.SRTPAEADAES256GCM)
	if err != nil {
		return err
	}
	fmt.Println("same SRTP keys on both sides:", bytes.Equal(a.ClientKey, b.ClientKey) && bytes.Equal(a.ServerKey, b.ServerKey))

	// And this is for the application. Export takes any label.
	a1, err := initiator.Export("chat", nil, 32)
	if err != nil {
		return err
	}
	b1, err := responder.Export("chat", nil, 32)
	if err != nil {
		return err
	}
	fmt.Println("same chat key on both sides:", bytes.Equal(a1, b1))
	return nil
}
