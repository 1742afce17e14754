package main

import (
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// faults is a network that loses, delays and doubles UDP packets between clients and a server, both ways, STUN and DTLS included.
type faults struct {
	loss, reorder, duplicate float64 // shares of the packets
	delay                    time.Duration

	lost, reordered, duplicated atomic.Int64
}

// roughNetwork is the one that the tests use.
func roughNetwork() *faults {
	return &faults{loss: 0.05, reorder: 0.10, duplicate: 0.05, delay: 15 * time.Millisecond}
}

// pass sends a packet on, or does to it what the network does.
func (f *faults) pass(packet []byte, send func([]byte)) {
	if rand.Float64() < f.loss {
		f.lost.Add(1)
		return
	}
	packet = append([]byte(nil), packet...)
	if rand.Float64() < f.reorder {
		f.reordered.Add(1)
		time.AfterFunc(f.delay, func() { send(packet) })
		return
	}
	send(packet)
	if rand.Float64() < f.duplicate {
		f.duplicated.Add(1)
		send(packet)
	}
}

// relay puts the network between clients and the server at addr. Clients use the address that it returns.
func (f *faults) relay(addr net.Addr) (front net.Addr, stop func(), err error) {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	var mu sync.Mutex
	servers := map[string]net.Conn{} // a socket towards the server for each client
	server := func(client net.Addr) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if c := servers[client.String()]; c != nil {
			return c, nil
		}
		c, err := net.Dial("udp4", addr.String())
		if err != nil {
			return nil, err
		}
		servers[client.String()] = c
		go func() {
			buf := make([]byte, 65536)
			for {
				n, err := c.Read(buf)
				if err != nil {
					return
				}
				f.pass(buf[:n], func(b []byte) { conn.WriteTo(b, client) })
			}
		}()
		return c, nil
	}
	go func() {
		buf := make([]byte, 65536)
		for {
			n, client, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if c, err := server(client); err == nil {
				f.pass(buf[:n], func(b []byte) { c.Write(b) })
			}
		}
	}()
	return conn.LocalAddr(), func() {
		conn.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range servers {
			c.Close()
		}
	}, nil
}
