// Frames through pion's payloader and depacketizer of a codec: `packetize CODEC MTU`. Frames come and go on standard input and output, each behind
// four bytes of length.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

type ends struct {
	payloader    rtp.Payloader
	depacketizer func() rtp.Depacketizer
}

var all = map[string]ends{
	"opus":         {&codecs.OpusPayloader{}, func() rtp.Depacketizer { return &codecs.OpusPacket{} }},
	"vp8":          {&codecs.VP8Payloader{EnablePictureID: true}, func() rtp.Depacketizer { return &codecs.VP8Packet{} }},
	"vp9":          {&codecs.VP9Payloader{}, func() rtp.Depacketizer { return &codecs.VP9Packet{} }},
	"vp9-flexible": {&codecs.VP9Payloader{FlexibleMode: true}, func() rtp.Depacketizer { return &codecs.VP9Packet{} }},
	"h264":         {&codecs.H264Payloader{}, func() rtp.Depacketizer { return &codecs.H264Packet{} }},
	"h265":         {&codecs.H265Payloader{}, func() rtp.Depacketizer { return &codecs.H265Depacketizer{} }},
	"av1":          {&codecs.AV1Payloader{}, func() rtp.Depacketizer { return &codecs.AV1Depacketizer{} }},
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(codec, size string) error {
	mtu, err := strconv.ParseUint(size, 10, 16)
	if err != nil {
		return err
	}
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	ends := all[codec]
	depacketizer := ends.depacketizer()
	for {
		var length uint32
		if err := binary.Read(in, binary.BigEndian, &length); err == io.EOF {
			return out.Flush()
		} else if err != nil {
			return err
		}
		frame := make([]byte, length)
		if _, err := io.ReadFull(in, frame); err != nil {
			return err
		}
		var back []byte
		for _, payload := range ends.payloader.Payload(uint16(mtu), frame) {
			if len(payload) > int(mtu) {
				return fmt.Errorf("%s: a packet of %d bytes, more than %d", codec, len(payload), mtu)
			}
			part, err := depacketizer.Unmarshal(payload)
			if err != nil {
				return fmt.Errorf("%s: %w", codec, err)
			}
			back = append(back, part...)
		}
		if err := binary.Write(out, binary.BigEndian, uint32(len(back))); err != nil {
			return err
		}
		if _, err := out.Write(back); err != nil {
			return err
		}
	}
}
