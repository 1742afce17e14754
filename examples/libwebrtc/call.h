// A call of two over a network that tests can mistreat; the signaling is a handful of strings and blobs.
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

class Call {
 public:
  using Blob = std::vector<uint8_t>;
  // What signaling does to the two blobs on their way; the tests lose, swap and replay them.
  struct Signaling {
    std::function<void(Blob&)> bundle = [](Blob&) {}, exchange = [](Blob&) {};
  };

  Call(const Peer::Options& a_options, const Peer::Options& b_options, Network::Watch watch = nullptr)
      : network(std::move(watch)), a(a_options), b(b_options) {
    for (int peer = 0; peer < 2; peer++) {
      (peer == 0 ? a : b).on_candidate = [this, peer](uint16_t port, const std::string& candidate) {
        webrtc::MutexLock lock(&mutex_);
        candidates_[peer] = OtherPort(candidate, network.Publish(peer, port));
      };
    }
  }
  ~Call() { a.on_candidate = b.on_candidate = nullptr; }

  // a offers, b answers.
  pqrtc::status Join(const Signaling& signaling) {
    const std::string offer = a.CreateOffer();
    const std::string answer = b.AnswerTo(offer);
    a.Accept(answer);
    const pqrtc::status s = Exchange(signaling);
    for (int tries = 0; tries < 500; tries++) {
      if (Candidates()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return s;
  }
  pqrtc::status Join() { return Join(Signaling()); }

  // At the start of a call and for every change of keys in it: one blob each way, beside the offer and the answer or on their own.
  pqrtc::status Exchange(const Signaling& signaling) {
    // docs:begin signaling
    const auto bundle = a.keys().Offer();
    if (!bundle) return bundle.code();
    Blob to_b(bundle->begin(), bundle->end());  // travels with the offer, and the epoch
    signaling.bundle(to_b);

    const auto exchange = b.keys().Answer(a.keys().epoch(), to_b);
    if (!exchange) return exchange.code();
    Blob to_a(exchange->begin(), exchange->end());  // travels with the answer
    signaling.exchange(to_a);

    if (const auto s = a.keys().Finish(to_a); s != pqrtc::status::ok) return s;
    if (const auto s = a.keys().Seal(); s != pqrtc::status::ok) return s;
    a.Send();
    if (const auto s = b.keys().Seal(); s != pqrtc::status::ok) return s;  // when a has said that it is ready
    b.Send();
    return pqrtc::status::ok;
    // docs:end signaling
  }
  pqrtc::status Exchange() { return Exchange(Signaling()); }

  Network network;
  Peer a, b;

 private:
  static std::string OtherPort(const std::string& candidate, uint16_t port) {  // the sixth word
    size_t start = 0;
    for (int word = 0; word < 5; word++) start = candidate.find(' ', start) + 1;
    return candidate.substr(0, start) + std::to_string(port) + candidate.substr(candidate.find(' ', start));
  }
  bool Candidates() {
    webrtc::MutexLock lock(&mutex_);
    if (candidates_.size() < 2) return false;
    a.AddCandidate(candidates_[1]);
    b.AddCandidate(candidates_[0]);
    return true;
  }

  webrtc::Mutex mutex_;
  std::map<int, std::string> candidates_;
};

#endif  // CALL_H_
