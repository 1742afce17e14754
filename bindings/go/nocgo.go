//go:build !cgo

// Package pqrtc needs cgo: it calls the C library libpqrtc. Set CGO_ENABLED=1 and have a C compiler (CC) and pkg-config; to
// cross-compile, set CC to the compiler of the target.
package pqrtc

// This line is here to be seen when cgo is off.
var _ = pqrtc_needs_cgo__set_CGO_ENABLED_1_and_have_a_C_compiler
