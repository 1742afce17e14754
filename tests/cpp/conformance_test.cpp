// tests/vectors/pqrtc-v1.json (its README says what each field is), through the C++ binding.
#include <pqrtc.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using namespace pqrtc;
using nlohmann::json;
using blob = std::vector<std::uint8_t>;
constexpr auto ml_kem = kem_algorithm::ml_kem_768;

const json& file() {
  static const json parsed = [] {
    std::ifstream in("tests/vectors/pqrtc-v1.json");
    return json::parse(in, nullptr, false);
  }();
  return parsed;
}

std::string text(const json& j, const char* field) { return j.at(field).get<std::string>(); }
blob hex(const json& j, const char* field) {
  const std::string s = text(j, field);
  blob out;
  for (std::size_t i = 0; i + 1 < s.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoul(s.substr(i, 2), nullptr, 16)));
  return out;
}
std::uint64_t number(const json& j, const char* field) { return j.at(field).get<std::uint64_t>(); }
template <class E>
E as(const json& j, const char* field) { return static_cast<E>(j.at(field).get<std::uint32_t>()); }
status code(const json& j) { return static_cast<status>(j.get<std::uint32_t>()); }
blob copy(bytes b) { return blob(b.begin(), b.end()); }
template <class T>
blob copy(const T& owner) { return copy(bytes(owner)); }
template <class T>
T good(result<T> r) {
  EXPECT_TRUE(r) << to_string(r.code());
  return *std::move(r);
}

// How a sealed frame opens: its bytes, or the code.
struct outcome {
  status code;
  blob frame;
};
outcome open(sframe_receiver& receiver, bytes metadata, bytes sealed) {
  blob out(sealed.size() + 1);
  const auto f = receiver.open(metadata, sealed, out);
  if (f) out.resize(f->size);
  return {f.code(), f ? out : blob()};
}
blob seal(const sframe_sender& sender, bytes metadata, bytes frame) {
  blob out(frame.size() + PQRTC_SFRAME_MAX_OVERHEAD_BYTES);
  out.resize(good(sender.seal(metadata, frame, out)));
  return out;
}

// The vectors of all algorithms of this build.
std::vector<json> all_of(const char* one, const char* more) {
  std::vector<json> out = {file().at(one)};
  for (const json& v : file().at(more)) out.push_back(v);
  return out;
}
template <class A>
bool is_built(A a) {
  const auto n = sizes(a);
  EXPECT_TRUE(n || n.code() == status::unsupported);
  return n.ok();
}

TEST(Conformance, Kem) {
  for (const json& v : all_of("kem", "kems")) {
    const auto a = as<kem_algorithm>(v, "algorithm");
    if (!is_built(a)) continue;
    const auto pair = good(kem_keypair::from_seed(a, hex(v, "seed")));
    EXPECT_EQ(copy(good(pair.public_key())), hex(v, "public_key"));
    EXPECT_EQ(copy(good(pair.decapsulate(hex(v, "ciphertext")))), hex(v, "shared_secret"));
    for (const json& altered : v.at("altered")) {
      blob ciphertext = hex(v, "ciphertext");
      ciphertext.at(number(altered, "byte")) ^= static_cast<std::uint8_t>(number(altered, "xor"));
      EXPECT_EQ(copy(good(pair.decapsulate(ciphertext))), hex(altered, "shared_secret"));
    }
    for (const json& bad : v.at("rejected_public_keys")) EXPECT_EQ(kem_encapsulate(a, hex(bad, "public_key")).code(), code(bad.at("code")));
    EXPECT_EQ(copy(good(turn_unwrap(pair, hex(v, "wrapped")))), hex(v, "credential"));
  }
}

TEST(Conformance, Hybrid) {
  for (const json& v : file().at("hybrid")) {
    const auto pair = good(hybrid_keypair::from_seed(as<suite>(v, "suite"), hex(v, "seed")));
    EXPECT_EQ(copy(good(pair.bundle())), hex(v, "bundle"));
    const auto responder = good(pair.respond(hex(v, "exchange")));
    EXPECT_EQ(copy(good(responder.key())), hex(v, "session_key"));
    for (const json& altered : v.at("altered")) {
      blob exchange = hex(v, "exchange");
      exchange.at(number(altered, "byte")) ^= static_cast<std::uint8_t>(number(altered, "xor"));
      EXPECT_EQ(copy(good(good(pair.respond(exchange)).key())), hex(altered, "session_key"));
    }
    for (const json& bad : v.at("rejected_bundles")) {
      EXPECT_EQ(initiate(as<suite>(v, "suite"), hex(bad, "bundle")).code(), code(bad.at("code")));
    }
    EXPECT_EQ(pair.respond(hex(v, "exchange")).code(), status::key_reused);
    for (const json& bad : v.at("rejected_exchanges")) {
      if (bad.contains("answered_before")) continue;
      EXPECT_EQ(pair.respond(hex(bad, "exchange")).code(), code(bad.at("code")));
    }
    for (const json& e : v.at("exports")) {
      blob out(number(e, "length"));
      EXPECT_EQ(responder.export_key(text(e, "label"), hex(e, "context"), out), status::ok);
      EXPECT_EQ(out, hex(e, "key"));
    }
    for (const json& s : v.at("srtp")) {
      const auto keys = good(responder.srtp_keys(as<srtp_profile>(s, "profile")));
      EXPECT_EQ(copy(keys.all()), hex(s, "keys"));
    }
    int from_initiator = 0;
    for (const json& m : v.at("messages")) {
      if (number(m, "role") != 1) {  // our own: refused
        EXPECT_EQ(responder.open(hex(m, "aad"), hex(m, "sealed")).code(), status::decryption_failed);
        continue;
      }
      from_initiator++;
      EXPECT_EQ(copy(good(responder.open(hex(m, "aad"), hex(m, "sealed")))), hex(m, "plaintext"));
      EXPECT_EQ(responder.open(hex(m, "aad"), hex(m, "sealed")).code(), status::replayed_frame);
    }
    EXPECT_GT(from_initiator, 0);
    for (const json& s : v.at("sframe")) {
      auto receiver = good(sframe_receiver::create(as<cipher>(s, "cipher_suite")));
      EXPECT_EQ(receiver.add_session(responder, number(s, "kid")), status::ok);
      const outcome o = open(receiver, hex(s, "metadata"), hex(s, "initiator"));
      EXPECT_EQ(o.code, status::ok);
      EXPECT_EQ(o.frame, copy(std::string_view("from the initiator")));
      EXPECT_EQ(copy(good(responder.sframe_base_key(role::initiator, number(s, "kid")))), hex(s, "initiator_base_key"));
      const auto sender = good(sframe_sender::from_session(responder, number(s, "kid"), as<cipher>(s, "cipher_suite")));
      EXPECT_EQ(seal(sender, hex(s, "metadata"), std::string_view("from the responder")), hex(s, "responder"));
    }
  }
}

TEST(Conformance, Turn) {
  const json& v = file().at("turn");
  for (const json& m : v.at("mint")) {
    const auto credential = good(turn_credential::mint(hex(m, "secret"), text(m, "user"), std::stoull(text(m, "expires_at"))));
    EXPECT_EQ(credential.username(), text(m, "username"));
    EXPECT_EQ(credential.password(), text(m, "password"));
    for (const json& at : m.at("verify")) {
      EXPECT_EQ(turn_credential::verify(hex(m, "secret"), text(m, "username"), text(m, "password"), std::stoull(text(at, "now"))),
                code(at.at("code")));
    }
  }
  const auto recipient = good(kem_keypair::from_seed(ml_kem, hex(v, "recipient_seed")));
  for (const json& w : v.at("wrapped")) {
    blob wrapped = hex(w, "wrapped");
    EXPECT_EQ(copy(good(turn_unwrap(recipient, wrapped))), hex(w, "credential"));
    wrapped.at(20) ^= 1;
    EXPECT_EQ(turn_unwrap(recipient, wrapped).code(), code(w.at("byte_20_xor_1")));
  }
}

TEST(Conformance, Signing) {
  for (const json& v : all_of("signing", "signings")) {
    const auto algorithm = as<signature_algorithm>(v, "algorithm");
    if (!is_built(algorithm)) continue;
    EXPECT_EQ(copy(good(good(signing_key::from_seed(algorithm, hex(v, "seed"))).public_key())), hex(v, "public_key"));
    const blob pk = hex(v, "public_key");
    EXPECT_EQ(copy(good(fingerprint(algorithm, pk))), hex(v, "fingerprint"));
    for (const json& s : v.at("signatures")) {
      EXPECT_EQ(verify(algorithm, pk, hex(s, "context"), hex(s, "message"), hex(s, "signature")), status::ok);
      EXPECT_EQ(verify(algorithm, pk, std::string_view("another context"), hex(s, "message"), hex(s, "signature")), code(s.at("another_context")));
    }
    for (const json& a : v.at("artifacts")) {
      std::uint32_t kind = 0;
      for (const json& expected : a.at("verified_as_kind_1_to_4")) {
        EXPECT_EQ(verify_artifact(algorithm, pk, static_cast<artifact>(++kind), hex(a, "content"), hex(a, "signature")), code(expected));
      }
      EXPECT_EQ(kind, 4u);
    }
  }
}

TEST(Conformance, Recordings) {
  for (const json& v : file().at("recordings")) {
    const auto algorithm = as<signature_algorithm>(v, "algorithm");
    if (!is_built(algorithm)) continue;
    const auto key = good(signing_key::from_seed(algorithm, hex(v, "seed")));
    const blob pk = hex(v, "public_key"), id = hex(v, "id");
    EXPECT_EQ(copy(good(key.public_key())), pk);
    auto signer = good(recording_signer::create(key, id));
    EXPECT_EQ(copy(good(signer.state())), hex(v, "beginning"));
    const json& parts = v.at("segments");
    for (const json& part : parts) {
      const blob segment = hex(part, "segment"), entry = hex(part, "entry");
      EXPECT_EQ(signer.update(segment), status::ok);
      const blob made = copy(good(signer.entry(part.at("last").get<bool>())));
      ASSERT_EQ(made.size(), entry.size());
      const auto head = static_cast<std::ptrdiff_t>(made.size() - good(sizes(algorithm)).signature);
      EXPECT_TRUE(std::equal(made.begin(), made.begin() + head, entry.begin()));
      EXPECT_EQ(copy(good(signer.state())), hex(part, "state"));
      signer = good(recording_signer::resume(key, id, hex(part, "state")));
    }
    const auto after = [&](std::size_t accepted) {
      auto verifier = good(recording_verifier::create(algorithm, pk, id));
      for (std::size_t i = 0; i < accepted; i++) {
        EXPECT_EQ(verifier.finish(), status::incomplete);
        EXPECT_EQ(verifier.update(hex(parts.at(i), "segment")), status::ok);
        EXPECT_EQ(verifier.entry(hex(parts.at(i), "entry")), status::ok);
      }
      return verifier;
    };
    EXPECT_EQ(after(parts.size()).finish(), status::ok);
    for (const json& r : v.at("refused")) {
      auto verifier = after(number(r, "after"));
      blob entry = hex(parts.at(number(r, "entry")), "entry");
      entry.at(number(r, "byte")) ^= static_cast<std::uint8_t>(number(r, "xor"));
      entry.resize(number(r, "length"));
      EXPECT_EQ(verifier.update(hex(r, "segment")), status::ok);
      EXPECT_EQ(verifier.entry(entry), code(r.at("code"))) << r;
    }
    const json& another = v.at("another_id");
    auto verifier = good(recording_verifier::create(algorithm, pk, hex(another, "id")));
    EXPECT_EQ(verifier.update(hex(parts.at(0), "segment")), status::ok);
    EXPECT_EQ(verifier.entry(hex(parts.at(0), "entry")), code(another.at("first_entry")));
  }
}

TEST(Conformance, Sframe) {
  for (const json& v : file().at("sframe")) {
    const auto suite = as<cipher>(v, "cipher_suite");
    for (const json& k : v.at("keys")) {
      const auto kid = std::stoull(text(k, "kid"), nullptr, 16);
      const auto sender = good(sframe_sender::from_key(hex(k, "base_key"), kid, suite));
      auto receiver = good(sframe_receiver::create(suite));
      EXPECT_EQ(receiver.add_key(kid, hex(k, "base_key")), status::ok);
      for (const json& f : k.at("frames")) {
        EXPECT_EQ(seal(sender, hex(f, "metadata"), hex(f, "frame")), hex(f, "sealed"));
        const outcome o = open(receiver, hex(f, "metadata"), hex(f, "sealed"));
        EXPECT_EQ(o.code, status::ok);
        EXPECT_EQ(o.frame, hex(f, "frame"));
      }
    }
    const json& bad = v.at("rejected");
    for (const bool opened_before : {true, false}) {
      auto receiver = good(sframe_receiver::create(suite));
      EXPECT_EQ(receiver.add_key(number(bad, "kid"), hex(bad, "base_key")), status::ok);
      if (!opened_before) {
        EXPECT_EQ(open(receiver, {}, hex(bad.at("forged"), "sealed")).code, code(bad.at("forged").at("code")));
        continue;
      }
      EXPECT_EQ(open(receiver, {}, hex(bad, "opened_before")).code, status::ok);
      for (const json& f : bad.at("frames")) {
        // An empty input is a NULL pointer or not, and never a frame.
        const blob sealed = hex(f, "sealed");
        const std::uint8_t none = 0;
        EXPECT_EQ(open(receiver, {}, sealed.empty() ? bytes(&none, 0) : bytes(sealed)).code, code(f.at("code"))) << f;
      }
    }
  }
}

TEST(Conformance, Ratchet) {
  for (const json& v : file().at("ratchet")) {
    const auto suite = as<cipher>(v, "cipher_suite");
    const auto bits = as<std::uint32_t>(v, "ratchet_bits");
    const auto first = number(v.at("steps").at(0), "kid");
    auto sender = good(sframe_sender::from_key(hex(v, "base_key"), first, suite));
    EXPECT_EQ(sender.set_ratchet(bits), status::ok);
    auto receiver = good(sframe_receiver::create(suite));
    EXPECT_EQ(receiver.set_ratchet(bits, 16, 0), status::ok);
    EXPECT_EQ(receiver.add_key(first, hex(v, "base_key")), status::ok);
    for (const json& step : v.at("steps")) {
      while (good(sender.kid()) < number(step, "kid")) EXPECT_TRUE(sender.ratchet());
      EXPECT_EQ(seal(sender, {}, hex(step, "frame")), hex(step, "sealed"));
      const outcome o = open(receiver, {}, hex(step, "sealed"));
      EXPECT_EQ(o.code, status::ok);
      EXPECT_EQ(o.frame, hex(step, "frame"));
    }
  }
}

TEST(Conformance, Codecs) {
  for (const json& v : file().at("codecs")) {
    const auto c = as<codec>(v, "codec");
    const auto suite = as<cipher>(v, "cipher_suite");
    const auto sender = good(sframe_sender::from_key(hex(v, "base_key"), number(v, "kid"), suite));
    auto receiver = good(sframe_receiver::create(suite));
    EXPECT_EQ(receiver.add_key(number(v, "kid"), hex(v, "base_key")), status::ok);
    for (const json& f : v.at("frames")) {
      const blob frame = hex(f, "frame"), sealed = hex(f, "sealed");
      blob out(frame_seal_max_size(c, frame.size()));
      out.resize(good(sender.seal_frame(c, frame, out)));
      EXPECT_EQ(out, sealed) << f.at("what");
      blob altered = sealed, opened(sealed.size());
      altered.at(altered.size() / 2) ^= 1;
      EXPECT_EQ(receiver.open_frame(c, altered, opened).code(), code(f.at("middle_byte_xor_1"))) << f.at("what");
      const auto o = receiver.open_frame(c, sealed, opened);
      EXPECT_TRUE(o) << f.at("what");
      EXPECT_EQ(copy(bytes(opened).first(o ? o->size : 0)), frame) << f.at("what");
      EXPECT_EQ(receiver.open_frame(c, sealed, opened).code(), code(f.at("again"))) << f.at("what");
    }
  }
}

}  // namespace
