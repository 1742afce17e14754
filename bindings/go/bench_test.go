package pqrtc_test

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"slices"
	"strconv"
	"testing"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// sealers gives the two that are compared: a frame sealed by pqrtc (AES-256-GCM), and by Go's crypto/cipher with a fresh nonce each time.
func sealers(t testing.TB, n int) (ours, theirs func() error) {
	sender, _ := media(t, pqrtc.SFrameAES256GCM, uint64(n))
	frame, out := random(t, n), make([]byte, 0, n+64)
	block, err := aes.NewCipher(random(t, 32))
	must(t, block, err)
	aead, err := cipher.NewGCM(block)
	must(t, aead, err)
	nonce, counter, header := make([]byte, 12), uint64(0), random(t, 9)
	return func() error {
			_, err := sender.Seal(out, nil, frame)
			return err
		}, func() error {
			counter++
			binary.BigEndian.PutUint64(nonce[4:], counter)
			aead.Seal(out, nonce, frame, header)
			return nil
		}
}

func benchmark(b *testing.B, n int, which func(ours, theirs func() error) func() error) {
	seal := which(sealers(b, n))
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		if err := seal(); err != nil {
			b.Fatal(err)
		}
	}
}

func ours(ours, _ func() error) func() error     { return ours }
func theirs(_, theirs func() error) func() error { return theirs }

func BenchmarkSeal120(b *testing.B)       { benchmark(b, 120, ours) }
func BenchmarkSeal1200(b *testing.B)      { benchmark(b, 1200, ours) }
func BenchmarkSeal16384(b *testing.B)     { benchmark(b, 16384, ours) }
func BenchmarkGoCipher120(b *testing.B)   { benchmark(b, 120, theirs) }
func BenchmarkGoCipher1200(b *testing.B)  { benchmark(b, 1200, theirs) }
func BenchmarkGoCipher16384(b *testing.B) { benchmark(b, 16384, theirs) }

func BenchmarkOpen1200(b *testing.B) {
	sender, receiver := media(b, pqrtc.SFrameAES256GCM, 4)
	frame, sealed, out := random(b, 1200), make([]byte, 0, 1300), make([]byte, 0, 1300)
	b.SetBytes(1200)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		sealed, _ = sender.Seal(sealed[:0], nil, frame)
		b.StartTimer()
		if _, err := receiver.Open(out, nil, sealed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSealRatio reports pqrtc's time over crypto/cipher's: the median of runs that alternate.
func BenchmarkSealRatio(b *testing.B) {
	for _, n := range []int{120, 1200, 16384, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			ours, theirs := sealers(b, n)
			rounds := max(1, 400_000/(n+2000)) // short: most runs are over before another program gets the core
			run := func(seal func() error) float64 {
				start := time.Now()
				for range rounds {
					if err := seal(); err != nil {
						b.Fatal(err)
					}
				}
				return float64(time.Since(start).Nanoseconds()) / float64(rounds)
			}
			var ratios []float64
			for b.Loop() {
				ratios = append(ratios, run(ours)/run(theirs))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "pqrtc/crypto-cipher")
		})
	}
}
