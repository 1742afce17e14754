// The ten lines of docs/cpp.md: a key exchange, and a sealed video frame.
#include <pqrtc.hpp>

#include <vector>

static bool ten(pqrtc::bytes frame, std::vector<std::uint8_t>& opened) {
  // docs:begin ten
  const auto keypair = pqrtc::hybrid_keypair::generate(pqrtc::suite::x_wing);                    // Bob
  const auto alice = pqrtc::initiate(pqrtc::suite::x_wing, keypair->bundle().value());           // Alice, given Bob's bundle
  const auto bob = keypair->respond(alice->exchange);                                            // Bob, given Alice's exchange message

  const auto sender = pqrtc::sframe_sender::from_session(alice->session, 1, pqrtc::cipher::aes_256_gcm_sha512_128);
  auto receiver = pqrtc::sframe_receiver::create(pqrtc::cipher::aes_256_gcm_sha512_128);
  if (receiver->add_session(*bob, 1) != pqrtc::status::ok) return false;

  std::vector<std::uint8_t> sealed(pqrtc::frame_seal_max_size(pqrtc::codec::vp8, frame.size()));
  const auto n = sender->seal_frame(pqrtc::codec::vp8, frame, sealed);                           // before packetizing
  const auto f = receiver->open_frame(pqrtc::codec::vp8, pqrtc::bytes(sealed).first(*n), opened); // after depacketizing
  if (!f) return false;  // pqrtc::to_string(f.code()) says why
  // docs:end ten
  opened.resize(f->size);
  return opened == std::vector<std::uint8_t>(frame.begin(), frame.end());
}

int main() {
  const std::vector<std::uint8_t> frame(1000, 1);
  std::vector<std::uint8_t> opened(2000);
  return ten(frame, opened) ? 0 : 1;
}
