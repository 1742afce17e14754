// Key exchange: the responder publishes a bundle, the initiator answers with one message, and both hold the same session.
#include <pqrtc.hpp>

#include <cstdio>
#include <cstring>

int main() {
  // Responder: the bundle travels beside the SDP offer.
  const auto keypair = pqrtc::hybrid_keypair::generate(pqrtc::suite::x_wing);
  if (!keypair) return std::fprintf(stderr, "%s\n", pqrtc::to_string(keypair.code())), 1;
  const auto bundle = keypair->bundle();
  if (!bundle) return 1;

  // Initiator: the exchange message travels beside the SDP answer.
  const auto ours = pqrtc::initiate(pqrtc::suite::x_wing, *bundle);
  if (!ours) return std::fprintf(stderr, "%s\n", pqrtc::to_string(ours.code())), 1;

  // Responder again.
  const auto theirs = keypair->respond(ours->exchange);
  if (!theirs) return std::fprintf(stderr, "%s\n", pqrtc::to_string(theirs.code())), 1;

  // One label for one purpose: both sides derive the same bytes. A few of them, read aloud, tell the users that no one sits between.
  const auto a = ours->session.export_key<8>("verification code");
  const auto b = theirs->export_key<8>("verification code");
  if (!a || !b) return 1;
  std::printf("bundle %zu bytes, exchange %zu bytes, codes %02x%02x%02x and %02x%02x%02x\n", bundle->size(), ours->exchange.size(),
              a->data()[0], a->data()[1], a->data()[2], b->data()[0], b->data()[1], b->data()[2]);
  return std::memcmp(a->data(), b->data(), a->size()) == 0 ? 0 : 1;
}
