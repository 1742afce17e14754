//go:build pqrtc_static

package pqrtc

// The archive by its file name comes first, so that it is taken even where the shared library lies beside it; --as-needed then drops
// the -lpqrtc of pqrtc.pc, which has nothing left to give.

// #cgo linux LDFLAGS: -Wl,--as-needed -l:libpqrtc.a
// #cgo pkg-config: --static pqrtc
import "C"
