// One end of a call as a process, for a peer of any stack: messages of the signaling profile are lines of its input and output.
//
//     peer --role offerer|answerer --identity KEY.pem --pin FINGERPRINT [--codec VP8] [--rekeys 1]
//
// The offerer changes the keys in mid-call. When enough frames have been opened under the last ones a line {"type": "report", ...} says so; the
// call goes on until {"type": "bye"} or the end of the input. A message that is refused ends it: {"type": "error", ...}, exit code 1.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "peer.h"
#include "rtc_base/logging.h"
#include "rtc_base/ssl_adapter.h"

namespace {

constexpr uint64_t kEach = 60, kLast = 30, kAll = 100;  // frames: before a change of keys, after the last one, in all

std::string Hex(const uint8_t* data, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; i++) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", data[i]);
    text += pair;
  }
  return text;
}

void Say(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  std::cout << line << std::endl;
}

// Ends the process as it is: this libwebrtc has an assertion that a failed DTLS handshake, at either end, trips when the connection is destroyed.
[[noreturn]] void End(int code) { std::_Exit(code); }

[[noreturn]] void Fail(pqrtc::status s) {
  Say(nlohmann::json{{"type", "error"}, {"code", static_cast<uint32_t>(s)}, {"text", pqrtc::to_string(s)}}.dump());
  End(1);
}

// Video alone is counted: not every stack sends audio.
void Watch(Peer& peer, bool offerer, uint32_t rekeys, const std::atomic<bool>& over) {
  uint32_t begun = 0;
  for (; !over; std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
    const auto info = peer.keys().call->info();
    const auto key = peer.keys().call->sframe_key(pqrtc::direction::receiving, 0);
    const auto all = peer.keys().receiver->stats();
    if (!info || !key || !all || info->may_send == 0) continue;
    const auto newest = peer.keys().receiver->key_stats(key->kid);
    if (!newest) continue;
    if (offerer && info->epoch == begun && begun < rekeys && newest->opened >= kEach) {
      begun++;
      if (const auto offer = peer.Rekey(); offer) Say(*offer);
    }
    if (info->epoch < rekeys || newest->opened < kLast || all->opened < kAll) continue;
    const auto sas = peer.keys().call->sas();
    Say(nlohmann::json{{"type", "report"},
                       {"state", info->state == PQRTC_CALL_CONFIRMED ? "confirmed" : "done"},
                       {"epoch", info->epoch},
                       {"sas", std::string(sas->begin(), sas->end())},
                       {"peer", Hex(info->peer_fingerprint, sizeof info->peer_fingerprint)},
                       {"opened", all->opened},
                       {"refused", all->malformed + all->unknown_key_id + all->replayed + all->decryption_failed}}
            .dump());
    return;
  }
}

[[noreturn]] void Run(std::map<std::string, std::string>& options) {
  std::ifstream file(options["--identity"]);
  const std::string pem((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto me = pqrtc::signing_key::import_file(pqrtc::bytes(reinterpret_cast<const uint8_t*>(pem.data()), pem.size()));
  if (!me) Fail(me.code());
  signaling::Bytes pin;
  for (size_t i = 0; i + 1 < options["--pin"].size(); i += 2) pin.push_back(static_cast<uint8_t>(std::stoi(options["--pin"].substr(i, 2), nullptr, 16)));

  Peer::Options how;
  how.me = &*me;
  how.pin = pin;
  Peer peer(how);
  const bool offerer = options["--role"] == "offerer";
  if (offerer) {
    const auto offer = peer.Offer();
    if (!offer) Fail(offer.code());
    Say(*offer);
  }
  std::atomic<bool> over{false};
  std::thread watch([&] { Watch(peer, offerer, static_cast<uint32_t>(std::stoi(options["--rekeys"])), over); });
  for (std::string line; std::getline(std::cin, line);) {
    if (nlohmann::json::parse(line, nullptr, false) == nlohmann::json{{"type", "bye"}}) break;
    const auto reply = peer.Receive(line);
    if (!reply) Fail(reply.code());
    if (!reply->empty()) Say(*reply);
  }
  over = true;
  watch.join();
  End(0);
}

}  // namespace

int main(int argc, char** argv) {
  rtc::LogMessage::LogToDebug(rtc::LS_NONE);
  rtc::InitializeSSL();
  std::map<std::string, std::string> options{{"--rekeys", "1"}};
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  Run(options);
}
