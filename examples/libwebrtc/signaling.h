// The signaling profile of docs/integrations/README.md: how the messages of a call travel beside the SDP. What is refused is no value.
#ifndef SIGNALING_H_
#define SIGNALING_H_

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signaling {

using Bytes = std::vector<uint8_t>;
constexpr size_t kMessageMax = 65535, kLineMax = 960;  // bytes, characters

// An offer or answer with its SDP, ready to be set, or of type pqrtc and one of the later messages of a call.
struct Message {
  std::string type, sdp;
  Bytes pqrtc;
};

inline std::string Base64(const Bytes& data) {
  static const char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < data.size(); i += 3) {
    const size_t n = std::min<size_t>(3, data.size() - i);
    const uint32_t group = data[i] << 16 | (n > 1 ? data[i + 1] << 8 : 0) | (n > 2 ? data[i + 2] : 0);
    for (size_t k = 0; k < 4; k++) text += k <= n ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

// Strict: the standard alphabet with its padding, in the one form that encoders write.
inline std::optional<Bytes> Unbase64(std::string_view text) {
  Bytes data;
  uint32_t group = 0;
  int bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const int value = c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52 : c == '+' ? 62 : c == '/' ? 63 : -1;
    if (value < 0) return {};
    group = group << 6 | static_cast<uint32_t>(value);
    if ((bits += 6) >= 8) data.push_back(static_cast<uint8_t>(group >> (bits -= 8)));
  }
  if (data.empty() || data.size() > kMessageMax || Base64(data) != text) return {};
  return data;
}

// The lines without what ends them.
inline std::vector<std::string_view> Lines(std::string_view sdp) {
  std::vector<std::string_view> lines;
  for (size_t at = 0, end; at <= sdp.size(); at = end + 1) {
    end = std::min(sdp.find('\n', at), sdp.size());
    const size_t length = end > at && sdp[end - 1] == '\r' && end < sdp.size() ? end - at - 1 : end - at;
    lines.push_back(sdp.substr(at, length));
  }
  return lines;
}

inline bool Begins(std::string_view line, std::string_view with) {
  return line.size() >= with.size() &&
         std::equal(with.begin(), with.end(), line.begin(), [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

constexpr std::string_view kFingerprint = "a=fingerprint:sha-256 ";

// docs:begin fingerprint
// The SHA-256 fingerprint of the DTLS certificate, which the call binds: one for the whole description.
inline std::optional<Bytes> Fingerprint(std::string_view sdp) {
  Bytes found;
  for (const std::string_view line : Lines(sdp)) {
    if (!Begins(line, kFingerprint)) continue;
    const std::string_view value = line.substr(kFingerprint.size());
    Bytes read;
    if (value.size() != 3 * 32 - 1) return {};
    for (size_t i = 0; i < value.size(); i += 3) {
      constexpr std::string_view kDigits = "0123456789ABCDEFabcdef";
      const size_t high = kDigits.find(value[i]), low = kDigits.find(value[i + 1]);
      if (high == kDigits.npos || low == kDigits.npos || (i + 2 < value.size() && value[i + 2] != ':')) return {};
      read.push_back(static_cast<uint8_t>((high < 16 ? high : high - 6) << 4 | (low < 16 ? low : low - 6)));
    }
    if (!found.empty() && found != read) return {};
    found = read;
  }
  if (found.empty()) return {};
  return found;
}

// The description to set. Only the SHA-256 fingerprint is bound, and a stack may go by another: those are taken out. Parsers do not agree on
// characters beyond printable ASCII, so that one could see a fingerprint where another sees none: refused.
inline std::optional<std::string> Clean(std::string_view sdp) {
  std::string kept;
  for (size_t at = 0, end; at < sdp.size(); at = end) {
    end = std::min(sdp.find('\n', at), sdp.size() - 1) + 1;
    const std::string_view whole = sdp.substr(at, end - at), line = Lines(whole)[0];
    if (std::any_of(line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; })) return {};
    if (Begins(line, "a=pqrtc:") || (Begins(line, "a=fingerprint") && !Begins(line, kFingerprint))) continue;
    kept += whole;
  }
  return kept;
}
// docs:end fingerprint

// docs:begin messages
inline std::string Encode(const Message& m) {
  nlohmann::json json = {{"type", m.type}, {"pqrtc", Base64(m.pqrtc)}};
  if (!m.sdp.empty()) json["sdp"] = m.sdp;
  return json.dump();
}

inline std::optional<Message> Decode(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);  // no exceptions
  const auto member = [&](const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Message m{member("type"), {}, {}};
  if (m.type == "offer" || m.type == "answer") {
    const auto sdp = Clean(member("sdp"));
    if (!sdp || sdp->empty()) return {};
    m.sdp = *sdp;
  } else if (m.type != "pqrtc") {
    return {};
  }
  const auto pqrtc = Unbase64(member("pqrtc"));  // without it the call does not go on
  if (!pqrtc) return {};
  m.pqrtc = *pqrtc;
  return m;
}
// docs:end messages

// For signaling that carries SDP alone: a=pqrtc:1/n, a=pqrtc:2/n ..., at session level, where peers ignore what they do not know.
inline std::string IntoSdp(const std::string& sdp, const Bytes& pqrtc) {
  const std::string text = Base64(pqrtc);
  const size_t n = (text.size() + kLineMax - 1) / kLineMax;
  std::string parts;
  for (size_t i = 0; i < n; i++) {
    parts += "a=pqrtc:" + std::to_string(i + 1) + "/" + std::to_string(n) + " " + text.substr(i * kLineMax, kLineMax) + "\r\n";
  }
  const size_t media = ("\n" + sdp).find("\nm=");
  return std::string(sdp).insert(std::min(media, sdp.size()), parts);
}

inline std::optional<Message> FromSdp(const std::string& type, const std::string& sdp) {
  constexpr std::string_view kLine = "a=pqrtc:";
  std::vector<std::string_view> parts;
  bool media = false;
  for (const std::string_view line : Lines(sdp)) {
    media = media || line.substr(0, 2) == "m=";
    if (line.substr(0, kLine.size()) != kLine) continue;
    if (media) return {};
    parts.push_back(line);
  }
  std::string text;
  for (size_t i = 0; i < parts.size(); i++) {
    const std::string begin = std::string(kLine) + std::to_string(i + 1) + "/" + std::to_string(parts.size()) + " ";
    if (parts[i].substr(0, begin.size()) != begin || parts[i].size() == begin.size() || parts[i].size() > begin.size() + kLineMax) return {};
    text += parts[i].substr(begin.size());
  }
  const auto pqrtc = Unbase64(text);
  const auto clean = Clean(sdp);
  if (!pqrtc || !clean) return {};
  return Message{type, *clean, *pqrtc};
}

}  // namespace signaling

#endif  // SIGNALING_H_
