// The hostile caller, as far as C++ lets one be hostile: every view empty, one short, one long and absurd in turn, every enum unknown.
// Nothing may crash, and each call answers the code that c-api promises.
#include <pqrtc.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace pqrtc;
using blob = std::vector<std::uint8_t>;
constexpr auto ml_kem = kem_algorithm::ml_kem_768;
constexpr auto ml_dsa = signature_algorithm::ml_dsa_65;
using call = std::function<status(bytes)>;
constexpr auto gcm = cipher::aes_256_gcm_sha512_128;

template <class T>
T good(result<T> r) {
  EXPECT_TRUE(r) << to_string(r.code());
  return *std::move(r);
}
template <class T>
status code(const result<T>& r) { return r.code(); }

struct world {
  kem_keypair kem = good(kem_keypair::generate(ml_kem));
  hybrid_keypair hybrid = good(hybrid_keypair::generate(suite::x_wing));
  session alice, bob;
  signing_key signer = good(signing_key::generate(ml_dsa));
  byte_vector pk = good(signer.public_key());
  byte_vector sig = good(signer.sign({}, {}));
  byte_vector typed = good(signer.sign_artifact(artifact::summary, {}));
  artifact_hasher hasher = good(artifact_hasher::create(artifact::summary));
  recording_signer recorder = good(recording_signer::create(signer, std::string_view("meeting 7")));
  recording_verifier watcher = good(recording_verifier::create(ml_dsa, pk, std::string_view("meeting 7")));
  world() {
    auto answer = good(initiate(suite::x_wing, good(hybrid.bundle())));
    alice = std::move(answer.session);
    bob = good(hybrid.respond(answer.exchange));
  }
};

// A call and the one length that it takes; 0 where any other length must still be refused with that code.
struct exact {
  const char* name;
  std::size_t size;
  call run;
};

TEST(Hostile, InputsOfFixedSize) {
  world w;
  const exact table[] = {
      {"kem from_seed", PQRTC_ML_KEM_768_SEED_BYTES, [](bytes b) { return code(kem_keypair::from_seed(ml_kem, b)); }},
      {"kem from_expanded", PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES, [](bytes b) { return code(kem_keypair::from_expanded(ml_kem, b)); }},
      {"kem encapsulate", PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES, [](bytes b) { return code(kem_encapsulate(ml_kem, b)); }},
      {"kem decapsulate", PQRTC_ML_KEM_768_CIPHERTEXT_BYTES, [&](bytes b) { return code(w.kem.decapsulate(b)); }},
      {"hybrid from_seed 1", 96, [](bytes b) { return code(hybrid_keypair::from_seed(suite::v100_hybrid_kx_v1, b)); }},
      {"hybrid from_seed 2", 32, [](bytes b) { return code(hybrid_keypair::from_seed(suite::x_wing, b)); }},
      {"initiate 1", PQRTC_X_WING_BUNDLE_BYTES, [](bytes b) { return code(initiate(suite::v100_hybrid_kx_v1, b)); }},
      {"initiate 2", PQRTC_X_WING_BUNDLE_BYTES, [](bytes b) { return code(initiate(suite::x_wing, b)); }},
      {"respond", PQRTC_X_WING_EXCHANGE_BYTES, [&](bytes b) { return code(w.hybrid.respond(b)); }},
      {"turn_wrap key", PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES, [](bytes b) { return code(turn_wrap(ml_kem, b, std::string_view("x"))); }},
      {"signing from_seed", PQRTC_ML_DSA_65_SEED_BYTES, [](bytes b) { return code(signing_key::from_seed(ml_dsa, b)); }},
      {"verify key", PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES, [&](bytes b) { return verify(ml_dsa, b, {}, {}, w.sig); }},
      {"verify signature", PQRTC_ML_DSA_65_SIGNATURE_BYTES, [&](bytes b) { return verify(ml_dsa, w.pk, {}, {}, b); }},
      {"verify_artifact key", PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES, [&](bytes b) { return verify_artifact(ml_dsa, b, artifact::summary, {}, w.typed); }},
      {"verify_artifact signature", PQRTC_ML_DSA_65_SIGNATURE_BYTES, [&](bytes b) { return verify_artifact(ml_dsa, w.pk, artifact::summary, {}, b); }},
      {"recording_verifier key", PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES, [](bytes b) { return code(recording_verifier::create(ml_dsa, b, std::string_view("id"))); }},
      {"hasher verify key", PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES, [&](bytes b) { return w.hasher.verify(ml_dsa, b, w.typed); }},
      {"hasher verify signature", PQRTC_ML_DSA_65_SIGNATURE_BYTES, [&](bytes b) { return w.hasher.verify(ml_dsa, w.pk, b); }},
  };
  for (const auto& row : table) {
    const blob memory(row.size + 1, 0xff);
    EXPECT_EQ(row.run({}), status::null_pointer) << row.name;
    EXPECT_EQ(row.run({memory.data(), 0}), status::invalid_length) << row.name;
    EXPECT_EQ(row.run({memory.data(), row.size - 1}), status::invalid_length) << row.name;
    EXPECT_EQ(row.run({memory.data(), row.size + 1}), status::invalid_length) << row.name;
    EXPECT_EQ(row.run({memory.data(), std::numeric_limits<std::size_t>::max()}), status::invalid_length) << row.name;
    EXPECT_NE(row.run({memory.data(), row.size}), status::invalid_length) << row.name;
    EXPECT_NE(row.run({memory.data(), row.size}), status::internal) << row.name;
  }
}

// Inputs of any size: what is absurd is refused, not followed.
TEST(Hostile, InputsOfAnySize) {
  world w;
  const auto sender = good(sframe_sender::from_session(w.alice, 1, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  ASSERT_EQ(receiver.add_session(w.bob, 1), status::ok);
  blob out(4000);
  const std::array<std::uint8_t, 64> some{};
  const struct {
    const char* name;
    call run;
  } table[] = {
      {"turn_wrap credential", [&](bytes b) { return code(turn_wrap(ml_kem, good(w.kem.public_key()), b, out)); }},
      {"turn_unwrap", [&](bytes b) { return code(turn_unwrap(w.kem, b, out)); }},
      {"mint secret", [](bytes b) { return code(turn_credential::mint(b, "u", 1)); }},
      {"sign context", [&](bytes b) { return code(w.signer.sign(b, some)); }},
      {"sign message", [&](bytes b) { return code(w.signer.sign({}, b)); }},
      {"sign_artifact", [&](bytes b) { return code(w.signer.sign_artifact(artifact::summary, b)); }},
      {"recording_signer update", [&](bytes b) { return w.recorder.update(b); }},
      {"recording_verifier update", [&](bytes b) { return w.watcher.update(b); }},
      {"hasher update", [&](bytes b) { return w.hasher.update(b); }},
      {"export context", [&](bytes b) { return w.alice.export_key("x", b, out); }},
      {"session seal aad", [&](bytes b) { return code(w.alice.seal(b, some, out)); }},
      {"session seal", [&](bytes b) { return code(w.alice.seal({}, b, out)); }},
      {"session open", [&](bytes b) { return code(w.bob.open({}, b, out)); }},
      {"sframe base key", [](bytes b) { return code(sframe_sender::from_key(b, 1, gcm)); }},
      {"sframe add_key", [&](bytes b) { return receiver.add_key(9, b); }},
      {"sframe metadata", [&](bytes b) { return code(sender.seal(b, some, out)); }},
      {"sframe seal", [&](bytes b) { return code(sender.seal({}, b, out)); }},
      {"sframe open", [&](bytes b) { return code(receiver.open({}, b, out)); }},
      {"frame seal", [&](bytes b) { return code(sender.seal_frame(codec::vp8, b, out)); }},
      {"frame open", [&](bytes b) { return code(receiver.open_frame(codec::vp8, b, out)); }},
  };
  for (const auto& row : table) {
    EXPECT_EQ(row.run({nullptr, 1}), status::null_pointer) << row.name;
    EXPECT_EQ(row.run({some.data(), std::numeric_limits<std::size_t>::max()}), status::invalid_length) << row.name;
    EXPECT_EQ(row.run({some.data(), std::numeric_limits<std::size_t>::max() / 2 + 1}), status::invalid_length) << row.name;
    EXPECT_NE(row.run({some.data(), 0}), status::internal) << row.name;
    EXPECT_NE(row.run({some.data(), some.size()}), status::internal) << row.name;
  }
}

TEST(Hostile, UnknownEnums) {
  world w;
  blob out(4000);
  for (const std::uint32_t n : {0u, 3u, 5u, 6u, 10u, 255u, 0xffffffffu}) {
    const auto bad_suite = static_cast<suite>(n);
    if (n == 0 || n > 2) {
      EXPECT_EQ(code(sizes(bad_suite)), status::invalid_argument);
      EXPECT_EQ(code(hybrid_keypair::generate(bad_suite)), status::invalid_argument);
      EXPECT_EQ(code(hybrid_keypair::from_seed(bad_suite, out)), status::invalid_argument);
      EXPECT_EQ(code(initiate(bad_suite, out)), status::invalid_argument);
    }
    if (n == 0 || n > 4) {
      const auto kind = static_cast<artifact>(n);
      EXPECT_EQ(code(artifact_hasher::create(kind)), status::invalid_argument);
      EXPECT_EQ(code(w.signer.sign_artifact(kind, {})), status::invalid_argument);
      EXPECT_EQ(verify_artifact(ml_dsa, w.pk, kind, {}, w.typed), status::invalid_argument);
    }
    if (n == 0 || n > 8) {
      EXPECT_EQ(code(sframe_sender::from_session(w.alice, 2, static_cast<cipher>(n))), status::invalid_argument);
      EXPECT_EQ(code(sframe_receiver::create(static_cast<cipher>(n))), status::invalid_argument);
    }
    if (n == 0 || n > 9) {
      EXPECT_EQ(frame_seal_max_size(static_cast<codec>(n), 100), 0u);
      const auto sender = good(sframe_sender::from_session(w.alice, 1000 + n, gcm));
      EXPECT_EQ(code(sender.seal_frame(static_cast<codec>(n), bytes(out).first(10), mutable_bytes(out).subspan(100, 1000))), status::invalid_argument);
    }
    if (n != 1 && n != 7 && n != 8) {
      EXPECT_EQ(code(w.alice.srtp_keys(static_cast<srtp_profile>(n))), status::invalid_argument);
    }
  }
}

// Too little room: nothing is written, and nothing is used up.
TEST(Hostile, OutputsTooSmall) {
  world w;
  const auto sender = good(sframe_sender::from_session(w.alice, 1, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  ASSERT_EQ(receiver.add_session(w.bob, 1), status::ok);
  const std::array<std::uint8_t, 50> frame{};
  blob out(50 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES, 0xaa);
  EXPECT_EQ(code(sender.seal({}, frame, mutable_bytes(out).first(out.size() - 1))), status::buffer_too_small);
  EXPECT_EQ(code(sender.seal({}, frame, {})), status::buffer_too_small);
  EXPECT_EQ(code(w.alice.seal({}, frame, mutable_bytes(out).first(60))), status::buffer_too_small);
  EXPECT_EQ(out, blob(out.size(), 0xaa));
  const auto n = good(sender.seal({}, frame, out));
  blob opened(50);
  EXPECT_EQ(code(receiver.open({}, bytes(out).first(n), mutable_bytes(opened).first(49))), status::buffer_too_small);
  EXPECT_EQ(good(receiver.open({}, bytes(out).first(n), opened)).counter, 0u) << "the refused seals used no counter";
  EXPECT_EQ(w.hybrid.seed(mutable_bytes(out).first(31)), status::invalid_length);
  EXPECT_EQ(w.alice.export_key("x", {}, mutable_bytes(out).first(0)), status::invalid_length);
  EXPECT_EQ(w.alice.export_key("", {}, out), status::invalid_length);
  EXPECT_EQ(w.alice.export_key(std::string(125, 'x'), {}, out), status::invalid_length);
}

// Every truncation and every altered byte of what comes from the network is refused by its own code, never opened.
TEST(Hostile, TruncatedAndAlteredFrames) {
  world w;
  const auto sender = good(sframe_sender::from_session(w.alice, 1, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  ASSERT_EQ(receiver.add_session(w.bob, 1), status::ok);
  const std::array<std::uint8_t, 20> frame{};
  blob sealed(20 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES), opened(sealed.size());
  sealed.resize(good(sender.seal({}, frame, sealed)));
  for (std::size_t i = 0; i < sealed.size(); i++) {
    blob altered = sealed;
    altered[i] ^= 0x01;
    for (const bytes b : {bytes(sealed).first(i), bytes(altered)}) {
      const auto r = receiver.open({}, b, opened);
      ASSERT_FALSE(r) << i;
      EXPECT_TRUE(r.code() == status::malformed_frame || r.code() == status::unknown_key_id || r.code() == status::decryption_failed ||
                  r.code() == status::invalid_length || r.code() == status::null_pointer)
          << i << ": " << to_string(r.code());
    }
  }
  EXPECT_TRUE(receiver.open({}, sealed, opened)) << "the forgeries moved nothing";
}

}  // namespace
