// The network between two peers: UDP on loopback through this process, which loses, delays, repeats and forges packets on request and
// sees what is sent. Test equipment, not part of the lesson.
#ifndef NETWORK_H_
#define NETWORK_H_

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "rtc_base/synchronization/mutex.h"

class Network {
 public:
  using Packet = std::vector<uint8_t>;
  // Sees each media packet that peer 0 or 1 sends.
  using Watch = std::function<void(int peer, const Packet&)>;

  // Shares of media packets, out of 1000.
  std::atomic<unsigned> lost{0}, late{0}, repeated{0}, forged{0};
  std::atomic<unsigned> media_packets{0}, packets_forged{0};

  explicit Network(Watch watch = nullptr) : watch_(std::move(watch)) {
    for (Side& side : sides_) side.port = Bind(side.socket);
    thread_ = std::thread([this] { Run(); });
  }
  ~Network() {
    stop_ = true;
    thread_.join();
    for (const Side& side : sides_) close(side.socket);
  }

  // Peer `peer` listens on `port`; returns the port under which the other one reaches it.
  uint16_t Publish(int peer, uint16_t port) {
    webrtc::MutexLock lock(&mutex_);
    sides_[peer].peer = Loopback(port);
    return sides_[1 - peer].port;
  }

 private:
  using Clock = std::chrono::steady_clock;
  // A side has one peer: what that peer sends arrives here, what is sent to it leaves from here.
  struct Side {
    int socket = -1;
    uint16_t port = 0;
    sockaddr_in peer{};
  };

  static sockaddr_in Loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }
  static uint16_t Bind(int& socket_out) {
    socket_out = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof address;
    bind(socket_out, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(socket_out, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  void Run() {
    while (!stop_) {
      pollfd waiting[] = {{sides_[0].socket, POLLIN, 0}, {sides_[1].socket, POLLIN, 0}};
      poll(waiting, 2, 2);
      for (int peer = 0; peer < 2; peer++) {
        if ((waiting[peer].revents & POLLIN) == 0) continue;
        Packet packet(2048);
        const ssize_t n = recv(sides_[peer].socket, packet.data(), packet.size(), MSG_DONTWAIT);
        if (n <= 0) continue;
        packet.resize(static_cast<size_t>(n));
        if (IsMedia(packet)) {
          media_packets++;
          if (watch_) watch_(peer, packet);
          Mistreat(1 - peer, std::move(packet));
        } else {
          Deliver(1 - peer, packet);
        }
      }
      while (!delayed_.empty() && delayed_.begin()->first <= Clock::now()) {
        Deliver(delayed_.begin()->second.first, delayed_.begin()->second.second);
        delayed_.erase(delayed_.begin());
      }
    }
  }

  // RTP, but neither STUN, DTLS nor RTCP.
  static bool IsMedia(const Packet& p) { return p.size() > 12 && p[0] >= 128 && p[0] < 192 && ((p[1] & 0x7f) < 64 || (p[1] & 0x7f) > 95); }
  bool Chance(unsigned in_1000) { return random_() % 1000 < in_1000; }

  void Mistreat(int to, Packet packet) {
    if (Chance(lost)) return;
    if (Chance(forged)) {
      packet.back() ^= 1;
      packets_forged++;
    }
    if (Chance(repeated)) delayed_.emplace(Clock::now() + std::chrono::milliseconds(5), std::pair(to, packet));
    if (Chance(late)) {
      delayed_.emplace(Clock::now() + std::chrono::milliseconds(30), std::pair(to, std::move(packet)));
    } else {
      Deliver(to, packet);
    }
  }
  void Deliver(int to, const Packet& packet) {
    webrtc::MutexLock lock(&mutex_);
    const sockaddr_in& address = sides_[to].peer;
    if (address.sin_port != 0) sendto(sides_[to].socket, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  const Watch watch_;
  webrtc::Mutex mutex_;
  std::array<Side, 2> sides_;
  std::multimap<Clock::time_point, std::pair<int, Packet>> delayed_;
  std::minstd_rand random_{1};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

#endif  // NETWORK_H_
