package pqrtc

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Every function of pqrtc.h is called somewhere in this package.
func TestWholeHeaderIsBound(t *testing.T) {
	header, err := os.ReadFile("../../include/pqrtc.h")
	if err != nil {
		t.Skip("skipped: not in the pqrtc tree, no include/pqrtc.h")
	}
	called := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\bC\.(pqrtc_\w+)\(`).FindAllSubmatch(src, -1) {
			called[string(m[1])] = true
		}
	}
	code := regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`).ReplaceAll(header, nil)
	declared := regexp.MustCompile(`\b(pqrtc_\w+)\s*\(`).FindAllSubmatch(code, -1)
	if len(declared) < 60 {
		t.Fatalf("only %d functions found in pqrtc.h: has its layout changed?", len(declared))
	}
	for _, m := range declared {
		if !called[string(m[1])] {
			t.Errorf("%s has no Go binding", m[1])
		}
	}
}
