//go:build !pqrtc_static

package pqrtc

// #cgo pkg-config: pqrtc
import "C"
