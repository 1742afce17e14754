package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const realm = "pqrtc.example"

// docs:begin turnserver

// authHandler accepts credentials that were minted with the same secret. TURN never sends the password; the server makes it
// again from the username, and pion checks the integrity of every request under it. The expiry counts when a relay is allocated. A call that
// has one goes on beyond it: its refreshes, permissions and channels come with the same credential. coturn does the same.
func authHandler(secret []byte) turn.AuthHandler {
	return func(request *turn.RequestAttributes) (string, []byte, bool) {
		mac := hmac.New(sha1.New, secret)
		mac.Write([]byte(request.Username))
		password := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		if request.Method == stun.MethodAllocate && pqrtc.VerifyTURN(secret, request.Username, password, time.Now()) != nil {
			return "", nil, false
		}
		return request.Username, turn.GenerateAuthKey(request.Username, request.Realm, password), true
	}
}

// docs:end turnserver

// newTURNServer relays on the loopback interface. Clients refresh an allocation when half of allocationLifetime has gone.
func newTURNServer(secret []byte, allocationLifetime time.Duration) (server *turn.Server, addr net.Addr, err error) {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server, err = turn.NewServer(turn.ServerConfig{
		Realm:              realm,
		AuthHandler:        authHandler(secret),
		AllocationLifetime: allocationLifetime,
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
	return pqrtc.WrapTURN(pqrtc.MLKEM768, publicKey, plain)
}

// fetchICEServer is the client: it sends its public key and unwraps what comes back.
func fetchICEServer(turnAddr string, issue func(publicKey []byte) ([]byte, error)) (webrtc.ICEServer, error) {
	keypair, err := pqrtc.GenerateKEMKeypair(pqrtc.MLKEM768)
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
