package pqrtc

// #include <pqrtc.h>
import "C"

// Codec says how the packetizer will read an encoded frame.
type Codec uint32

// The codecs.
const (
	CodecOpaque   Codec = C.PQRTC_CODEC_OPAQUE // nothing reads it
	CodecOpus     Codec = C.PQRTC_CODEC_OPUS
	CodecVP8      Codec = C.PQRTC_CODEC_VP8
	CodecVP9      Codec = C.PQRTC_CODEC_VP9
	CodecH264     Codec = C.PQRTC_CODEC_H264      // Annex B: start codes
	CodecH264AVCC Codec = C.PQRTC_CODEC_H264_AVCC // 4-byte lengths
	CodecH265     Codec = C.PQRTC_CODEC_H265      // Annex B: start codes
	CodecH265HVCC Codec = C.PQRTC_CODEC_H265_HVCC // 4-byte lengths
	CodecAV1      Codec = C.PQRTC_CODEC_AV1       // low-overhead OBUs
)

// SealMaxSize is the room that sealing a frame of frameLen bytes needs; 0 for an unknown codec or a frame over 64 MiB.
func (c Codec) SealMaxSize(frameLen int) int {
	return int(C.pqrtc_frame_seal_max_size(C.uint32_t(c), C.size_t(frameLen)))
}

// OpenMaxSize is the room that opening a sealed frame of sealedLen bytes needs.
func (c Codec) OpenMaxSize(sealedLen int) int {
	return int(C.pqrtc_frame_open_max_size(C.uint32_t(c), C.size_t(sealedLen)))
}
