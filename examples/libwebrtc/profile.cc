// The signaling profile: what tests/vectors/signaling.json says is read, refused and written.  profile FILE
#include <cstdio>
#include <fstream>

#include "signaling.h"

int main(int argc, char** argv) {
  std::ifstream file(argc > 1 ? argv[1] : "");
  const auto vectors = nlohmann::json::parse(file, nullptr, false);
  int count = 0, failed = 0;
  const auto hex = [](const signaling::Bytes& data) {
    std::string text;
    for (const uint8_t byte : data) {
      char pair[3];
      std::snprintf(pair, sizeof pair, "%02x", byte);
      text += pair;
    }
    return text;
  };
  const auto of = [](const nlohmann::json& v, const char* name) { return v.value(name, std::string()); };
  const auto check = [&](const nlohmann::json& v, bool read, bool same) {
    count++;
    if (v.contains("refused") ? !read : read && same) return;
    failed++;
    std::printf("failed: signaling profile: %s\n", of(v, "name").c_str());
  };
  const auto is = [&](const nlohmann::json& v, const std::optional<signaling::Message>& m) {
    return m && m->sdp == of(v, "sdp") && hex(m->pqrtc) == of(v, "pqrtc");
  };
  if (vectors.is_discarded() || !vectors.is_object()) return std::puts("failed: signaling profile: no vectors"), 1;
  for (const auto& v : vectors["messages"]) {
    const auto m = signaling::Decode(of(v, "text"));
    check(v, m.has_value(), is(v, m) && m->type == of(v, "type") && is(v, signaling::Decode(signaling::Encode(*m))));
  }
  for (const auto& v : vectors["sdp"]) {
    const auto m = signaling::FromSdp("offer", of(v, "text"));
    check(v, m.has_value(), is(v, m));
  }
  for (const auto& v : vectors["fingerprints"]) {
    const auto f = signaling::Fingerprint(of(v, "text"));
    check(v, f.has_value(), f && hex(*f) == of(v, "fingerprint"));
  }
  for (const auto& v : vectors["writes"]) {
    signaling::Bytes pqrtc;
    const std::string digits = of(v, "pqrtc");
    for (size_t i = 0; i < digits.size(); i += 2) pqrtc.push_back(static_cast<uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    check(v, true, signaling::IntoSdp(of(v, "sdp"), pqrtc) == of(v, "text"));
  }
  if (failed == 0 && count > 50) std::printf("passed: libwebrtc: signaling profile, %d vectors\n", count);
  return failed == 0 && count > 50 ? 0 : 1;
}
