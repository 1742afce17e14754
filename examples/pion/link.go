package main

import (
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"github.com/pion/webrtc/v4/pkg/media/samplebuilder"
)

// link is an ordinary pion peer with one VP8 track each way, relayed by TURN or on the loopback interface. It knows nothing of pqrtc.
type link struct {
	pc        *webrtc.PeerConnection
	track     *webrtc.TrackLocalStaticSample
	audio     *webrtc.TrackLocalStaticSample // or nil
	onAudio   func(data []byte)
	connected chan struct{}
}

var errNoRelay = errors.New("no relay candidate: the TURN server refused the credential or is not there")

// newLink makes a peer that hands each frame it receives to onSample. Interceptors see the RTP packets last before SRTP. Without servers it is
// on the loopback interface, else behind a relay.
func newLink(servers []webrtc.ICEServer, onSample func(data []byte), interceptors ...interceptor.Factory) (*link, error) {
	engine := &webrtc.MediaEngine{}
	err := engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeVP8, ClockRate: 90000,
			RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}},
		},
		PayloadType: 96,
	}, webrtc.RTPCodecTypeVideo)
	if err != nil {
		return nil, err
	}
	err = engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
		PayloadType:        111,
	}, webrtc.RTPCodecTypeAudio)
	if err != nil {
		return nil, err
	}
	registry := &interceptor.Registry{}
	for _, i := range interceptors {
		registry.Add(i)
	}
	if err := webrtc.ConfigureNack(engine, registry); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	policy := webrtc.ICETransportPolicyRelay
	if len(servers) == 0 {
		policy = webrtc.ICETransportPolicyAll
		settings.SetIPFilter(net.IP.IsLoopback)
	}
	settings.SetRelayAcceptanceMinWait(0) // relay is all there is: nothing better to wait for
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))

	l := &link{connected: make(chan struct{})}
	l.pc, err = api.NewPeerConnection(webrtc.Configuration{ICEServers: servers, ICETransportPolicy: policy})
	if err != nil {
		return nil, err
	}
	connected := sync.OnceFunc(func() { close(l.connected) }) // a link can come back more than once
	l.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			connected()
		}
	})
	l.pc.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if remote.Kind() == webrtc.RTPCodecTypeAudio {
			l.hear(remote)
			return
		}
		builder := samplebuilder.New(512, &codecs.VP8Packet{}, 90000, samplebuilder.WithMaxTimeDelay(300*time.Millisecond))
		for {
			packet, _, err := remote.ReadRTP()
			if err != nil {
				return
			}
			builder.Push(packet)
			for sample := builder.Pop(); sample != nil; sample = builder.Pop() {
				onSample(sample.Data)
			}
		}
	})
	if l.track, err = l.addTrack(webrtc.MimeTypeVP8, "video"); err != nil {
		return nil, errors.Join(err, l.pc.Close())
	}
	return l, nil
}

// addAudio gives the link an Opus track each way. Each packet that comes is a frame and goes to onAudio.
func (l *link) addAudio(onAudio func(data []byte)) (err error) {
	l.onAudio = onAudio
	l.audio, err = l.addTrack(webrtc.MimeTypeOpus, "audio")
	return err
}

func (l *link) hear(remote *webrtc.TrackRemote) {
	for {
		packet, _, err := remote.ReadRTP()
		if err != nil {
			return
		}
		if l.onAudio != nil {
			l.onAudio(packet.Payload)
		}
	}
}

func (l *link) addTrack(codec, name string) (*webrtc.TrackLocalStaticSample, error) {
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: codec}, name, "camera")
	if err != nil {
		return nil, err
	}
	sender, err := l.pc.AddTrack(track)
	if err != nil {
		return nil, err
	}
	go func() { // the interceptors answer NACKs as RTCP is read
		buf := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(buf); err != nil {
				return
			}
		}
	}()
	return track, nil
}

// fingerprint is that of the certificate that this peer uses in DTLS.
func (l *link) fingerprint() ([]byte, error) {
	prints, err := l.pc.GetConfiguration().Certificates[0].GetFingerprints()
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(strings.ReplaceAll(prints[0].Value, ":", "")) // SHA-256: pion makes no other
}

// offer, answer and accept exchange SDP that holds all candidates.
func (l *link) offer() (string, error) {
	offer, err := l.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	return l.gathered(offer)
}

func (l *link) answer(offer string) (string, error) {
	err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer})
	if err != nil {
		return "", err
	}
	answer, err := l.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	return l.gathered(answer)
}

func (l *link) accept(answer string) error {
	return l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

func (l *link) gathered(local webrtc.SessionDescription) (string, error) {
	done := webrtc.GatheringCompletePromise(l.pc)
	if err := l.pc.SetLocalDescription(local); err != nil {
		return "", err
	}
	<-done
	sdp := l.pc.LocalDescription().SDP
	if !hasCandidate(sdp) {
		return "", errNoRelay
	}
	return sdp, nil
}

func (l *link) write(frame []byte, duration time.Duration) error {
	return l.track.WriteSample(media.Sample{Data: frame, Duration: duration})
}

func (l *link) close() error { return l.pc.Close() }

func hasCandidate(sdp string) bool { return strings.Contains(sdp, "a=candidate:") }
