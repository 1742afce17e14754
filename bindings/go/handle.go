package pqrtc

// #include <pqrtc.h>
import "C"

import (
	"runtime"
	"sync"
)

// handle owns one object of the C library. P is the pointer type, as C's opaque structs cannot be type arguments.
//
// Calls hold the lock shared from acquire to release, so that Close waits for them and the garbage collector cannot free the object
// under a call: release uses h, which keeps the Go object, and with it the cleanup, alive until C has returned.
type handle[P any] struct {
	mu      sync.RWMutex
	open    bool
	ptr     P
	free    func(P)
	cleanup runtime.Cleanup
}

func (h *handle[P]) init(ptr P, free func(P)) {
	h.ptr, h.free, h.open = ptr, free, true
	h.cleanup = runtime.AddCleanup(h, free, ptr)
}

// acquire lends the object. A nil handle is that of a nil receiver or argument.
func (h *handle[P]) acquire() (P, error) {
	if h == nil {
		var none P
		return none, ErrNullPointer
	}
	h.mu.RLock()
	if !h.open {
		h.mu.RUnlock()
		var none P
		return none, ErrClosed
	}
	return h.ptr, nil
}

func (h *handle[P]) release() {
	h.mu.RUnlock()
	runtime.KeepAlive(h)
}

// acquireExclusive is for the C functions that must be alone with their object.
func (h *handle[P]) acquireExclusive() (P, error) {
	if h == nil {
		var none P
		return none, ErrNullPointer
	}
	h.mu.Lock()
	if !h.open {
		h.mu.Unlock()
		var none P
		return none, ErrClosed
	}
	return h.ptr, nil
}

func (h *handle[P]) releaseExclusive() {
	h.mu.Unlock()
	runtime.KeepAlive(h)
}

func (h *handle[P]) close() error {
	if h == nil {
		return ErrNullPointer
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open {
		h.open = false
		h.cleanup.Stop()
		h.free(h.ptr)
	}
	return nil
}
