package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"slices"
	"unsafe"
)

// empty is where an empty input is, so that nil and []byte{} are the same to C: a length of 0, and never a NULL.
var empty [1]byte

// ptr is where b begins.
func ptr(b []byte) *C.uint8_t {
	if len(b) == 0 {
		b = empty[:]
	}
	return (*C.uint8_t)(unsafe.SliceData(b))
}

func size(b []byte) C.size_t { return C.size_t(len(b)) }

// strBytes is ptr for a string; C reads it and does not keep it.
func strBytes(s string) *C.uint8_t {
	if len(s) == 0 {
		return ptr(nil)
	}
	return (*C.uint8_t)(unsafe.StringData(s))
}

// str and chars are the same for C's char.
func str(s string) *C.char   { return (*C.char)(unsafe.Pointer(strBytes(s))) }
func chars(b []byte) *C.char { return (*C.char)(unsafe.Pointer(ptr(b))) }

// extend gives dst room for n more bytes and returns it with that room, which is exactly n long so that what lies
// beyond it in the same array is not taken for an output.
func extend(dst []byte, n int) (whole, room []byte) {
	whole = slices.Grow(dst, n)
	end := len(whole)
	return whole, whole[end : end+n : end+n]
}

// finish is the end of every call that appends: dst with the n bytes that C wrote, or nil and the error.
func finish(whole []byte, n C.size_t, st C.pqrtc_status) ([]byte, error) {
	if st != C.PQRTC_OK {
		return nil, Status(st)
	}
	return whole[:len(whole)+int(n)], nil
}

// fixed makes an output of exactly n bytes and fills it.
func fixed(n int, fill func(out *C.uint8_t, n C.size_t) C.pqrtc_status) ([]byte, error) {
	out := make([]byte, n)
	if err := check(fill(ptr(out), size(out))); err != nil {
		return nil, err
	}
	return out, nil
}
