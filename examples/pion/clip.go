package main

import (
	"bytes"
	_ "embed"
	"errors"
	"io"
	"time"

	"github.com/pion/webrtc/v4/pkg/media/ivfreader"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"
)

// clip is two seconds of a VP8 test picture, 320x180 at 30 frames a second.
//
//go:embed clip.ivf
var clip []byte

// tone is a second of 440 Hz in Opus, a packet of 20 ms in each page.
//
//go:embed tone.ogg
var tone []byte

// readTone gives the packets of an Ogg file.
func readTone(ogg []byte) (packets [][]byte, err error) {
	reader, _, err := oggreader.NewWith(bytes.NewReader(ogg))
	if err != nil {
		return nil, err
	}
	for {
		packet, _, err := reader.ParseNextPage()
		if errors.Is(err, io.EOF) {
			return packets, nil
		}
		if err != nil {
			return nil, err
		}
		if !bytes.HasPrefix(packet, []byte("OpusTags")) {
			packets = append(packets, packet)
		}
	}
}

// readClip gives the frames of an IVF file and the time that each is shown.
func readClip(ivf []byte) (frames [][]byte, each time.Duration, err error) {
	reader, header, err := ivfreader.NewWith(bytes.NewReader(ivf))
	if err != nil {
		return nil, 0, err
	}
	each = time.Second * time.Duration(header.TimebaseNumerator) / time.Duration(header.TimebaseDenominator)
	for {
		frame, _, err := reader.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return frames, each, nil
		}
		if err != nil {
			return nil, 0, err
		}
		frames = append(frames, frame)
	}
}
