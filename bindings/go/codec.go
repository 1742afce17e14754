package pqrtc

// #include <pqrtc.h>
import "C"

// SealMaxSize is the room that sealing a frame of frameLen bytes needs; 0 for an unknown codec or a frame over 64 MiB.
func (c Codec) SealMaxSize(frameLen int) int {
	return int(C.pqrtc_frame_seal_max_size(C.uint32_t(c), C.size_t(frameLen)))
}

// OpenMaxSize is the room that opening a sealed frame of sealedLen bytes needs.
func (c Codec) OpenMaxSize(sealedLen int) int {
	return int(C.pqrtc_frame_open_max_size(C.uint32_t(c), C.size_t(sealedLen)))
}

// FrameInfo says what a sealed frame looks like. Nothing of it is authenticated.
type FrameInfo struct {
	KID                       uint64
	FirstCounter, LastCounter uint64
	SealedUnits               uint64
	ParameterSets, Delimiters uint64
	ClearBytes                uint64 // what can be read of the frame, without start codes and sizes
}

// Inspect looks at a sealed frame without a key, for logs and for finding the key of a key ID. ErrMalformedFrame for what cannot be a
// sealed frame of the codec.
func (c Codec) Inspect(sealed []byte) (FrameInfo, error) {
	info := C.pqrtc_frame_info{size: C.sizeof_pqrtc_frame_info}
	if err := check(C.pqrtc_frame_inspect(C.uint32_t(c), ptr(sealed), size(sealed), &info)); err != nil {
		return FrameInfo{}, err
	}
	return FrameInfo{
		KID: uint64(info.kid), FirstCounter: uint64(info.first_counter), LastCounter: uint64(info.last_counter),
		SealedUnits: uint64(info.sealed_units), ParameterSets: uint64(info.parameter_sets), Delimiters: uint64(info.delimiters),
		ClearBytes: uint64(info.clear_bytes),
	}, nil
}
