// The whole job in one process: an authenticated call, then a video frame sealed by Alice and opened by Bob. In a call the two are in two programs,
// and the messages travel over signaling that nobody needs to trust.
// docs:begin program
#include <pqrtc.hpp>

#include <array>
#include <cstdio>
#include <vector>

// docs:begin call
static pqrtc::result<pqrtc::call> new_call(const pqrtc::signing_key& me, pqrtc::bytes peer_fingerprint, pqrtc::bytes my_dtls_fingerprint) {
  auto policy = pqrtc::policy::create(pqrtc::profile::standard);
  if (!policy) return policy.code();
  if (const auto s = policy->set(pqrtc::policy_option::pin, peer_fingerprint); s != pqrtc::status::ok) return s;
  return pqrtc::call::create(&me, *policy, my_dtls_fingerprint);
}

// Gives the frame that Bob opens.
static pqrtc::result<std::vector<std::uint8_t>> call(pqrtc::call& alice, pqrtc::call& bob, pqrtc::bytes alice_dtls, pqrtc::bytes bob_dtls, pqrtc::bytes frame) {
  const auto offer = alice.offer();                               // beside the SDP offer
  if (!offer) return offer.code();
  const auto answer = bob.receive(*offer, alice_dtls);            // beside the SDP answer
  if (!answer) return answer.code();
  const auto finish = alice.receive(*answer, bob_dtls);           // Alice knows that it is Bob; one more message
  if (!finish) return finish.code();
  if (const auto ack = bob.receive(*finish, alice_dtls); !ack) return ack.code();  // Bob knows that it is Alice

  const auto sender = alice.sender(0, pqrtc::cipher::aes_256_gcm_sha512_128);      // both follow later rekeys by themselves
  const auto receiver = bob.receiver(pqrtc::cipher::aes_256_gcm_sha512_128);
  if (!sender || !receiver) return sender ? receiver.code() : sender.code();
  std::vector<std::uint8_t> sealed(pqrtc::frame_seal_max_size(pqrtc::codec::vp8, frame.size()));
  const auto n = sender->seal_frame(pqrtc::codec::vp8, frame, sealed);             // after the encoder
  if (!n) return n.code();
  std::vector<std::uint8_t> opened(pqrtc::frame_open_max_size(pqrtc::codec::vp8, *n));
  const auto f = receiver->open_frame(pqrtc::codec::vp8, pqrtc::bytes(sealed).first(*n), opened);  // before the decoder
  if (!f) return f.code();
  opened.resize(f->size);
  return opened;
}
// docs:end call

int main() {
  const auto identity = pqrtc::signature_algorithm::ml_dsa_65_ed25519;
  const auto alice = pqrtc::signing_key::generate(identity), bob = pqrtc::signing_key::generate(identity);
  if (!alice || !bob) return 1;
  const auto alice_key = alice->public_key(), bob_key = bob->public_key();
  if (!alice_key || !bob_key) return 1;
  const auto alice_fingerprint = pqrtc::fingerprint(identity, *alice_key), bob_fingerprint = pqrtc::fingerprint(identity, *bob_key);
  if (!alice_fingerprint || !bob_fingerprint) return 1;

  const std::array<std::uint8_t, 32> alice_dtls{1}, bob_dtls{2};  // a=fingerprint of the two SDPs
  auto at_alice = new_call(*alice, *bob_fingerprint, alice_dtls), at_bob = new_call(*bob, *alice_fingerprint, bob_dtls);
  if (!at_alice || !at_bob) return 1;
  const std::vector<std::uint8_t> frame(1200, 1);  // a delta frame of VP8
  const auto opened = call(*at_alice, *at_bob, alice_dtls, bob_dtls, frame);
  if (!opened) return std::fprintf(stderr, "%s\n", pqrtc::to_string(opened.code())), 1;
  std::printf("%zu bytes sealed, opened to %zu\n", frame.size(), opened->size());
  return *opened == frame ? 0 : 1;
}
// docs:end program
