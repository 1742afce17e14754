// A call of two over a network that tests can mistreat, with signaling that they can alter.
#ifndef CALL_H_
#define CALL_H_

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "network.h"
#include "peer.h"

// Someone who takes part in calls.
struct Identity {
  Identity() : key(*pqrtc::signing_key::generate(pqrtc::signature_algorithm::ml_dsa_65_ed25519)) {
    fingerprint = *pqrtc::fingerprint(pqrtc::signature_algorithm::ml_dsa_65_ed25519, *key.public_key());
  }
  pqrtc::signing_key key;
  pqrtc::key_fingerprint fingerprint;
};

class Call {
 public:
  // What signaling does to message `number` on its way, 0 being the offer; the tests lose, swap and alter them.
  using Signaling = std::function<void(int number, std::string& text)>;

  Call(const Peer::Options& a_options, const Peer::Options& b_options, Network::Watch watch = nullptr)
      : network(std::move(watch)), a(As(alice, bob, a_options)), b(As(bob, alice, b_options)) {
    for (int peer = 0; peer < 2; peer++) {
      (peer == 0 ? a : b).on_candidate = [this, peer](uint16_t port, const std::string& candidate) {
        webrtc::MutexLock lock(&mutex_);
        candidates_[peer] = OtherPort(candidate, network.Publish(peer, port));
      };
    }
  }
  ~Call() { a.on_candidate = b.on_candidate = nullptr; }

  // a offers, b answers.
  pqrtc::status Join(const Signaling& signaling = [](int, std::string&) {}) {
    const auto offer = a.Offer();
    if (!offer) return offer.code();
    return Carry(*offer, b, a, signaling);
  }
  pqrtc::status Rekey(Peer& by) {
    const auto offer = by.Rekey();
    if (!offer) return offer.code();
    return Carry(*offer, &by == &a ? b : a, by, [](int, std::string&) {});
  }
  // The same connection without pqrtc.
  void JoinPlain() {
    a.Accept(b.AnswerTo(a.CreateOffer()));
    Candidates();
  }

  // docs:begin carry
  // The application's signaling: each message goes to the other side, until there is none to take back.
  pqrtc::status Carry(std::string text, Peer& to, Peer& back, const Signaling& signaling, int number = 0) {
    if (!text.empty()) signaling(number, text);
    if (text.empty()) return pqrtc::status::ok;
    const auto reply = to.Receive(text);
    if (!reply) return reply.code();
    if (number == 1 && tell_candidates) Candidates();
    return Carry(*reply, back, to, signaling, number + 1);
  }
  // docs:end carry

  bool tell_candidates = true;
  static inline const Identity alice, bob, mallory;
  Network network;
  Peer a, b;

 private:
  static std::string OtherPort(const std::string& candidate, uint16_t port) {  // the sixth word
    size_t start = 0;
    for (int word = 0; word < 5; word++) start = candidate.find(' ', start) + 1;
    return candidate.substr(0, start) + std::to_string(port) + candidate.substr(candidate.find(' ', start));
  }
  static Peer::Options As(const Identity& me, const Identity& peer, Peer::Options options) {
    options.me = &me.key;
    options.pin = peer.fingerprint;
    return options;
  }
  // Through the network between the two, in a call that is not a rekey.
  void Candidates() {
    for (int tries = 0; tries < 500; tries++, std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
      webrtc::MutexLock lock(&mutex_);
      if (connected_) return;
      if (candidates_.size() < 2) continue;
      a.AddCandidate(candidates_[1]);
      b.AddCandidate(candidates_[0]);
      connected_ = true;
      return;
    }
  }

  webrtc::Mutex mutex_;
  std::map<int, std::string> candidates_;
  bool connected_ = false;
};

#endif  // CALL_H_
