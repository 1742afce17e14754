// Media frames: sealed with SFrame before packetizing, opened after depacketizing. A forwarding server sees only sealed frames.
#include <pqrtc.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

constexpr std::uint64_t kid = 1;
constexpr auto cipher = pqrtc::cipher::aes_256_gcm_sha512_128;

static pqrtc::status run() {
  // See key_exchange.cpp.
  const auto keypair = pqrtc::hybrid_keypair::generate(pqrtc::suite::x_wing);
  if (!keypair) return keypair.code();
  const auto bundle = keypair->bundle();
  if (!bundle) return bundle.code();
  const auto alice = pqrtc::initiate(pqrtc::suite::x_wing, *bundle);
  if (!alice) return alice.code();
  const auto bob = keypair->respond(alice->exchange);
  if (!bob) return bob.code();

  const auto sender = pqrtc::sframe_sender::from_session(alice->session, kid, cipher);
  if (!sender) return sender.code();
  auto receiver = pqrtc::sframe_receiver::create(cipher);
  if (!receiver) return receiver.code();
  if (const auto s = receiver->add_session(*bob, kid); s != pqrtc::status::ok) return s;

  // The buffers are made once. VP8 keeps a few bytes clear so that packetizers and depacketizers still understand the frame.
  std::array<std::uint8_t, 1200> frame = {0x01};
  std::vector<std::uint8_t> sealed(pqrtc::frame_seal_max_size(pqrtc::codec::vp8, frame.size())), opened(sealed.size());
  for (std::uint8_t i = 0; i < 30; i++) {
    frame.back() = i;
    const auto n = sender->seal_frame(pqrtc::codec::vp8, frame, sealed);
    if (!n) return n.code();
    const auto f = receiver->open_frame(pqrtc::codec::vp8, pqrtc::bytes(sealed).first(*n), opened);
    if (!f) return f.code();
    if (f->size != frame.size() || !std::equal(frame.begin(), frame.end(), opened.begin())) return pqrtc::status::internal;
    if (i == 29) {
      const auto again = receiver->open_frame(pqrtc::codec::vp8, pqrtc::bytes(sealed).first(*n), opened);
      std::printf("30 frames of %zu bytes, %zu sealed; the same again: %s\n", frame.size(), *n, pqrtc::to_string(again.code()));
      if (again.code() != pqrtc::status::replayed_frame) return pqrtc::status::internal;
    }
  }
  return pqrtc::status::ok;
}

int main() {
  const auto s = run();
  if (s != pqrtc::status::ok) std::fprintf(stderr, "pqrtc: %s\n", pqrtc::to_string(s));
  return s == pqrtc::status::ok ? 0 : 1;
}
