package main

import (
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const realm = "pqrtc.example"

// docs:begin turnserver

// authHandler lets in whoever has a credential that pqrtc minted with the same secret and that has not expired.
// TURN never sends the password: the handler makes it again from the username.
func authHandler(secret []byte) turn.AuthHandler {
	return func(request *turn.RequestAttributes) (string, []byte, bool) {
		expiry, user, _ := strings.Cut(request.Username, ":")
		seconds, err := strconv.ParseInt(expiry, 10, 64)
		if err != nil {
			return "", nil, false
		}
		username, password, err := pqrtc.MintTURN(secret, user, time.Unix(seconds, 0))
		if err != nil || username != request.Username {
			return "", nil, false
		}
		if pqrtc.VerifyTURN(secret, username, password, time.Now()) != nil {
			return "", nil, false
		}
		return username, turn.GenerateAuthKey(username, request.Realm, password), true
	}
}

// docs:end turnserver

// newTURNServer relays on the loopback interface.
func newTURNServer(secret []byte) (server *turn.Server, addr net.Addr, err error) {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server, err = turn.NewServer(turn.ServerConfig{
		Realm:       realm,
		AuthHandler: authHandler(secret),
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1",
			},
			PermissionHandler: func(_ net.Addr, peer net.IP) bool { return peer.IsLoopback() },
		}},
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: nowhere{}, DefaultLogLevel: logging.LogLevelDisabled},
	})
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return server, conn.LocalAddr(), nil
}

type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

type credential struct {
	Username string `json:"username"`
	Password string `json:"credential"`
}

// docs:begin turnclient

// issueCredential is the application's server: it gives a user a credential that only the owner of the public key can read.
func issueCredential(secret []byte, user string, lifetime time.Duration, publicKey []byte) ([]byte, error) {
	username, password, err := pqrtc.MintTURN(secret, user, time.Now().Add(lifetime))
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(credential{username, password})
	if err != nil {
		return nil, err
	}
	return pqrtc.WrapTURN(publicKey, plain)
}

// fetchICEServer is the client: it sends its public key and unwraps what comes back.
func fetchICEServer(turnAddr string, issue func(publicKey []byte) ([]byte, error)) (webrtc.ICEServer, error) {
	keypair, err := pqrtc.GenerateKEMKeypair()
	if err != nil {
		return webrtc.ICEServer{}, err
	}
	defer keypair.Close()
	publicKey, err := keypair.PublicKey()
	if err != nil {
		return webrtc.ICEServer{}, err
	}
	wrapped, err := issue(publicKey)
	if err != nil {
		return webrtc.ICEServer{}, err
	}
	plain, err := keypair.UnwrapTURN(wrapped)
	if err != nil {
		return webrtc.ICEServer{}, fmt.Errorf("TURN credential: %w", err)
	}
	var c credential
	if err := json.Unmarshal(plain, &c); err != nil {
		return webrtc.ICEServer{}, fmt.Errorf("TURN credential: %w", err)
	}
	return iceServer(turnAddr, c), nil
}

// docs:end turnclient

func iceServer(turnAddr string, c credential) webrtc.ICEServer {
	return webrtc.ICEServer{URLs: []string{"turn:" + turnAddr + "?transport=udp"}, Username: c.Username, Credential: c.Password}
}
