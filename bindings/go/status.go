package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"errors"
	"strconv"
)

// Status is a status code of the C API, and the error that stands for it. Codes are never renumbered.
type Status uint32

// ErrClosed is what a method gives after Close, and on the zero value of its type.
var ErrClosed = errors.New("pqrtc: use of a closed object")

// Error says in words which class of failure it was. It never holds key bytes.
func (s Status) Error() string {
	return "pqrtc: " + C.GoString(C.pqrtc_status_string(C.uint32_t(s))) + " (" + strconv.Itoa(int(s)) + ")"
}

// check turns a result into an error; PQRTC_OK is nil.
func check(st C.pqrtc_status) error {
	if st == C.PQRTC_OK {
		return nil
	}
	return Status(st)
}
