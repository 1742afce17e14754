// Sealframes: encoded video goes through a server that forwards it and cannot read it.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const (
	cameraKID = 1 // the sender's first stream; a second one would be 2
	cipher    = pqrtc.SFrameAES256GCM
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	// Two ends of a key exchange: see keyexchange.
	keypair, err := pqrtc.GenerateHybridKeypair(pqrtc.XWing)
	if err != nil {
		return err
	}
	defer keypair.Close()
	bundle, err := keypair.Bundle()
	if err != nil {
		return err
	}
	exchange, alice, err := pqrtc.Initiate(pqrtc.XWing, bundle)
	if err != nil {
		return err
	}
	defer alice.Close()
	bob, err := keypair.Respond(exchange)
	if err != nil {
		return err
	}
	defer bob.Close()

	// Alice sends, Bob receives.
	sender, err := pqrtc.NewSFrameSender(alice, cameraKID, cipher)
	if err != nil {
		return err
	}
	defer sender.Close()
	receiver, err := pqrtc.NewSFrameReceiver(cipher)
	if err != nil {
		return err
	}
	defer receiver.Close()
	if err := receiver.AddSession(bob, cameraKID); err != nil {
		return err
	}

	var sealed, opened []byte // used again for every frame: no allocation once they are large enough
	for i := range 30 {
		frame := vp8(i)
		if sealed, err = sender.SealFrame(sealed[:0], pqrtc.CodecVP8, nil, frame); err != nil {
			return err
		}
		// Here the frame crosses the network. What VP8 packetizers look at is clear, the picture is not.
		if bytes.Contains(sealed, []byte("picture")) {
			return errors.New("the picture is on the wire")
		}
		got, id, err := receiver.OpenFrame(opened[:0], pqrtc.CodecVP8, nil, sealed)
		if err != nil {
			return err
		}
		opened = got
		if !bytes.Equal(got, frame) || id.Counter != uint64(i) {
			return fmt.Errorf("frame %d changed on its way", i)
		}
	}

	// A frame that comes twice, and one that was altered.
	if _, _, err := receiver.OpenFrame(opened[:0], pqrtc.CodecVP8, nil, sealed); !errors.Is(err, pqrtc.ErrReplayedFrame) {
		return fmt.Errorf("a replay gave: %v", err)
	}
	sealed, err = sender.SealFrame(sealed[:0], pqrtc.CodecVP8, nil, vp8(30))
	if err != nil {
		return err
	}
	sealed[15] ^= 1
	if _, _, err := receiver.OpenFrame(opened[:0], pqrtc.CodecVP8, nil, sealed); !errors.Is(err, pqrtc.ErrDecryptionFailed) {
		return fmt.Errorf("an altered frame gave: %v", err)
	}
	stats, err := receiver.Stats()
	if err != nil {
		return err
	}
	fmt.Println("opened:", stats.Opened, "replayed:", stats.Replayed, "altered:", stats.DecryptionFailed)
	return nil
}

// vp8 stands for an encoder: a key frame of 640x480, then delta frames.
func vp8(i int) []byte {
	body := fmt.Sprintf("picture %d", i)
	if i == 0 {
		return append([]byte{0x10, 2, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1}, body...)
	}
	return append([]byte{0x11, 2, 0}, body...)
}
