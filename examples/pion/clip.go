package main

import (
	"bytes"
	_ "embed"
	"errors"
	"io"
	"time"

	"github.com/pion/webrtc/v4/pkg/media/ivfreader"
)

// clip is two seconds of a VP8 test picture, 320x180 at 30 frames a second.
//
//go:embed clip.ivf
var clip []byte

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
