package pqrtc_test

import (
	"bytes"
	"testing"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

func TestBatch(t *testing.T) {
	base, metadata := random(t, 32), []byte("metadata")
	sender, err := pqrtc.NewSFrameSenderFromKey(base, 0x300, pqrtc.SFrameAES128GCM)
	must(t, sender, err)
	receiver, err := pqrtc.NewSFrameReceiver(pqrtc.SFrameAES128GCM)
	must(t, receiver, err)
	must(t, 0, receiver.AddKey(0x300, base))
	ref, err := newReference(base, 0x300, pqrtc.SFrameAES128GCM)
	must(t, ref, err)

	sizes := []int{120, 0, 1, 4000, 120}
	frames := random(t, 4241)
	sealedSizes := make([]int, len(sizes))
	sealed, err := sender.SealBatch([]byte("head"), metadata, frames, sizes, sealedSizes)
	must(t, sealed, err)
	want, rest := []byte("head"), frames
	for i, n := range sizes {
		one := ref.seal(uint64(i), metadata, rest[:n])
		if sealedSizes[i] != len(one) {
			t.Errorf("frame %d is %d bytes sealed, want %d", i, sealedSizes[i], len(one))
		}
		want, rest = append(want, one...), rest[n:]
	}
	if !bytes.Equal(sealed, want) {
		t.Fatal("the batch is not what single calls give")
	}

	const bad = 3
	sealed = sealed[4:]
	at := sealedSizes[0] + sealedSizes[1] + sealedSizes[2]
	sealed[at+100] ^= 1
	var result pqrtc.OpenedBatch
	opened, err := receiver.OpenBatch([]byte("pre"), metadata, sealed, sealedSizes, &result)
	must(t, opened, err)
	wantFrames := append(append([]byte("pre"), frames[:121]...), frames[4121:]...)
	if !bytes.Equal(opened, wantFrames) {
		t.Error("opened frames differ")
	}
	for i, n := range sizes {
		if i == bad {
			wantErr(t, "the altered frame", result.Err(i), pqrtc.ErrDecryptionFailed)
			if result.Sizes[i] != 0 || result.ID(i) != (pqrtc.FrameID{}) {
				t.Errorf("the altered frame has size %d and %+v", result.Sizes[i], result.ID(i))
			}
			continue
		}
		if result.Err(i) != nil || result.Sizes[i] != n || result.ID(i) != (pqrtc.FrameID{KID: 0x300, Counter: uint64(i)}) {
			t.Errorf("frame %d: %v, size %d, %+v", i, result.Err(i), result.Sizes[i], result.ID(i))
		}
	}
	sealed[at+100] ^= 1
	if _, err = receiver.OpenBatch(nil, metadata, sealed, sealedSizes, &result); err != nil || result.Err(bad) != nil {
		t.Errorf("the frame as it was: %v, %v", err, result.Err(bad))
	}
	wantErr(t, "a replay in it", result.Err(0), pqrtc.ErrReplayedFrame)
}

func TestHostileBatches(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES128GCM, 1)
	frames, three, roomy := make([]byte, 30), make([]int, 3), make([]byte, 100)
	var result pqrtc.OpenedBatch
	seal := func(sizes, out []int) error { return second(sender.SealBatch(nil, nil, frames, sizes, out)) }
	open := func(sizes []int) error { return second(receiver.OpenBatch(nil, nil, frames, sizes, &result)) }
	refused(t, []hostile{
		{"no frames", seal(nil, nil), pqrtc.ErrInvalidLength},
		{"too few results", seal([]int{10, 10, 10}, three[:2]), pqrtc.ErrInvalidLength},
		{"lengths that fall short", seal([]int{10, 10, 9}, three), pqrtc.ErrInvalidLength},
		{"lengths that go beyond", seal([]int{10, 10, 11}, three), pqrtc.ErrInvalidLength},
		{"a negative length", seal([]int{10, -1, 21}, three), pqrtc.ErrInvalidLength},
		{"lengths that overflow", seal([]int{-1 << 63, -1 << 63, 30}, three), pqrtc.ErrInvalidLength},
		{"frames over their output", second(sender.SealBatch(roomy[:0], nil, roomy[:30], []int{30}, three[:1])), pqrtc.ErrInvalidArgument},
		{"open no frames", open(nil), pqrtc.ErrInvalidLength},
		{"open a negative length", open([]int{31, -1}), pqrtc.ErrInvalidLength},
		{"open without a place for results", second(receiver.OpenBatch(nil, nil, frames, []int{30}, nil)), pqrtc.ErrNullPointer},
		{"open noise", func() error {
			err := open([]int{15, 15})
			must(t, 0, err)
			return result.Err(1)
		}(), pqrtc.ErrMalformedFrame},
	})
}

func TestBatchDoesNotAllocate(t *testing.T) {
	sender, receiver := media(t, pqrtc.SFrameAES128GCM, 2)
	frames, sizes, sealedSizes := make([]byte, 480), []int{120, 120, 120, 120}, make([]int, 4)
	buf, out := make([]byte, 0, 1000), make([]byte, 0, 1000)
	var result pqrtc.OpenedBatch
	allocs := testing.AllocsPerRun(100, func() {
		sealed, err := sender.SealBatch(buf, nil, frames, sizes, sealedSizes)
		if err == nil {
			_, err = receiver.OpenBatch(out, nil, sealed, sealedSizes, &result)
		}
		if err != nil || result.Err(3) != nil {
			t.Fatal(err, result.Err(3))
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a batch", allocs)
	}
}
