package pqrtc

// #include <pqrtc.h>
// #cgo noescape pqrtc_sframe_seal_batch
// #cgo nocallback pqrtc_sframe_seal_batch
// #cgo noescape pqrtc_sframe_open_batch
// #cgo nocallback pqrtc_sframe_open_batch
import "C"

import (
	"slices"
	"unsafe"
)

// lengths is where a slice of lengths begins; int and size_t are of one size wherever Go runs.
func lengths(n []int) *C.size_t { return (*C.size_t)(unsafe.Pointer(unsafe.SliceData(n))) }

// SealBatch seals 1 to 65536 frames that have the same metadata in one call into C, for many small ones. The frames lie back to back
// in frames, sizes says how long each is. The sealed frames are appended to dst back to back, and their lengths go to sealedSizes, as
// long as sizes. All are sealed or none. dst must not overlap frames. It does not allocate if dst has room for [SFrameMaxOverhead] a frame more.
func (s *SFrameSender) SealBatch(dst, metadata, frames []byte, sizes, sealedSizes []int) ([]byte, error) {
	p, err := s.own().acquire()
	if err != nil {
		return nil, err
	}
	defer s.own().release()
	if len(sealedSizes) != len(sizes) || len(sizes) == 0 {
		return nil, ErrInvalidLength
	}
	whole, out := extend(dst, len(frames)+len(sizes)*SFrameMaxOverhead)
	var n C.size_t
	st := C.pqrtc_sframe_seal_batch(p, ptr(metadata), size(metadata), ptr(frames), size(frames), lengths(sizes), C.size_t(len(sizes)),
		ptr(out), size(out), &n, lengths(sealedSizes))
	return finish(whole, n, st)
}

// OpenedBatch says what became of each frame that was given to OpenBatch. It may be used again, and then is not allocated anew.
type OpenedBatch struct {
	Sizes         []int // 0 for a frame that was not opened
	statuses      []Status
	kids, counter []uint64
}

// Err is nil if frame i was opened.
func (b *OpenedBatch) Err(i int) error {
	if b == nil {
		return ErrNullPointer
	}
	return check(C.pqrtc_status(b.statuses[i]))
}

// ID says whose frame i was; it is zero if the frame was not opened.
func (b *OpenedBatch) ID(i int) FrameID {
	if b == nil {
		return FrameID{}
	}
	return FrameID{b.kids[i], b.counter[i]}
}

func (b *OpenedBatch) resize(n int) {
	b.Sizes = slices.Grow(b.Sizes[:0], n)[:n]
	b.statuses = slices.Grow(b.statuses[:0], n)[:n]
	b.kids = slices.Grow(b.kids[:0], n)[:n]
	b.counter = slices.Grow(b.counter[:0], n)[:n]
}

// OpenBatch opens 1 to 65536 sealed frames that lie back to back, with lengths as sizes says, and appends the frames to dst back to
// back. One that cannot be opened does not cost the others: result has the length of each and why it failed. An error means that none
// was tried. dst must not overlap sealed.
func (r *SFrameReceiver) OpenBatch(dst, metadata, sealed []byte, sizes []int, result *OpenedBatch) ([]byte, error) {
	if result == nil {
		return nil, ErrNullPointer
	}
	if len(sizes) == 0 {
		return nil, ErrInvalidLength
	}
	p, err := r.own().acquire()
	if err != nil {
		return nil, err
	}
	defer r.own().release()
	result.resize(len(sizes))
	whole, out := extend(dst, len(sealed))
	var n C.size_t
	st := C.pqrtc_sframe_open_batch(p, ptr(metadata), size(metadata), ptr(sealed), size(sealed), lengths(sizes), C.size_t(len(sizes)),
		ptr(out), size(out), &n, lengths(result.Sizes), (*C.pqrtc_status)(unsafe.Pointer(unsafe.SliceData(result.statuses))),
		(*C.uint64_t)(unsafe.SliceData(result.kids)), (*C.uint64_t)(unsafe.SliceData(result.counter)))
	return finish(whole, n, st)
}
