// Key exchange over the application's own signaling: the bundle rides beside the SDP offer, the exchange message beside the answer.
#ifndef KEYS_H_
#define KEYS_H_

#include <memory>
#include <utility>
#include <vector>

#include "frame_crypto.h"

// docs:begin keys
// One participant's keys in a call of two. Each epoch is one exchange; its number is the KID of both senders.
class CallKeys {
 public:
  static constexpr auto kSuite = pqrtc::suite::x_wing;
  static constexpr auto kCipher = pqrtc::cipher::aes_256_gcm_sha512_128;

  CallKeys() {
    auto made = pqrtc::sframe_receiver::create(kCipher);
    if (made) *receiver_ = *std::move(made);  // if not, the empty receiver opens nothing
  }

  // The offerer: send epoch() and the bundle, keep the key pair until the answer is there. A new pair for every exchange.
  pqrtc::result<pqrtc::hybrid_bundle> Offer() {
    auto made = pqrtc::hybrid_keypair::generate(kSuite);
    if (!made) return made.code();
    offered_ = *std::move(made);
    epoch_++;
    return offered_.bundle();
  }
  // The answerer: send the exchange message.
  pqrtc::result<pqrtc::hybrid_exchange> Answer(uint64_t epoch, pqrtc::bytes bundle) {
    auto made = pqrtc::initiate(kSuite, bundle);
    if (!made) return made.code();
    epoch_ = epoch;
    if (const auto s = Next(made->session); s != pqrtc::status::ok) return s;
    return made->exchange;
  }
  // The offerer, when the answer is there.
  pqrtc::status Finish(pqrtc::bytes exchange) {
    const auto session = offered_.respond(exchange);
    offered_ = {};
    return session ? Next(*session) : session.code();
  }

  // The answerer opens the new key at once but seals under it only when the offerer has it; call this when it says so.
  pqrtc::status Seal() {
    if (!next_) return pqrtc::status::invalid_argument;
    send_->Set(std::exchange(next_, {}));
    return pqrtc::status::ok;
  }
  // When frames under the old keys have all arrived, or will not.
  void DropOld() {
    while (opens_.size() > 1) {
      (void)receiver_->remove_key(opens_.front());
      opens_.erase(opens_.begin());
    }
  }

  uint64_t epoch() const { return epoch_; }
  std::shared_ptr<PqrtcSendKey> sender() const { return send_; }
  std::shared_ptr<pqrtc::sframe_receiver> receiver() const { return receiver_; }

 private:
  pqrtc::status Next(const pqrtc::session& session) {
    auto sender = pqrtc::sframe_sender::from_session(session, epoch_, kCipher);
    if (!sender) return sender.code();
    if (const auto s = receiver_->add_session(session, epoch_); s != pqrtc::status::ok) return s;
    opens_.push_back(epoch_);
    next_ = *std::move(sender);
    return pqrtc::status::ok;
  }

  const std::shared_ptr<PqrtcSendKey> send_ = std::make_shared<PqrtcSendKey>();
  const std::shared_ptr<pqrtc::sframe_receiver> receiver_ = std::make_shared<pqrtc::sframe_receiver>();
  pqrtc::hybrid_keypair offered_;
  pqrtc::sframe_sender next_;
  uint64_t epoch_ = 0;
  std::vector<uint64_t> opens_;
};
// docs:end keys

#endif  // KEYS_H_
