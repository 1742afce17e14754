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
