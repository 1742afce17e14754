// Turnwrap: a server gives one client a TURN credential that no one between them can read, now or later.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

type credential struct {
	Username string `json:"username"`
	Password string `json:"credential"`
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	turnSecret := []byte("shared with the TURN server (coturn: static-auth-secret)")

	// The client sends its public key once.
	client, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
	if err != nil {
		return err
	}
	defer client.Close()
	publicKey, err := client.PublicKey()
	if err != nil {
		return err
	}

	// The server mints a credential that is good for an hour, and wraps it to that key.
	username, password, err := pqrtc.MintTURN(turnSecret, "alice", time.Now().Add(time.Hour))
	if err != nil {
		return err
	}
	plain, err := json.Marshal(credential{username, password})
	if err != nil {
		return err
	}
	wrapped, err := pqrtc.WrapTURN(pqrtc.MLKEM768, publicKey, plain)
	if err != nil {
		return err
	}
	fmt.Println("wrapped:", len(wrapped)-len(plain), "bytes more than the credential")

	// The client unwraps it, and gives it to its WebRTC stack.
	opened, err := client.UnwrapTURN(wrapped)
	if err != nil {
		return err
	}
	var c credential
	if err := json.Unmarshal(opened, &c); err != nil {
		return err
	}

	// The TURN server accepts it, until it expires.
	fmt.Println("accepted now:", pqrtc.VerifyTURN(turnSecret, c.Username, c.Password, time.Now()) == nil)
	err = pqrtc.VerifyTURN(turnSecret, c.Username, c.Password, time.Now().Add(2*time.Hour))
	fmt.Println("expired in two hours:", errors.Is(err, pqrtc.ErrCredentialExpired))

	// One bit changed on the way, and nothing is unwrapped.
	wrapped[200] ^= 1
	_, err = client.UnwrapTURN(wrapped)
	fmt.Println("altered is refused:", errors.Is(err, pqrtc.ErrDecryptionFailed))
	return nil
}
