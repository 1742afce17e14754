// As libwebrtc builds: no exceptions, no RTTI, warnings are errors. The main path, without a test framework.
#include <pqrtc.hpp>

#include <cstdio>
#include <cstring>

#define CHECK(what) do { if (!(what)) return std::printf("failed at line %d: %s\n", __LINE__, #what), 1; } while (false)

int main() {
  using pqrtc::status;
  CHECK(pqrtc::matches_library());
  const auto keypair = pqrtc::hybrid_keypair::generate(pqrtc::suite::x_wing);
  CHECK(keypair);
  const auto bundle = keypair->bundle();
  CHECK(bundle);
  const auto answer = pqrtc::initiate(pqrtc::suite::x_wing, *bundle);
  CHECK(answer);
  const auto session = keypair->respond(answer->exchange);
  CHECK(session);
  const auto sender = pqrtc::sframe_sender::from_session(answer->session, 1, pqrtc::cipher::aes_128_gcm_sha256_128);
  auto receiver = pqrtc::sframe_receiver::create(pqrtc::cipher::aes_128_gcm_sha256_128);
  CHECK(sender && receiver && receiver->add_session(*session, 1) == status::ok);
  std::uint8_t frame[100] = {1, 2, 3}, sealed[100 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], opened[sizeof sealed];
  const auto n = sender->seal({}, frame, sealed);
  CHECK(n);
  const auto f = receiver->open({}, {sealed, *n}, opened);
  CHECK(f && f->size == sizeof frame && std::memcmp(frame, opened, sizeof frame) == 0);
  CHECK(receiver->open({}, {sealed, *n}, opened).code() == status::replayed_frame);
  const auto kem = pqrtc::kem_keypair::generate(pqrtc::kem_algorithm::ml_kem_768);
  CHECK(kem);
  const auto wrapped = pqrtc::turn_wrap(pqrtc::kem_algorithm::ml_kem_768, *kem->public_key(), std::string_view("password"));
  CHECK(wrapped);
  const auto unwrapped = pqrtc::turn_unwrap(*kem, *wrapped);
  CHECK(unwrapped && unwrapped->size() == 8);
  std::puts("ok");
}
