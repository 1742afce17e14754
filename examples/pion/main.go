// Two pion peers in one call. Their video is sealed end to end: before it is packetized, and opened after it is put together again.
// The messages of the call ride beside the SDP offer and answer. All media goes through a TURN server in the same program, whose credentials
// are minted, wrapped for the client, and verified by pqrtc.
//
//	go run .             a call of five seconds
//	go run . -faults     the same on a network that loses, reorders and doubles packets
//	go run . -bench      what the protection costs: joining, signaling, CPU
//	go run . -role offerer -identity KEY.pem -pin FINGERPRINT      one end of a call with a peer of any stack: peer_process.go
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"sync/atomic"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

func main() {
	seconds := flag.Int("seconds", 5, "length of the call")
	rough := flag.Bool("faults", false, "lose 5 %, reorder 10 % and double 5 % of the packets")
	bench := flag.Bool("bench", false, "print figures instead")
	role := flag.String("role", "", "offerer or answerer: one end of a call")
	identity := flag.String("identity", "", "file of the identity key of that end")
	pin := flag.String("pin", "", "fingerprint of the other end's identity, in hex")
	flag.String("codec", "VP8", "VP8, the only one here")
	rekeys := flag.Int("rekeys", 1, "how often that end changes the keys, if it is the offerer")
	flag.Parse()
	if err := pqrtc.SelfTest(); err != nil {
		log.Fatal(err)
	}
	var err error
	switch {
	case *role != "":
		os.Exit(end(*role, *identity, *pin, *rekeys))
	case *bench:
		err = printFigures()
	default:
		err = call(time.Duration(*seconds)*time.Second, *rough)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func call(length time.Duration, rough bool) error {
	s, err := newStage()
	if err != nil {
		return err
	}
	defer s.close()
	turnAddr := s.turnAddr
	if rough {
		network := roughNetwork()
		front, stop, err := network.relay(s.turnAddr)
		if err != nil {
			return err
		}
		defer stop()
		turnAddr = front
		defer func() {
			fmt.Printf("network: %d packets lost, %d reordered, %d doubled\n", network.lost.Load(), network.reordered.Load(), network.duplicated.Load())
		}()
	}

	var toAlice, toBob atomic.Int64
	tap := newTap(s.frames)
	alice, err := s.newPeer("alice", "bob", turnAddr, func([]byte, pqrtc.FrameID) { toAlice.Add(1) }, tap)
	if err != nil {
		return err
	}
	defer alice.close()
	bob, err := s.newPeer("bob", "alice", turnAddr, func([]byte, pqrtc.FrameID) { toBob.Add(1) }, tap)
	if err != nil {
		return err
	}
	defer bob.close()

	joining, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := connect(joining, alice, bob); err != nil {
		return err
	}
	code, err := alice.call.SAS()
	if err != nil {
		return err
	}
	playing, stop := context.WithTimeout(context.Background(), length)
	defer stop()
	done := make(chan error, 2)
	for _, p := range []*peer{alice, bob} {
		go func() { done <- s.play(playing, p.send) }()
	}
	time.Sleep(length / 2)
	offer, err := bob.rekey()
	if err == nil {
		err = carry(offer, alice, bob)
	}
	if err != nil {
		return fmt.Errorf("rekey: %w", err)
	}
	for range 2 {
		if err := <-done; err != nil {
			return err
		}
	}
	fmt.Printf("code: %s %s, keys changed in mid-call\n", code[:5], code[5:])
	packets, clear := tap.seen()
	fmt.Printf("frames opened: %d by alice, %d by bob\n", toAlice.Load(), toBob.Load())
	fmt.Printf("RTP packets sent: %d, with a readable piece of video: %d\n", packets, clear)
	return nil
}
