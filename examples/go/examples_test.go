package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var bin string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "pqrtc-examples")
	if err != nil {
		panic(err)
	}
	bin = dir
	if out, err := exec.Command("go", "build", "-o", dir, "./...").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func run(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command(filepath.Join(bin, name), args...).CombinedOutput()
	return string(out), err
}

func TestPrograms(t *testing.T) {
	for name, want := range map[string]string{
		"call": "Bob opens the frame that Alice sealed: true\n",
		"keyexchange": "responder sends a bundle of 1216 bytes\ninitiator answers with 1120 bytes\n" +
			"same SRTP keys on both sides: true\nsame chat key on both sides: true\n",
		"turnwrap": "wrapped: 1116 bytes more than the credential\naccepted now: true\n" +
			"expired in two hours: true\naltered is refused: true\n",
		"sealframes": "opened: 30 replayed: 1 altered: 1\n",
	} {
		if got, err := run(t, name); got != want || err != nil {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestSignArtifact(t *testing.T) {
	dir := t.TempDir()
	key, file := filepath.Join(dir, "me.key"), filepath.Join(dir, "manifest.json")
	if err := os.WriteFile(file, []byte(`{"recording":"2026-11-24.mkv","seconds":3600}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"key", key}, {"sign", key, file}, {"verify", key + ".pub", file}} {
		if out, err := run(t, "signartifact", args...); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	if sig, err := os.Stat(file + ".sig"); err != nil || sig.Size() != 3309 {
		t.Errorf("signature file: %v", err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(" ")
	f.Close()
	if out, err := run(t, "signartifact", "verify", key+".pub", file); err == nil || !strings.Contains(out, "signature") {
		t.Errorf("an altered file: %v\n%s", err, out)
	}
	if out, err := run(t, "signartifact"); err == nil || !strings.HasPrefix(out, "usage:") {
		t.Errorf("without arguments: %v\n%s", err, out)
	}
}
