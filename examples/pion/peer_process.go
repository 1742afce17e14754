package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// Frames opened before a change of keys, after the last one, and in all, until the report.
const eachEpoch, lastEpoch, inAll = 60, 30, 100

// end is one end of a call as a process, for a peer of any stack: messages of the signaling profile are lines of its input and output. It ends
// with {"type": "bye"}, the end of the input, or a message that is refused.
func end(role, identity, pin string, rekeys int) (code int) {
	err := playEnd(role, identity, pin, rekeys)
	if err == nil {
		return 0
	}
	var status pqrtc.Status // 0 for what did not come so far as the library
	errors.As(err, &status)
	say(map[string]any{"type": "error", "code": status, "text": err.Error()})
	return 1
}

var saying sync.Mutex

func say(message any) {
	text, ok := message.([]byte)
	if !ok {
		text, _ = json.Marshal(message)
	}
	saying.Lock()
	defer saying.Unlock()
	fmt.Printf("%s\n", text)
}

func playEnd(role, identity, pin string, rekeys int) error {
	file, err := os.ReadFile(identity)
	if err != nil {
		return err
	}
	me, err := pqrtc.ImportSigningKey(file)
	if err != nil {
		return err
	}
	they, err := hex.DecodeString(pin)
	if err != nil {
		return err
	}
	frames, each, err := readClip(clip)
	if err != nil {
		return err
	}
	var opened tally
	p, err := newPeer(me, they, nil, opened.frame)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.addAudio(); err != nil {
		return err
	}
	packets, err := readTone(tone)
	if err != nil {
		return err
	}
	if role == "offerer" {
		offer, err := p.offer()
		if err != nil {
			return err
		}
		say(offer)
	}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, playing := &stage{frames: frames, each: each}, false
	lines := bufio.NewScanner(os.Stdin)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		if bye := (wire{}); json.Unmarshal(lines.Bytes(), &bye) == nil && bye.Type == "bye" {
			return nil
		}
		reply, err := p.receive(lines.Bytes())
		if err != nil {
			return err
		}
		if reply != nil {
			say(reply)
		}
		if p.sealing() && !playing {
			playing = true
			go s.play(ctx, p.send)
			go p.playAudio(ctx, packets)
			go watch(ctx, p, &opened, role == "offerer", uint32(rekeys))
		}
	}
	return lines.Err()
}

func (p *peer) playAudio(ctx context.Context, packets [][]byte) {
	sender, err := p.call.Sender(1, cipher)
	if err != nil {
		return
	}
	defer sender.Close()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		if p.sendAudio(sender, packets[i%len(packets)]) != nil {
			return
		}
		<-ticker.C
	}
}

// tally counts the frames of video opened, in all and by the last two bits of the epoch.
type tally struct {
	mu  sync.Mutex
	all int
	by  [4]int
}

func (t *tally) frame(_ []byte, id pqrtc.FrameID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id.KID>>3 == 0 {
		t.all++
		t.by[id.KID&3]++
	}
}

func (t *tally) count(epoch uint32) (all, last int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all, t.by[epoch&3]
}

// watch changes the keys, if it is up to this end, and reports when there was enough media under the last ones.
func watch(ctx context.Context, p *peer, opened *tally, offerer bool, rekeys uint32) {
	begun := uint32(0)
	for ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond)
		info, err := p.call.Info()
		if err != nil {
			return
		}
		all, last := opened.count(info.Epoch)
		if offerer && info.Epoch == begun && begun < rekeys && last >= eachEpoch {
			offer, err := p.rekey()
			if err != nil {
				return
			}
			begun++
			say(offer)
		}
		if info.Epoch < rekeys || last < lastEpoch || all < inAll {
			continue
		}
		sas, err := p.call.SAS()
		stats, err2 := p.receiver.Load().Stats()
		if errors.Join(err, err2) != nil {
			return
		}
		state := map[pqrtc.CallState]string{pqrtc.CallDone: "done", pqrtc.CallConfirmed: "confirmed"}[info.State]
		say(map[string]any{"type": "report", "state": state, "epoch": info.Epoch, "sas": sas, "peer": hex.EncodeToString(info.PeerFingerprint[:]),
			"opened": stats.Opened, "refused": stats.Malformed + stats.UnknownKeyID + stats.DecryptionFailed + stats.Replayed})
		return
	}
}
