// The Go peer of the matrix test: see ../README.md for its commands.
package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

// peer holds what earlier commands made.
type peer struct {
	keypair  *pqrtc.HybridKeypair
	session  *pqrtc.Session
	kem      *pqrtc.KEMKeypair
	signer   *pqrtc.SigningKey
	sender   *pqrtc.SFrameSender
	receiver *pqrtc.SFrameReceiver
	cipher   pqrtc.SFrameCipher // of the receiver; 0 if it is a call's or a meeting's
	call     *pqrtc.Call
	card     *pqrtc.MeetingCard
	meeting  *pqrtc.Meeting
}

// nobody is a peer that has made nothing: its objects are closed.
func nobody() *peer {
	return &peer{
		keypair: new(pqrtc.HybridKeypair), session: new(pqrtc.Session), kem: new(pqrtc.KEMKeypair),
		signer: new(pqrtc.SigningKey), sender: new(pqrtc.SFrameSender), receiver: new(pqrtc.SFrameReceiver),
		call: new(pqrtc.Call), card: new(pqrtc.MeetingCard), meeting: new(pqrtc.Meeting),
	}
}

// newSession forgets the media keys of the old one.
func (p *peer) newSession(session *pqrtc.Session, err error) error {
	if err == nil {
		p.session, p.sender, p.receiver, p.cipher = session, new(pqrtc.SFrameSender), new(pqrtc.SFrameReceiver), 0
	}
	return err
}

// fields are the arguments of one command; the first that is not what it must be is remembered.
type fields struct {
	left []string
	err  error
}

// notUnderstood is INVALID_ARGUMENT.
const notUnderstood = "error 4"

var errUsage = errors.New("usage")

func (f *fields) next() string {
	if len(f.left) == 0 {
		f.err = errUsage
		return ""
	}
	s := f.left[0]
	f.left = f.left[1:]
	return s
}

func (f *fields) bytes() []byte {
	s := f.next()
	if s == "-" {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		f.err = errUsage
	}
	return b
}

func (f *fields) uint(bits int) uint64 {
	n, err := strconv.ParseUint(f.next(), 10, bits)
	if err != nil {
		f.err = errUsage
	}
	return n
}

func (f *fields) id() uint32 { return uint32(f.uint(32)) }

func (f *fields) time() time.Time { return time.Unix(int64(f.uint(62)), 0) }

// cards takes a list of u32 length || card apart.
func (f *fields) cards() [][]byte {
	var cards [][]byte
	for list := f.bytes(); len(list) >= 4; {
		n := min(4+int(binary.BigEndian.Uint32(list)), len(list))
		cards = append(cards, list[4:n])
		list = list[n:]
	}
	return cards
}

// commands take their arguments and give the bytes of the answer; nil with no error is "ok".
var commands = map[string]func(p *peer, f *fields) ([]byte, error){
	"keypair": func(p *peer, f *fields) ([]byte, error) {
		suite, seed := pqrtc.Suite(f.id()), f.bytes()
		if err := keep(&p.keypair)(pqrtc.HybridKeypairFromSeed(suite, seed)); err != nil {
			return nil, err
		}
		return p.keypair.Bundle()
	},
	"respond": func(p *peer, f *fields) ([]byte, error) {
		return nil, p.newSession(p.keypair.Respond(f.bytes()))
	},
	"initiate": func(p *peer, f *fields) ([]byte, error) {
		suite, bundle := pqrtc.Suite(f.id()), f.bytes()
		exchange, session, err := pqrtc.Initiate(suite, bundle)
		return exchange, p.newSession(session, err)
	},
	"export": func(p *peer, f *fields) ([]byte, error) {
		label, context, n := f.bytes(), f.bytes(), f.uint(31)
		return p.session.Export(string(label), context, int(n))
	},
	"srtp": func(p *peer, f *fields) ([]byte, error) {
		k, err := p.session.SRTPKeys(pqrtc.SRTPProfile(f.id()))
		return slices.Concat(k.ClientKey, k.ServerKey, k.ClientSalt, k.ServerSalt), err
	},
	"basekey": func(p *peer, f *fields) ([]byte, error) {
		role, kid := pqrtc.Role(f.id()), f.uint(64)
		return p.session.SFrameBaseKey(role, kid)
	},
	"kem": func(p *peer, f *fields) ([]byte, error) {
		algorithm, seed := pqrtc.KEMAlgorithm(f.id()), f.bytes()
		if err := keep(&p.kem)(pqrtc.KEMKeypairFromSeed(algorithm, seed)); err != nil {
			return nil, err
		}
		return p.kem.PublicKey()
	},
	"encapsulate": func(p *peer, f *fields) ([]byte, error) {
		algorithm, ek := pqrtc.KEMAlgorithm(f.id()), f.bytes()
		ciphertext, secret, err := pqrtc.Encapsulate(algorithm, ek)
		return slices.Concat(ciphertext, secret), err
	},
	"decapsulate": func(p *peer, f *fields) ([]byte, error) { return p.kem.Decapsulate(f.bytes()) },
	"key":         func(p *peer, f *fields) ([]byte, error) { return p.session.Key() },
	"receiverkey": func(p *peer, f *fields) ([]byte, error) {
		cipher, kid, key := pqrtc.SFrameCipher(f.id()), f.uint(64), f.bytes()
		if err := keep(&p.receiver)(pqrtc.NewSFrameReceiver(cipher)); err != nil {
			return nil, err
		}
		p.cipher = 0
		return nil, p.receiver.AddKey(kid, key)
	},
	"wrap": func(p *peer, f *fields) ([]byte, error) {
		algorithm, ek, credential := pqrtc.KEMAlgorithm(f.id()), f.bytes(), f.bytes()
		return pqrtc.WrapTURN(algorithm, ek, credential)
	},
	"unwrap": func(p *peer, f *fields) ([]byte, error) { return given(p.kem.UnwrapTURN(f.bytes())) },
	"signer": func(p *peer, f *fields) ([]byte, error) {
		algorithm, seed := pqrtc.SignatureAlgorithm(f.id()), f.bytes()
		if err := keep(&p.signer)(pqrtc.SigningKeyFromSeed(algorithm, seed)); err != nil {
			return nil, err
		}
		return p.signer.PublicKey()
	},
	"sign": func(p *peer, f *fields) ([]byte, error) {
		kind, content := pqrtc.ArtifactKind(f.id()), f.bytes()
		return p.signer.SignArtifact(kind, content)
	},
	"verify": func(p *peer, f *fields) ([]byte, error) {
		algorithm := pqrtc.SignatureAlgorithm(f.id())
		pk, kind, content, sig := f.bytes(), pqrtc.ArtifactKind(f.id()), f.bytes(), f.bytes()
		return nil, pqrtc.VerifyArtifact(algorithm, pk, kind, content, sig)
	},
	"signctx": func(p *peer, f *fields) ([]byte, error) {
		context, message := f.bytes(), f.bytes()
		return p.signer.Sign(string(context), message)
	},
	"verifyctx": func(p *peer, f *fields) ([]byte, error) {
		algorithm := pqrtc.SignatureAlgorithm(f.id())
		pk, context, message, sig := f.bytes(), f.bytes(), f.bytes(), f.bytes()
		return nil, pqrtc.Verify(algorithm, pk, string(context), message, sig)
	},
	"sender": func(p *peer, f *fields) ([]byte, error) {
		kid, cipher := f.uint(64), pqrtc.SFrameCipher(f.id())
		return nil, keep(&p.sender)(pqrtc.NewSFrameSender(p.session, kid, cipher))
	},
	"receiver": func(p *peer, f *fields) ([]byte, error) {
		cipher, kid := pqrtc.SFrameCipher(f.id()), f.uint(64)
		if cipher != p.cipher {
			if err := keep(&p.receiver)(pqrtc.NewSFrameReceiver(cipher)); err != nil {
				return nil, err
			}
			p.cipher = cipher
		}
		return nil, p.receiver.AddSession(p.session, kid)
	},
	"seal": func(p *peer, f *fields) ([]byte, error) {
		metadata, frame := f.bytes(), f.bytes()
		return p.sender.Seal(nil, metadata, frame)
	},
	"open": func(p *peer, f *fields) ([]byte, error) {
		metadata, sealed := f.bytes(), f.bytes()
		return given(p.receiver.Open(nil, metadata, sealed))
	},
	"fseal": func(p *peer, f *fields) ([]byte, error) {
		codec, metadata, frame := pqrtc.Codec(f.id()), f.bytes(), f.bytes()
		return given(p.sender.SealFrame(nil, codec, metadata, frame))
	},
	"fopen": func(p *peer, f *fields) ([]byte, error) {
		codec, metadata, sealed := pqrtc.Codec(f.id()), f.bytes(), f.bytes()
		frame, _, err := p.receiver.OpenFrame(nil, codec, metadata, sealed)
		return given(frame, err)
	},
	"sseal": func(p *peer, f *fields) ([]byte, error) {
		aad, plaintext := f.bytes(), f.bytes()
		return p.session.Seal(nil, aad, plaintext)
	},
	"sopen": func(p *peer, f *fields) ([]byte, error) {
		aad, sealed := f.bytes(), f.bytes()
		return given(p.session.Open(nil, aad, sealed))
	},
	"fingerprint": func(p *peer, f *fields) ([]byte, error) {
		return pqrtc.SignatureAlgorithm(f.id()).Fingerprint(f.bytes())
	},
	"call": func(p *peer, f *fields) ([]byte, error) {
		policy, err := pqrtc.NewPolicy(pqrtc.Profile(f.id()))
		if err != nil {
			return nil, err
		}
		if err := policy.Set(pqrtc.PolicyPin, f.bytes()); err != nil {
			return nil, err
		}
		return nil, keep(&p.call)(pqrtc.NewCall(policy, pqrtc.CallOptions{Identity: p.signer, Binding: f.bytes()}))
	},
	"offer": func(p *peer, f *fields) ([]byte, error) { return p.call.Offer() },
	"receive": func(p *peer, f *fields) ([]byte, error) {
		binding, message := f.bytes(), f.bytes()
		return given(p.call.Receive(message, binding))
	},
	"sas": func(p *peer, f *fields) ([]byte, error) {
		digits, err := p.call.SAS()
		return []byte(digits), err
	},
	"callsession": func(p *peer, f *fields) ([]byte, error) { return nil, p.newSession(p.call.Session()) },
	"callsender": func(p *peer, f *fields) ([]byte, error) {
		stream, cipher := f.uint(64), pqrtc.SFrameCipher(f.id())
		return nil, keep(&p.sender)(p.call.Sender(stream, cipher))
	},
	"callreceiver": func(p *peer, f *fields) ([]byte, error) {
		p.cipher = 0
		return nil, keep(&p.receiver)(p.call.Receiver(pqrtc.SFrameCipher(f.id())))
	},
	"card": func(p *peer, f *fields) ([]byte, error) {
		if err := keep(&p.card)(pqrtc.NewMeetingCard(p.signer, f.time(), nil)); err != nil {
			return nil, err
		}
		return p.card.Bytes()
	},
	"create": func(p *peer, f *fields) ([]byte, error) {
		return nil, keep(&p.meeting)(pqrtc.CreateMeeting(p.signer, p.card, f.time()))
	},
	"join": func(p *peer, f *fields) ([]byte, error) {
		in := pqrtc.MeetingInvitation{Welcome: f.bytes(), Commit: f.bytes(), Roster: f.bytes(), Cards: f.cards()}
		return nil, keep(&p.meeting)(pqrtc.JoinMeeting(p.signer, p.card, in, f.time()))
	},
	"commit": func(p *peer, f *fields) ([]byte, error) {
		change := pqrtc.MeetingChange{Add: f.cards()}
		for _, index := range f.bytes() {
			change.Remove = append(change.Remove, int(index))
		}
		change.Fresh = f.id() == 1
		return p.meeting.Commit(change)
	},
	"outgoing": func(p *peer, f *fields) ([]byte, error) {
		found, err := p.meeting.Outgoing()
		n := int(f.uint(31))
		if err != nil || n >= len(found) {
			return nil, cmp.Or(err, error(pqrtc.ErrInvalidArgument))
		}
		return append([]byte{byte(found[n].Kind), byte(found[n].Index)}, found[n].Data...), nil
	},
	"accepted": func(p *peer, f *fields) ([]byte, error) { return nil, p.meeting.Accepted() },
	"take": func(p *peer, f *fields) ([]byte, error) {
		commit, box, cards := f.bytes(), f.bytes(), f.cards()
		return nil, p.meeting.Receive(commit, box, cards, f.time())
	},
	"roster": func(p *peer, f *fields) ([]byte, error) { return p.meeting.Roster() },
	"code": func(p *peer, f *fields) ([]byte, error) {
		digits, err := p.meeting.Code()
		return []byte(digits), err
	},
	"meetsender": func(p *peer, f *fields) ([]byte, error) {
		stream, cipher := f.uint(64), pqrtc.SFrameCipher(f.id())
		return nil, keep(&p.sender)(p.meeting.Sender(stream, cipher))
	},
	"meetreceiver": func(p *peer, f *fields) ([]byte, error) {
		p.cipher = 0
		return nil, keep(&p.receiver)(p.meeting.Receiver(pqrtc.SFrameCipher(f.id())))
	},
}

// keep stores what a command made; a failure leaves what was there.
func keep[T any](where **T) func(*T, error) error {
	return func(made *T, err error) error {
		if err == nil {
			*where = made
		}
		return err
	}
}

// given marks an answer that is bytes even when there are none.
func given(b []byte, err error) ([]byte, error) {
	if b == nil {
		b = []byte{}
	}
	return b, err
}

func (p *peer) answer(line string) string {
	name, rest, _ := strings.Cut(line, " ")
	command, ok := commands[name]
	if !ok {
		return notUnderstood
	}
	f := &fields{left: strings.Fields(rest)}
	b, err := command(p, f)
	var status pqrtc.Status
	switch {
	case errors.As(err, &status) && f.err == nil:
		return "error " + strconv.Itoa(int(status))
	case err != nil || f.err != nil: // not understood, or the object is not there
		return notUnderstood
	case b == nil:
		return "ok"
	case len(b) == 0:
		return "-"
	}
	return hex.EncodeToString(b)
}

func main() {
	p := nobody()
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 256<<20) // a frame of 64 MiB in hex
	for in.Scan() && in.Text() != "quit" {
		fmt.Println(p.answer(in.Text()))
	}
	if in.Err() != nil {
		fmt.Fprintln(os.Stderr, in.Err())
		os.Exit(1)
	}
}
