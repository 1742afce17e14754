// Calls between two libwebrtc peers with pqrtc on their frames: the good case, every way in which the keys may be missing or wrong, a bad
// network, and hostile signaling. One line for each thing that must hold; `call figures` measures instead.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <set>

#include "api/scoped_refptr.h"
#include "call.h"
#include "rtc_base/logging.h"
#include "rtc_base/ssl_adapter.h"

namespace {

using How = Peer::How;
using std::chrono::milliseconds;
using std::chrono::steady_clock;


// Until it holds, for half a minute at most.
template <class Condition>
bool Until(Condition holds) {
  for (int i = 0; i < 3000; i++) {
    if (holds()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}
bool MorePictures(Peer& peer, int n = 30) {
  const int target = peer.seen().right + n;
  return Until([&] { return peer.seen().right >= target; });
}
pqrtc::sframe_stats Stats(Peer& peer) {
  const auto stats = peer.keys().receiver->stats();
  return stats ? *stats : pqrtc::sframe_stats{};
}
uint64_t Refused(Peer& peer) {
  const auto s = Stats(peer);
  return s.malformed + s.unknown_key_id + s.replayed + s.decryption_failed;
}

int passed = 0, failed = 0;
void Check(Call& call, bool ok, const char* what) {
  std::printf("%s: libwebrtc: %s\n", ok ? "passed" : "failed", what);
  for (Peer* peer : {&call.a, &call.b}) {
    if (ok) break;
    const auto s = Stats(*peer);
    std::printf("    %c: pictures %d, right %d, tone %d ms; opened %llu, malformed %llu, unknown %llu, replayed %llu, forged %llu\n",
                peer == &call.a ? 'a' : 'b', peer->seen().frames.load(), peer->seen().right.load(), peer->seen().tone_ms.load(),
                static_cast<unsigned long long>(s.opened), static_cast<unsigned long long>(s.malformed),
                static_cast<unsigned long long>(s.unknown_key_id), static_cast<unsigned long long>(s.replayed),
                static_cast<unsigned long long>(s.decryption_failed));
  }
  std::fflush(stdout);
  (ok ? passed : failed)++;
}

// Looks for what was in the frames in what is sent: sixteen bytes from the middle of each frame.
class Wire {
 public:
  void Frame(rtc::ArrayView<const uint8_t> frame) {
    if (frame.size() < 42) return;
    Sample sample;
    std::memcpy(sample.data(), frame.data() + frame.size() / 2, sample.size());
    webrtc::MutexLock lock(&mutex_);
    samples_.insert(sample);
  }
  void Packet(int peer, const Network::Packet& packet) {
    webrtc::MutexLock lock(&mutex_);
    packets_[peer]++;
    Sample sample;
    for (size_t i = 0; i + sample.size() <= packet.size(); i++) {
      std::memcpy(sample.data(), packet.data() + i, sample.size());
      if (samples_.count(sample) != 0) clear_++;
    }
  }
  Network::Watch watch() { return [this](int peer, const Network::Packet& packet) { Packet(peer, packet); }; }
  int packets(int peer) { webrtc::MutexLock lock(&mutex_); return packets_[peer]; }
  int clear() { webrtc::MutexLock lock(&mutex_); return clear_; }
  size_t samples() { webrtc::MutexLock lock(&mutex_); return samples_.size(); }

 private:
  using Sample = std::array<uint8_t, 16>;
  webrtc::Mutex mutex_;
  std::set<Sample> samples_;
  int packets_[2] = {}, clear_ = 0;
};

Peer::Options Plain(How how = How::kEncryptor, bool attach = true) {
  Peer::Options options;
  options.how = how;
  options.attach = attach;
  options.dtls = false;  // so that the wire shows what pqrtc does, not what DTLS-SRTP does
  return options;
}

// Changes the keys three times, a second apart, on the wish of either side; true if each second brought pictures to both.
bool Rotate(Call& call) {
  bool fine = true;
  for (uint32_t epoch = 1; epoch <= 3; epoch++) {
    const int a = call.a.seen().right, b = call.b.seen().right;
    fine &= call.Rekey(epoch % 2 == 0 ? call.a : call.b) == pqrtc::status::ok;
    std::this_thread::sleep_for(milliseconds(1000));
    fine &= call.a.seen().right > a && call.b.seen().right > b;
    for (Peer* peer : {&call.a, &call.b}) {
      const auto info = peer->keys().call->info();
      const auto stats = peer->keys().video->stats();
      fine &= info && info->epoch == epoch && stats && (stats->kid & 3) == epoch;
    }
  }
  return fine;
}
// Frames that came under a key that was not there yet, or not there any more. The offerer may send before the first finish has arrived.
uint64_t WithoutKey(Call& call) { return Stats(call.a).unknown_key_id + Stats(call.b).unknown_key_id; }
bool RotateWithoutLoss(Call& call) {
  const uint64_t before = WithoutKey(call);
  return Rotate(call) && WithoutKey(call) == before;
}
bool NoneRefused(Call& call) { return Refused(call.a) == 0 && Refused(call.b) == 0; }

void Encryptor() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  call.b.WatchFrames([&](auto frame) { wire.Frame(frame); });
  Check(call, call.Join() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b), "encryptor: pictures both ways");
  Check(call, Until([&] { return call.a.seen().tone_ms > 1000 && call.b.seen().tone_ms > 1000; }), "encryptor: sound both ways");
  Check(call, *call.a.keys().call->sas() == *call.b.keys().call->sas(), "encryptor: both have one code");
  Check(call, Rotate(call) && NoneRefused(call), "encryptor: keys changed three times, no second lost, no frame refused");
  Check(call, Stats(call.a).opened > 100, "encryptor: every frame that came was sealed");
  Check(call, wire.samples() > 100 && wire.packets(0) > 100 && wire.packets(1) > 100 && wire.clear() == 0, "encryptor: nothing in clear on the wire");
}

void Transformer() {
  Peer::Options options;  // over DTLS-SRTP, as in a real call
  options.how = How::kTransformer;
  Call call(options, options);
  Check(call, call.Join() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b), "transformer: pictures both ways");
  Check(call, Until([&] { return call.a.seen().tone_ms > 1000 && call.b.seen().tone_ms > 1000; }), "transformer: sound both ways");
  Check(call, Rotate(call) && NoneRefused(call), "transformer: keys changed three times, no second lost, no frame refused");
}

// The other codecs, through their packetizers.
void Codec(const char* name, pqrtc::codec codec) {
  Peer::Options options = Plain();
  options.video = name;
  options.codec = codec;
  Wire wire;
  Call call(options, options, wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  const std::string text = std::string(name) + ": pictures both ways, no frame refused, nothing in clear on the wire";
  const bool shown = call.Join() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b);
  Check(call, shown && Refused(call.a) == 0 && Refused(call.b) == 0 && wire.samples() > 30 && wire.clear() == 0, text.c_str());
}

// The check above could not fail if the wire were not seen: without pqrtc, the frames are there to be found.
void WireIsSeen() {
  Wire wire;
  Call call(Plain(How::kUnprotected), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  const bool joined = call.Join() == pqrtc::status::ok;
  Check(call, joined && Until([&] { return wire.clear() > 100; }), "without pqrtc: the frames are found on the wire");
  Check(call, call.b.seen().frames == 0 && call.b.seen().tone_ms == 0, "without pqrtc: a peer that expects sealed frames decodes nothing");
}

void NoDecryptor() {
  Wire wire;
  Call call(Plain(How::kEncryptor, false), Plain(), wire.watch());
  const bool joined = call.Join() == pqrtc::status::ok;
  Check(call, joined && Until([&] { return wire.packets(1) > 200; }) && call.a.seen().frames == 0 && call.a.seen().tone_ms == 0,
        "no decryptor: nothing is decoded");
}

// Someone with libwebrtc as it comes. The clear prefix lets a decoder begin; what it makes of the rest is not what was sent.
void NoPqrtc() {
  Wire wire;
  Call call(Plain(), Plain(How::kUnprotected, false), wire.watch());
  const bool joined = call.Join() == pqrtc::status::ok;
  Check(call, joined && Until([&] { return wire.packets(0) > 300; }) && call.b.seen().right == 0 && call.b.seen().tone_ms == 0,
        "a peer without pqrtc: not one picture and no sound of ours");
}

// The finish never comes: a knows b, but not the other way round.
void NoKey() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  const bool ready = call.Join([](int number, std::string& text) { if (number == 2) text.clear(); }) == pqrtc::status::ok;
  Check(call, ready && Until([&] { return Stats(call.b).unknown_key_id > 100; }),
        "no key: frames arrive and are counted as such");
  Check(call, call.b.seen().frames == 0 && call.b.seen().tone_ms == 0, "no key: nothing is decoded");
  Check(call, wire.packets(0) > 100 && wire.packets(1) == 0, "no key: nothing is sent");
}

// What somebody else would hold under the same key IDs.
void WrongKey() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  auto other = pqrtc::sframe_receiver::create(CallKeys::kCipher);
  std::array<uint8_t, 32> key{};
  bool ready = other.ok() && pqrtc::random(key) == pqrtc::status::ok;
  for (const uint64_t kid : {0, 8}) ready &= other->add_key(kid, key) == pqrtc::status::ok;
  call.b.keys().receiver = std::make_shared<const pqrtc::sframe_receiver>(*std::move(other));
  ready &= call.Join() == pqrtc::status::ok;
  Check(call, ready && Until([&] { return Stats(call.b).decryption_failed > 100 && wire.samples() > 100; }) && call.b.seen().frames == 0 &&
            call.b.seen().tone_ms == 0 && wire.clear() == 0,
        "wrong key: authentication failures, nothing decoded, nothing in clear");
}

// What the operator of the signaling server can do: each is refused with a status, by a peer that has sent nothing.
void RefusedBy(Call& call, Peer& peer, Wire& wire, const char* name, pqrtc::status got, pqrtc::status expected) {
  const std::string text = std::string("hostile signaling: ") + name + ": " + pqrtc::to_string(got);
  Check(call, got == expected && !peer.keys().MaySend() && wire.packets(&peer == &call.a ? 0 : 1) == 0, text.c_str());
}

std::string Altered(const std::string& text, const std::function<void(signaling::Message&)>& change) {
  auto message = *signaling::Decode(text);
  change(message);
  return signaling::Encode(message);
}
void Flip(signaling::Message& m) { m.pqrtc.back() ^= 1; }
void OtherCertificate(signaling::Message& m) {
  for (size_t at = 0; (at = m.sdp.find(signaling::kFingerprint, at)) != m.sdp.npos;) {
    char& digit = m.sdp[at += signaling::kFingerprint.size()];
    digit = digit == '0' ? '1' : '0';
  }
}
void Strip(std::string& text) { text.replace(text.find("\"pqrtc\""), 7, "\"other\""); }

void HostileSignaling() {
  struct Case {
    const char* name;
    int number;  // of the message; an odd one comes to a, and another to b
    std::function<void(std::string&)> change;
    pqrtc::status status;
    int refused_at;  // the message
  };
  const auto alter = [](void (*change)(signaling::Message&)) { return [change](std::string& text) { text = Altered(text, change); }; };
  const Case cases[] = {
      {"the offer without pqrtc", 0, Strip, pqrtc::status::malformed_message, 0},
      {"the answer without pqrtc", 1, Strip, pqrtc::status::malformed_message, 1},
      {"the answer altered", 1, alter(Flip), pqrtc::status::handshake_failed, 1},
      {"the finish altered", 2, alter(Flip), pqrtc::status::handshake_failed, 2},
      {"another certificate in the offer", 0, alter(OtherCertificate), pqrtc::status::binding_mismatch, 2},
      {"another certificate in the answer", 1, alter(OtherCertificate), pqrtc::status::binding_mismatch, 1},
  };
  for (const Case& c : cases) {
    Wire wire;
    Call call({}, {}, wire.watch());
    // A DTLS handshake that fails trips an assertion of this libwebrtc when the connection is destroyed: here it does not begin.
    call.tell_candidates = c.status != pqrtc::status::binding_mismatch;
    const auto got = call.Join([&](int number, std::string& text) { if (number == c.number) c.change(text); });
    RefusedBy(call, c.refused_at == 1 ? call.a : call.b, wire, c.name, got, c.status);
  }
}

void ManInTheMiddle() {
  const auto call_of_mallory = [](const std::string& sdp) {
    auto policy = *pqrtc::policy::create(pqrtc::profile::standard);
    (void)policy.set(pqrtc::policy_option::any_peer);
    return *pqrtc::call::create(&Call::mallory.key, policy, *signaling::Fingerprint(sdp));
  };
  Wire wire;
  {
    Call call({}, {}, wire.watch());
    const auto offer = *signaling::Decode(*call.a.Offer());
    const std::string sdp = call.b.AnswerTo(offer.sdp);
    const auto answer = call_of_mallory(sdp).receive(offer.pqrtc, *signaling::Fingerprint(offer.sdp));
    RefusedBy(call, call.a, wire, "an answer of a man in the middle", call.a.Receive(signaling::Encode({"answer", sdp, *answer})).code(), pqrtc::status::peer_rejected);
  }
  {
    Call call({}, {}, wire.watch());
    const std::string sdp = call.a.CreateOffer();
    auto mallory = call_of_mallory(sdp);
    const auto answer = *signaling::Decode(*call.b.Receive(signaling::Encode({"offer", sdp, *mallory.offer()})));
    const auto finish = mallory.receive(answer.pqrtc, *signaling::Fingerprint(answer.sdp));
    RefusedBy(call, call.b, wire, "an offer of a man in the middle", call.b.Receive(signaling::Encode({"pqrtc", "", *finish})).code(), pqrtc::status::peer_rejected);
  }
  // The true answer after an altered one still makes the call.
  Call call(Plain(), Plain());
  std::string answer;
  const bool refused = call.Join([&](int number, std::string& text) {
    if (number == 1) text = Altered(answer = text, Flip);
  }) == pqrtc::status::handshake_failed;
  const auto honest = [](int, std::string&) {};
  Check(call, refused && call.Carry(answer, call.a, call.b, honest, 1) == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b),
        "hostile signaling: the true answer afterwards makes the call");
}

void BadNetwork() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  call.network.lost = 50, call.network.late = 100, call.network.repeated = 50;
  Check(call, call.Join() == pqrtc::status::ok && MorePictures(call.a, 60) && MorePictures(call.b, 60),
        "5 % lost, 10 % reordered, 5 % repeated: the call goes on");
  Check(call, Stats(call.a).decryption_failed == 0 && Stats(call.b).decryption_failed == 0, "bad network: no good frame is taken for a forged one");
  Check(call, RotateWithoutLoss(call), "bad network: keys changed three times, no frame lost for it");
  const uint64_t opened = Stats(call.b).opened;
  call.network.forged = 800;
  const bool refused = Until([&] { return Stats(call.b).decryption_failed > 50; });
  call.network.forged = 0;
  Check(call, refused && call.network.packets_forged > 50, "a burst of forged frames: each is refused");
  Check(call, MorePictures(call.a) && MorePictures(call.b) && Stats(call.b).opened > opened, "a burst of forged frames: the call goes on");
  Check(call, wire.clear() == 0 && wire.samples() > 100, "bad network: nothing in clear on the wire");
}

void RekeyOfHighDefinition() {
  Peer::Options options;
  options.width = 1280, options.height = 720;
  Call call(options, options);
  call.network.lost = 50;
  const bool shown = call.Join() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b);
  Check(call, shown && RotateWithoutLoss(call) && call.network.media_packets > 300, "720p30 with 5 % lost: keys changed three times, no frame lost for it");
}

void Rejoin() {
  const std::array<uint8_t, 60> frame{};
  signaling::Bytes recorded(pqrtc::frame_seal_max_size(pqrtc::codec::opus, frame.size())), opened(recorded.size());
  {
    Call first(Plain(), Plain());
    Check(first, first.Join() == pqrtc::status::ok && MorePictures(first.b), "rejoin: the first call");
    const auto n = first.a.keys().audio->seal_frame(pqrtc::codec::opus, frame, recorded);
    recorded.resize(n ? *n : 0);
  }
  Call second(Plain(), Plain());
  Check(second, second.Join() == pqrtc::status::ok && MorePictures(second.a) && MorePictures(second.b), "rejoin: the call after a restart");
  // Its counter may have been seen by now, which is looked at first.
  const auto verdict = second.b.keys().receiver->open_frame(pqrtc::codec::opus, recorded, opened).code();
  Check(second, verdict == pqrtc::status::decryption_failed || verdict == pqrtc::status::replayed_frame,
        "rejoin: a frame of the first call is refused in the second");
}

// ---- Figures ----

double JoinMs(bool with) {
  Peer::Options options;
  options.how = with ? How::kEncryptor : How::kUnprotected;
  options.attach = with;
  Call call(options, options);
  const auto start = steady_clock::now();
  if (!with) call.JoinPlain();
  if ((with && call.Join() != pqrtc::status::ok) || !Until([&] { return call.a.seen().right > 0 && call.b.seen().right > 0; })) std::puts("no call");
  return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

void Figures() {
  std::vector<double> with, without;
  for (int i = 0; i < 20; i++) {
    without.push_back(JoinMs(false));
    with.push_back(JoinMs(true));
  }
  for (auto* v : {&with, &without}) std::sort(v->begin(), v->end());
  std::printf("figure libwebrtc join-until-the-first-picture,-median-of-20,-without %.1f ms\n", without[10]);
  std::printf("figure libwebrtc join-until-the-first-picture,-median-of-20,-with %.1f ms\n", with[10]);

  Peer::Options options;
  options.width = 1280, options.height = 720;
  Call call(options, options);
  if (call.Join() != pqrtc::status::ok || !MorePictures(call.b)) std::puts("no call");
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const int64_t sealing = call.a.seal_ns();
  const auto start = steady_clock::now();
  std::this_thread::sleep_for(milliseconds(10000));
  const double seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
  getrusage(RUSAGE_SELF, &after);
  const auto cpu = [](const rusage& r) { return static_cast<double>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + 1e-6 * static_cast<double>(r.ru_utime.tv_usec + r.ru_stime.tv_usec); };
  const double share = static_cast<double>(call.a.seal_ns() - sealing) * 1e-9 / seconds;
  std::printf("figure libwebrtc sealing-of-720p30-and-Opus,-share-of-one-core %.3f %%\n", 100 * share);
  std::printf("figure libwebrtc both-peers,-encoding-and-all,-share-of-one-core %.0f %%\n", 100 * (cpu(after) - cpu(before)) / seconds);
  const char* const names[] = {"offer", "answer", "finish", "acknowledgement"};
  Call other(options, options);
  (void)other.Join([&](int number, std::string& text) {
    std::printf("figure libwebrtc message-of-the-%s,-in-base64 %zu bytes\n", names[number], signaling::Base64(signaling::Decode(text)->pqrtc).size());
  });
}

}  // namespace

int main(int argc, char** argv) {
  rtc::LogMessage::LogToDebug(rtc::LS_NONE);
  rtc::InitializeSSL();
  if (argc > 1 && std::strcmp(argv[1], "figures") == 0) return Figures(), 0;
  Encryptor();
  Transformer();
  Codec("VP9", pqrtc::codec::vp9);
  Codec("H264", pqrtc::codec::h264);
  WireIsSeen();
  NoDecryptor();
  NoPqrtc();
  NoKey();
  WrongKey();
  HostileSignaling();
  ManInTheMiddle();
  BadNetwork();
  RekeyOfHighDefinition();
  Rejoin();
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
