// One end of an authenticated call, and the keys of its frames.
#ifndef KEYS_H_
#define KEYS_H_

#include <memory>
#include <utility>

#include "frame_crypto.h"

// docs:begin keys
// `me` is this side's identity, `pin` the fingerprint of the other's. `certificate` is the SHA-256 fingerprint of the one that this side uses in DTLS.
// Senders and receiver are there from the start, and follow rekeys: none seals before it is known who the other side is.
struct CallKeys {
  static constexpr auto kCipher = pqrtc::cipher::aes_256_gcm_sha512_128;

  static pqrtc::result<CallKeys> Create(const pqrtc::signing_key& me, pqrtc::bytes pin, pqrtc::bytes certificate) {
    auto policy = pqrtc::policy::create(pqrtc::profile::standard);
    if (!policy) return policy.code();
    if (const auto s = policy->set(pqrtc::policy_option::pin, pin); s != pqrtc::status::ok) return s;
    if (!certificate.empty()) {
      if (const auto s = policy->set(pqrtc::policy_option::require_binding); s != pqrtc::status::ok) return s;
    }
    auto call = pqrtc::call::create(&me, *policy, certificate);
    if (!call) return call.code();
    auto video = call->sender(0, kCipher), audio = call->sender(1, kCipher);
    auto receiver = call->receiver(kCipher);
    if (!video || !audio || !receiver) return pqrtc::status::out_of_memory;
    CallKeys keys;
    keys.call = std::make_shared<pqrtc::call>(*std::move(call));
    keys.video = std::make_shared<const pqrtc::sframe_sender>(*std::move(video));
    keys.audio = std::make_shared<const pqrtc::sframe_sender>(*std::move(audio));
    keys.receiver = std::make_shared<const pqrtc::sframe_receiver>(*std::move(receiver));
    return keys;
  }

  bool MaySend() const {
    const auto info = call->info();
    return info && info->may_send != 0;
  }

  std::shared_ptr<pqrtc::call> call;
  std::shared_ptr<const pqrtc::sframe_sender> video, audio;
  std::shared_ptr<const pqrtc::sframe_receiver> receiver;
};
// docs:end keys

#endif  // KEYS_H_
