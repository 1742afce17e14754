package pqrtc_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	"pqrtc.example/pqrtc/bindings/go"
)

// Every method of every object, on a nil one, gives an error and does not panic.
func TestNilReceivers(t *testing.T) {
	objects := []any{
		(*pqrtc.ArtifactHasher)(nil), (*pqrtc.HybridKeypair)(nil), (*pqrtc.KEMKeypair)(nil), (*pqrtc.Session)(nil),
		(*pqrtc.SFrameReceiver)(nil), (*pqrtc.SFrameSender)(nil), (*pqrtc.SigningKey)(nil),
		(*pqrtc.RecordingSigner)(nil), (*pqrtc.RecordingVerifier)(nil),
		(*pqrtc.Policy)(nil), (*pqrtc.Call)(nil), (*pqrtc.MeetingCard)(nil), (*pqrtc.Meeting)(nil),
	}
	tried := map[string]bool{}
	for _, object := range objects {
		value := reflect.ValueOf(object)
		tried[value.Type().Elem().Name()] = true
		for i := range value.NumMethod() {
			name := value.Type().String() + "." + value.Type().Method(i).Name
			method := value.Method(i)
			args := make([]reflect.Value, method.Type().NumIn())
			for j := range args {
				args[j] = reflect.Zero(method.Type().In(j))
				if args[j].Kind() == reflect.Int {
					args[j] = reflect.ValueOf(32)
				}
			}
			call := method.Call
			if method.Type().IsVariadic() {
				call = method.CallSlice
			}
			results := call(args)
			err, _ := results[len(results)-1].Interface().(error)
			if !errors.Is(err, pqrtc.ErrNullPointer) {
				t.Errorf("%s on nil: %v", name, err)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	must(t, files, err)
	for _, file := range files {
		src, err := os.ReadFile(file)
		must(t, src, err)
		for _, m := range regexp.MustCompile(`(?m)^func \(\w+ \*(\w+)\) own\(\)`).FindAllSubmatch(src, -1) {
			if !tried[string(m[1])] {
				t.Errorf("%s is not tried", m[1])
			}
		}
	}
}

func TestNilArguments(t *testing.T) {
	hasher, err := pqrtc.NewArtifactHasher(pqrtc.Summary)
	must(t, hasher, err)
	wantErr(t, "sign with a nil key", second(hasher.Sign(nil)), pqrtc.ErrNullPointer)
	wantErr(t, "recording with a nil key", second(pqrtc.NewRecordingSigner(nil, []byte("id"))), pqrtc.ErrNullPointer)
	wantErr(t, "a frame of a nil batch", (*pqrtc.OpenedBatch)(nil).Err(0), pqrtc.ErrNullPointer)
	wantErr(t, "sender of a nil session", second(pqrtc.NewSFrameSender(nil, 1, pqrtc.SFrameAES256GCM)), pqrtc.ErrNullPointer)
}
