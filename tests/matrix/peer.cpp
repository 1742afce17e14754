// One side of a conversation, in C++: a filter that reads a command a line and answers a line. tests/matrix/README.md has the commands.
// Fields are separated by a space; binary is lower-case hex, "-" when empty; numbers are decimal. A failure answers `error <code>`.
#include <pqrtc.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using pqrtc::status;
using blob = std::vector<std::uint8_t>;

struct answer {
  status code;
  std::string text = "ok";
};

std::string hex(pqrtc::bytes b) {
  static const char digits[] = "0123456789abcdef";
  std::string s;
  for (std::uint8_t x : b) s += {digits[x >> 4], digits[x & 15]};
  return s.empty() ? "-" : s;
}

bool unhex(const std::string& s, blob& out) {
  if (s == "-") return true;
  if (s.size() % 2 != 0 || s.find_first_not_of("0123456789abcdef") != std::string::npos) return false;
  for (std::size_t i = 0; i < s.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoul(s.substr(i, 2), nullptr, 16)));
  return true;
}

// A command's fields, each as text, number and bytes.
struct fields {
  std::vector<std::string> text;
  std::vector<blob> binary;
  std::uint64_t n(std::size_t i) const { return std::stoull(text[i]); }
  template <class E>
  E as(std::size_t i) const { return static_cast<E>(static_cast<std::uint32_t>(n(i))); }
  const blob& b(std::size_t i) const { return binary[i]; }
};

template <class T>
answer show(const pqrtc::result<T>& r) { return r ? answer{status::ok, hex(*r)} : answer{r.code()}; }

answer show(const pqrtc::result<std::size_t>& written, const blob& out) {
  return written ? answer{status::ok, hex(pqrtc::bytes(out).first(*written))} : answer{written.code()};
}

// Keeps the owner that a factory made.
template <class T>
status keep(T& where, pqrtc::result<T> made) {
  where = T();
  if (made) where = *std::move(made);
  return made.code();
}

// `u32 length || bytes`, one after another, apart.
std::vector<pqrtc::bytes> apart(pqrtc::bytes list) {
  std::vector<pqrtc::bytes> items;
  while (list.size() >= 4) {
    std::size_t n = 0;
    for (std::uint8_t b : list.first(4)) n = n << 8 | b;
    n = std::min(n, list.size() - 4);
    items.push_back(list.subspan(4, n));
    list = list.subspan(4 + n, list.size() - 4 - n);
  }
  return items;
}

class peer {
 public:
  answer obey(const std::string& line) {
    std::istringstream in(line);
    std::string name, field;
    fields f;
    std::getline(in, name, ' ');
    while (std::getline(in, field, ' ')) f.text.push_back(field);
    const auto found = commands_.find(name);
    if (found == commands_.end() || found->second.kinds.size() != f.text.size()) return {status::invalid_argument};
    for (std::size_t i = 0; i < f.text.size(); i++) {
      f.binary.emplace_back();
      if (found->second.kinds[i] == 'b' && !unhex(f.text[i], f.binary[i])) return {status::invalid_argument};
      if (found->second.kinds[i] == 'n' && (f.text[i].empty() || f.text[i].find_first_not_of("0123456789") != std::string::npos)) return {status::invalid_argument};
    }
    return found->second.run(f);
  }

 private:
  struct command {
    std::string kinds;  // b for binary, n for a number
    std::function<answer(const fields&)> run;
  };

  void new_session(pqrtc::session s) {
    sender_ = {};
    receiver_ = {};
    session_ = std::move(s);
  }

  pqrtc::hybrid_keypair keypair_;
  pqrtc::session session_;
  pqrtc::kem_keypair kem_;
  pqrtc::signing_key signer_;
  pqrtc::sframe_sender sender_;
  pqrtc::sframe_receiver receiver_;
  pqrtc::cipher receiver_cipher_{};
  pqrtc::call call_;
  pqrtc::meeting_card card_;
  pqrtc::meeting meeting_;

  const std::map<std::string, command> commands_ = {
      {"keypair", {"nb", [this](const fields& f) {
         const status s = keep(keypair_, pqrtc::hybrid_keypair::from_seed(f.as<pqrtc::suite>(0), f.b(1)));
         return s == status::ok ? show(keypair_.bundle()) : answer{s};
       }}},
      {"respond", {"b", [this](const fields& f) {
         auto made = keypair_.respond(f.b(0));
         if (!made) return answer{made.code()};
         new_session(*std::move(made));
         return answer{status::ok};
       }}},
      {"initiate", {"nb", [this](const fields& f) {
         auto made = pqrtc::initiate(f.as<pqrtc::suite>(0), f.b(1));
         if (!made) return answer{made.code()};
         new_session(std::move(made->session));
         return answer{status::ok, hex(made->exchange)};
       }}},
      {"export", {"bbn", [this](const fields& f) {
         const std::string label(f.b(0).begin(), f.b(0).end());
         if (f.n(2) > 1 << 20) return answer{status::invalid_length};
         blob out(f.n(2));
         const status s = session_.export_key(label, f.b(1), out);
         return s == status::ok ? answer{s, hex(out)} : answer{s};
       }}},
      {"srtp", {"n", [this](const fields& f) {
         const auto keys = session_.srtp_keys(f.as<pqrtc::srtp_profile>(0));
         return keys ? answer{status::ok, hex(keys->all())} : answer{keys.code()};
       }}},
      {"basekey", {"nn", [this](const fields& f) { return show(session_.sframe_base_key(f.as<pqrtc::role>(0), f.n(1))); }}},
      {"kem", {"nb", [this](const fields& f) {
         const status s = keep(kem_, pqrtc::kem_keypair::from_seed(f.as<pqrtc::kem_algorithm>(0), f.b(1)));
         return s == status::ok ? show(kem_.public_key()) : answer{s};
       }}},
      {"encapsulate", {"nb", [](const fields& f) {
         const auto made = pqrtc::kem_encapsulate(f.as<pqrtc::kem_algorithm>(0), f.b(1));
         return made ? answer{status::ok, hex(made->ciphertext) + hex(made->secret)} : answer{made.code()};
       }}},
      {"decapsulate", {"b", [this](const fields& f) { return show(kem_.decapsulate(f.b(0))); }}},
      {"key", {"", [this](const fields&) { return show(session_.key()); }}},
      {"receiverkey", {"nnb", [this](const fields& f) {
         const status s = keep(receiver_, pqrtc::sframe_receiver::create(receiver_cipher_ = f.as<pqrtc::cipher>(0)));
         return answer{s == status::ok ? receiver_.add_key(f.n(1), f.b(2)) : s};
       }}},
      {"wrap", {"nbb", [](const fields& f) { return show(pqrtc::turn_wrap(f.as<pqrtc::kem_algorithm>(0), f.b(1), f.b(2))); }}},
      {"unwrap", {"b", [this](const fields& f) { return show(pqrtc::turn_unwrap(kem_, f.b(0))); }}},
      {"signer", {"nb", [this](const fields& f) {
         const status s = keep(signer_, pqrtc::signing_key::from_seed(f.as<pqrtc::signature_algorithm>(0), f.b(1)));
         return s == status::ok ? show(signer_.public_key()) : answer{s};
       }}},
      {"sign", {"nb", [this](const fields& f) { return show(signer_.sign_artifact(f.as<pqrtc::artifact>(0), f.b(1))); }}},
      {"verify", {"nbnbb", [](const fields& f) {
         return answer{pqrtc::verify_artifact(f.as<pqrtc::signature_algorithm>(0), f.b(1), f.as<pqrtc::artifact>(2), f.b(3), f.b(4))};
       }}},
      {"signctx", {"bb", [this](const fields& f) { return show(signer_.sign(f.b(0), f.b(1))); }}},
      {"verifyctx", {"nbbbb", [](const fields& f) {
         return answer{pqrtc::verify(f.as<pqrtc::signature_algorithm>(0), f.b(1), f.b(2), f.b(3), f.b(4))};
       }}},
      {"sender", {"nn", [this](const fields& f) {
         return answer{keep(sender_, pqrtc::sframe_sender::from_session(session_, f.n(0), f.as<pqrtc::cipher>(1)))};
       }}},
      {"receiver", {"nn", [this](const fields& f) {
         const auto cipher = f.as<pqrtc::cipher>(0);
         if (!receiver_ || receiver_cipher_ != cipher) {
           const status s = keep(receiver_, pqrtc::sframe_receiver::create(receiver_cipher_ = cipher));
           if (s != status::ok) return answer{s};
         }
         return answer{receiver_.add_session(session_, f.n(1))};
       }}},
      {"seal", {"bb", [this](const fields& f) {
         blob out(f.b(1).size() + PQRTC_SFRAME_MAX_OVERHEAD_BYTES);
         return show(sender_.seal(f.b(0), f.b(1), out), out);
       }}},
      {"open", {"bb", [this](const fields& f) {
         blob out(f.b(1).size() + 1);
         const auto opened = receiver_.open(f.b(0), f.b(1), out);
         return opened ? show(opened->size, out) : answer{opened.code()};
       }}},
      {"fseal", {"nbb", [this](const fields& f) {
         blob out(pqrtc::frame_seal_max_size(f.as<pqrtc::codec>(0), f.b(2).size()));
         return show(sender_.seal_frame(f.as<pqrtc::codec>(0), f.b(2), out, f.b(1)), out);
       }}},
      {"fopen", {"nbb", [this](const fields& f) {
         blob out(pqrtc::frame_open_max_size(f.as<pqrtc::codec>(0), f.b(2).size()));
         const auto opened = receiver_.open_frame(f.as<pqrtc::codec>(0), f.b(2), out, f.b(1));
         return opened ? show(opened->size, out) : answer{opened.code()};
       }}},
      {"sseal", {"bb", [this](const fields& f) { return show(session_.seal(f.b(0), f.b(1))); }}},
      {"sopen", {"bb", [this](const fields& f) { return show(session_.open(f.b(0), f.b(1))); }}},
      {"fingerprint", {"nb", [](const fields& f) { return show(pqrtc::fingerprint(f.as<pqrtc::signature_algorithm>(0), f.b(1))); }}},
      {"call", {"nbb", [this](const fields& f) {
         auto policy = pqrtc::policy::create(f.as<pqrtc::profile>(0));
         const status s = policy ? policy->set(pqrtc::policy_option::pin, f.b(1)) : policy.code();
         return answer{s == status::ok ? keep(call_, pqrtc::call::create(&signer_, *policy, f.b(2))) : s};
       }}},
      {"offer", {"", [this](const fields&) { return show(call_.offer()); }}},
      {"receive", {"bb", [this](const fields& f) { return show(call_.receive(f.b(1), f.b(0))); }}},
      {"sas", {"", [this](const fields&) { return show(call_.sas()); }}},
      {"callsession", {"", [this](const fields&) {
         auto made = call_.session();
         if (!made) return answer{made.code()};
         new_session(*std::move(made));
         return answer{status::ok};
       }}},
      {"callsender", {"nn", [this](const fields& f) { return answer{keep(sender_, call_.sender(f.n(0), f.as<pqrtc::cipher>(1)))}; }}},
      {"callreceiver", {"n", [this](const fields& f) {
         receiver_cipher_ = {};
         return answer{keep(receiver_, call_.receiver(f.as<pqrtc::cipher>(0)))};
       }}},
      {"card", {"n", [this](const fields& f) {
         const status s = keep(card_, pqrtc::meeting_card::create(signer_, f.n(0)));
         return s == status::ok ? show(card_.encoded()) : answer{s};
       }}},
      {"create", {"n", [this](const fields& f) { return answer{keep(meeting_, pqrtc::meeting::create(signer_, card_, f.n(0)))}; }}},
      {"join", {"bbbbn", [this](const fields& f) {
         return answer{keep(meeting_, pqrtc::meeting::join(signer_, card_, f.b(0), f.b(1), f.b(2), apart(f.b(3)), f.n(4)))};
       }}},
      {"commit", {"bbn", [this](const fields& f) {
         const std::vector<std::uint32_t> indexes(f.b(1).begin(), f.b(1).end());
         return show(meeting_.commit(apart(f.b(0)), indexes, f.n(2) != 0));
       }}},
      {"outgoing", {"n", [this](const fields& f) {
         const auto found = meeting_.outgoing();
         if (!found || f.n(0) >= found->size()) return answer{found ? status::invalid_argument : found.code()};
         const auto& one = (*found)[f.n(0)];
         blob out = {static_cast<std::uint8_t>(one.kind), static_cast<std::uint8_t>(one.index)};
         out.insert(out.end(), one.data.begin(), one.data.end());
         return answer{status::ok, hex(out)};
       }}},
      {"accepted", {"", [this](const fields&) { return answer{meeting_.accepted()}; }}},
      {"take", {"bbbn", [this](const fields& f) { return answer{meeting_.receive(f.b(0), f.b(1), apart(f.b(2)), f.n(3))}; }}},
      {"roster", {"", [this](const fields&) { return show(meeting_.roster()); }}},
      {"code", {"", [this](const fields&) { return show(meeting_.code()); }}},
      {"meetsender", {"nn", [this](const fields& f) { return answer{keep(sender_, meeting_.sender(f.n(0), f.as<pqrtc::cipher>(1)))}; }}},
      {"meetreceiver", {"n", [this](const fields& f) {
         receiver_cipher_ = {};
         return answer{keep(receiver_, meeting_.receiver(f.as<pqrtc::cipher>(0)))};
       }}},
  };
};

}  // namespace

int main() {
  peer p;
  std::string line;
  while (std::getline(std::cin, line) && line != "quit") {
    const answer a = p.obey(line);
    if (a.code == status::ok) {
      std::cout << a.text << std::endl;
    } else {
      std::cout << "error " << static_cast<std::uint32_t>(a.code) << std::endl;
    }
  }
}
