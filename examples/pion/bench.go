package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"golang.org/x/sys/unix"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const joins = 20

// printFigures prints what the protection adds to a call, a figure a line: the stack, what it is, value, unit.
func printFigures() error {
	s, err := newStage()
	if err != nil {
		return err
	}
	defer s.close()
	s.each = time.Millisecond // a frame is complete when the next begins: no waiting for that
	var with, without []float64
	for range joins { // by turns, so that both see the same machine
		for _, run := range []struct {
			join  func(*stage) (time.Duration, error)
			times *[]float64
		}{{joinSealed, &with}, {joinPlain, &without}} {
			d, err := run.join(s)
			if err != nil {
				return err
			}
			*run.times = append(*run.times, d.Seconds()*1000)
		}
	}
	messages, credential, err := signalingBytes(s)
	if err != nil {
		return err
	}
	cpu, err := joinCPU(s)
	if err != nil {
		return err
	}
	a, b := median(with), median(without)
	figure(fmt.Sprintf("join to first picture without pqrtc, median of %d", joins), b, "ms")
	figure(fmt.Sprintf("join to first picture with pqrtc, median of %d", joins), a, "ms")
	figure("difference of the two medians", a-b, "ms")
	figure("computing in a join, both sides and the TURN credentials", cpu, "ms")
	for i, name := range []string{"bytes added to the offer", "bytes added to the answer", "bytes of the finish", "bytes of the acknowledgement"} {
		figure(name, float64(messages[i]), "bytes")
	}
	figure("bytes added to fetching a TURN credential", float64(credential), "bytes")
	return printCPU()
}

// figure prints one line: the stack, what it is with "-" between the words, value, unit.
func figure(name string, value float64, unit string) {
	fmt.Println("figure pion", strings.ReplaceAll(name, " ", "-"), strconv.FormatFloat(value, 'f', decimals(value), 64), unit)
}

// decimals is how many are worth printing.
func decimals(value float64) int {
	switch {
	case value == math.Trunc(value):
		return 0
	case math.Abs(value) >= 0.1:
		return 2
	}
	return 4
}

func median(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// firstFrame waits until one end has a frame of the other's.
func firstFrame(s *stage, start time.Time, got <-chan bool, send func([]byte, time.Duration) error) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	go s.play(ctx, send)
	select {
	case <-got:
		return time.Since(start), nil
	case <-ctx.Done():
		return 0, errors.New("no frame came")
	}
}

func signal(c chan bool) {
	select {
	case c <- true:
	default:
	}
}

func joinSealed(s *stage) (time.Duration, error) {
	got := make(chan bool, 1)
	start := time.Now()
	caller, err := s.newPeer("alice", "bob", s.turnAddr, func([]byte, pqrtc.FrameID) {})
	if err != nil {
		return 0, err
	}
	defer caller.close()
	callee, err := s.newPeer("bob", "alice", s.turnAddr, func([]byte, pqrtc.FrameID) { signal(got) })
	if err != nil {
		return 0, err
	}
	defer callee.close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := connect(ctx, caller, callee); err != nil {
		return 0, err
	}
	return firstFrame(s, start, got, caller.send)
}

// joinPlain is the same call as pion makes it alone.
func joinPlain(s *stage) (time.Duration, error) {
	got := make(chan bool, 1)
	start := time.Now()
	caller, err := plainLink(s, s.turnAddr, "alice", func([]byte) {})
	if err != nil {
		return 0, err
	}
	defer caller.close()
	callee, err := plainLink(s, s.turnAddr, "bob", func([]byte) { signal(got) })
	if err != nil {
		return 0, err
	}
	defer callee.close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := connectPlain(ctx, caller, callee); err != nil {
		return 0, err
	}
	return firstFrame(s, start, got, caller.write)
}

func connectPlain(ctx context.Context, caller, callee *link) error {
	offer, err := caller.offer()
	if err != nil {
		return err
	}
	answer, err := callee.answer(offer)
	if err != nil {
		return err
	}
	if err := caller.accept(answer); err != nil {
		return err
	}
	return waitConnected(ctx, caller, callee)
}

// joinCPU is the time of what the protection computes in one join, at both ends and in the application's server, in ms.
func joinCPU(s *stage) (float64, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var times []float64
	for range joins {
		start := threadCPU()
		for range 2 {
			if _, err := s.iceServer("alice", s.turnAddr); err != nil {
				return 0, err
			}
		}
		before := threadCPU() - start
		ends, err := twoEnds(s)
		if err != nil {
			return 0, err
		}
		start = threadCPU()
		if _, err := handshake(ends); err != nil {
			return 0, err
		}
		times = append(times, (before+threadCPU()-start).Seconds()*1000)
		for _, end := range ends {
			end.close()
		}
	}
	return median(times), nil
}

// twoEnds are those of a call without a connection.
func twoEnds(s *stage) (ends [2]*peer, err error) {
	for i, user := range []string{"alice", "bob"} {
		if ends[i], err = s.newPeer(user, []string{"bob", "alice"}[i], s.turnAddr, func([]byte, pqrtc.FrameID) {}); err != nil {
			return ends, err
		}
		if err := ends[i].begin(); err != nil {
			return ends, err
		}
	}
	for i := range ends {
		if ends[i].theirs, err = ends[1-i].link.fingerprint(); err != nil {
			return ends, err
		}
	}
	return ends, nil
}

// handshake gives the four messages.
func handshake(ends [2]*peer) (messages [4][]byte, err error) {
	if messages[0], err = ends[0].call.Offer(); err != nil {
		return messages, err
	}
	for i := range messages {
		to := ends[(i+1)%2]
		reply, err := to.call.Receive(messages[i], to.theirs)
		if err != nil {
			return messages, err
		}
		if i < 3 {
			messages[i+1] = reply
		}
	}
	return messages, nil
}

func plainLink(s *stage, turnAddr net.Addr, user string, onSample func([]byte), interceptors ...interceptor.Factory) (*link, error) {
	username, password, err := pqrtc.MintTURN(s.secret, user, time.Now().Add(time.Hour))
	if err != nil {
		return nil, err
	}
	return newLink([]webrtc.ICEServer{iceServer(turnAddr.String(), credential{username, password})}, onSample, interceptors...)
}

// signalingBytes is what the messages add to those that are sent anyway, and the credential to its own.
func signalingBytes(s *stage) (messages [4]int, turn int, err error) {
	ends, err := twoEnds(s)
	if err != nil {
		return messages, 0, err
	}
	four, err := handshake(ends)
	length := func(v any) int {
		b, e := json.Marshal(v)
		err = errors.Join(err, e)
		return len(b)
	}
	for i, m := range four {
		messages[i] = length(wire{PQRTC: base64.StdEncoding.EncodeToString(m)}) - length(wire{})
	}

	username, password, e := pqrtc.MintTURN(s.secret, "alice", time.Now())
	c := credential{username, password}
	type wrapped struct {
		PublicKey []byte `json:"pqrtc_key"`
		Wrapped   []byte `json:"pqrtc_credential"`
	}
	turn = length(wrapped{make([]byte, pqrtc.MLKEM768PublicKeySize), make([]byte, length(c)+pqrtc.MLKEM768TURNWrapOverhead)}) - length(c)
	return messages, turn, errors.Join(err, e)
}

// printCPU seals and opens ten seconds of 720p30 at 2.5 Mbit/s and says what share of one core that takes.
func printCPU() error {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		fmt.Println("skipped: CPU share at 720p30: no ffmpeg")
		return nil
	}
	dir, err := os.MkdirTemp("", "pqrtc")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "720p30.ivf")
	out, err := exec.Command(ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "mandelbrot=size=1280x720:rate=30", "-t", "10",
		"-c:v", "libvpx", "-b:v", "2500k", "-deadline", "realtime", "-cpu-used", "8", file).CombinedOutput()
	if err != nil {
		fmt.Printf("skipped: CPU share at 720p30: ffmpeg: %.60q\n", out)
		return nil
	}
	ivf, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	frames, each, err := readClip(ivf)
	if err != nil {
		return err
	}
	seal, open, err := cpuTimes(frames)
	if err != nil {
		return err
	}
	length := each * time.Duration(len(frames))
	share := func(d time.Duration) float64 { return 100 * d.Seconds() / length.Seconds() }
	rate := float64(len(ivf)) * 8 / length.Seconds() / 1e6
	name := fmt.Sprintf("share of one core to %%s 720p30 VP8 at %.1f Mbit/s", rate)
	figure(fmt.Sprintf(name, "seal"), share(seal), "%")
	figure(fmt.Sprintf(name, "open"), share(open), "%")
	return nil
}

// cpuTimes seals and opens the frames over and over; it gives the time of one pass.
func cpuTimes(frames [][]byte) (seal, open time.Duration, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const passes = 20
	for range passes {
		s, o, err := cpuTimesOnce(frames)
		if err != nil {
			return 0, 0, err
		}
		seal, open = seal+s/passes, open+o/passes
	}
	return seal, open, nil
}

func cpuTimesOnce(frames [][]byte) (seal, open time.Duration, err error) {
	key := make([]byte, 32)
	if err := pqrtc.Random(key); err != nil {
		return 0, 0, err
	}
	sender, err := pqrtc.NewSFrameSenderFromKey(key, 0, cipher)
	if err != nil {
		return 0, 0, err
	}
	defer sender.Close()
	receiver, err := pqrtc.NewSFrameReceiver(cipher)
	if err != nil {
		return 0, 0, err
	}
	defer receiver.Close()
	if err := receiver.AddKey(0, key); err != nil {
		return 0, 0, err
	}
	sealed, opened := make([][]byte, len(frames)), []byte(nil)
	for i, frame := range frames {
		sealed[i] = make([]byte, 0, pqrtc.CodecVP8.SealMaxSize(len(frame)))
	}
	start := threadCPU()
	for i, frame := range frames {
		if sealed[i], err = sender.SealFrame(sealed[i], pqrtc.CodecVP8, nil, frame); err != nil {
			return 0, 0, err
		}
	}
	between := threadCPU()
	for _, s := range sealed {
		if opened, _, err = receiver.OpenFrame(opened[:0], pqrtc.CodecVP8, nil, s); err != nil {
			return 0, 0, err
		}
	}
	return between - start, threadCPU() - between, nil
}

// threadCPU is the time that this thread has run, which other programs on the machine do not lengthen.
func threadCPU() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		return 0
	}
	return time.Duration(now.Nano())
}
