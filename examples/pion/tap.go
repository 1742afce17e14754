package main

import (
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
)

// tap looks at every RTP packet that a peer sends, retransmissions included, as it is handed to SRTP. It knows the frames of the clip
// and counts the packets in which a piece of one can be read.
type tap struct {
	interceptor.NoOp
	pieces map[[pieceLen]byte]bool

	mu             sync.Mutex
	packets, clear int
}

// pieceLen is long enough that ciphertext does not match by chance, and short enough that the smallest frame has a piece.
const pieceLen = 12

// newTap learns the frames. The bytes that VP8 leaves clear by design, 10 of a key frame and 3 of another, are not held against it.
func newTap(frames [][]byte) *tap {
	t := &tap{pieces: map[[pieceLen]byte]bool{}}
	for _, frame := range frames {
		prefix := 3
		if frame[0]&1 == 0 {
			prefix = 10
		}
		for i := prefix; i+pieceLen <= len(frame); i++ {
			t.pieces[[pieceLen]byte(frame[i:])] = true
		}
	}
	return t
}

// NewInterceptor makes the tap its own factory.
func (t *tap) NewInterceptor(string) (interceptor.Interceptor, error) { return t, nil }

// BindLocalStream puts the tap in front of SRTP.
func (t *tap) BindLocalStream(_ *interceptor.StreamInfo, next interceptor.RTPWriter) interceptor.RTPWriter {
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, attributes interceptor.Attributes) (int, error) {
		t.look(payload)
		return next.Write(header, payload, attributes)
	})
}

func (t *tap) look(payload []byte) {
	readable := false
	for i := 0; i+pieceLen <= len(payload) && !readable; i++ {
		readable = t.pieces[[pieceLen]byte(payload[i:])]
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.packets++
	if readable {
		t.clear++
	}
}

// seen gives how many packets passed, and in how many of them a frame could be read.
func (t *tap) seen() (packets, clear int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.packets, t.clear
}
