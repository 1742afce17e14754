// Calls between two libwebrtc peers with pqrtc on their frames: the good case, every way in which the keys may be missing or wrong, a bad
// network, and signaling that is tampered with. One line for each thing that must hold; `call figures` measures instead.
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
  const auto stats = peer.keys().receiver()->stats();
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

// Changes the keys three times, a second apart; true if each second brought pictures to both and no frame was refused.
bool Rotate(Call& call) {
  bool fine = true;
  for (int i = 0; i < 3; i++) {
    const int a = call.a.seen().right, b = call.b.seen().right;
    fine &= call.Exchange() == pqrtc::status::ok;
    std::this_thread::sleep_for(milliseconds(1000));
    fine &= call.a.seen().right > a && call.b.seen().right > b;
    call.a.keys().DropOld();
    call.b.keys().DropOld();
  }
  return fine && Refused(call.a) == 0 && Refused(call.b) == 0;
}

void Encryptor() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  call.b.WatchFrames([&](auto frame) { wire.Frame(frame); });
  Check(call, call.Join() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b), "encryptor: pictures both ways");
  Check(call, Until([&] { return call.a.seen().tone_ms > 1000 && call.b.seen().tone_ms > 1000; }), "encryptor: sound both ways");
  Check(call, Rotate(call), "encryptor: keys changed three times, no second lost, no frame refused");
  Check(call, Stats(call.a).opened > 100 && Stats(call.a).keys == 1, "encryptor: every frame that came was sealed, old keys are gone");
  Check(call, wire.samples() > 100 && wire.packets(0) > 100 && wire.packets(1) > 100 && wire.clear() == 0, "encryptor: nothing in clear on the wire");
}

void Transformer() {
  Peer::Options options;  // over DTLS-SRTP, as in a real call
  options.how = How::kTransformer;
  Call call(options, options);
  Check(call, call.Join() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b), "transformer: pictures both ways");
  Check(call, Until([&] { return call.a.seen().tone_ms > 1000 && call.b.seen().tone_ms > 1000; }), "transformer: sound both ways");
  Check(call, Rotate(call), "transformer: keys changed three times, no second lost, no frame refused");
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

void NoKey() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  // The call is set up, but only a third party learns the session.
  CallKeys other;
  const bool refused = call.Join({[&](Call::Blob& bundle) { bundle.clear(); }, [](Call::Blob&) {}}) != pqrtc::status::ok;
  const auto bundle = call.a.keys().Offer();
  const auto exchange = other.Answer(call.a.keys().epoch(), *bundle);
  const bool ready = refused && call.a.keys().Finish(*exchange) == pqrtc::status::ok && call.a.keys().Seal() == pqrtc::status::ok;
  call.a.Send();
  call.b.Send();
  Check(call, ready && Until([&] { return Stats(call.b).unknown_key_id > 100; }),
        "no key: frames arrive and are counted as such");
  Check(call, call.b.seen().frames == 0 && call.b.seen().tone_ms == 0, "no key: nothing is decoded");
  Check(call, wire.packets(0) > 100 && wire.packets(1) == 0, "no key: nothing is sent");
}

void WrongKey(const char* name, const Call::Signaling& signaling) {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  const std::string text = std::string(name) + ": authentication failures on both sides, nothing decoded, nothing in clear";
  const bool joined = call.Join(signaling) == pqrtc::status::ok;
  const bool counted = joined && Until([&] {
    return Stats(call.a).decryption_failed > 100 && Stats(call.b).decryption_failed > 100 && wire.samples() > 100;
  });
  Check(call, counted && call.a.seen().frames == 0 && call.b.seen().frames == 0 && call.a.seen().tone_ms == 0 && call.b.seen().tone_ms == 0 &&
            wire.clear() == 0,
        text.c_str());
}

void BadSignaling() {
  // An exchange message that was made for someone else's bundle, and one from an earlier call.
  CallKeys someone, passer_by;
  const auto theirs = passer_by.Answer(1, *someone.Offer());
  const auto put = [](const auto& from) {
    return [from](Call::Blob& blob) { blob.assign(from.begin(), from.end()); };
  };
  const auto keep = [](Call::Blob&) {};
  Call::Blob earlier;
  {
    CallKeys a, b;
    const auto exchange = b.Answer(1, *a.Offer());
    earlier.assign(exchange->begin(), exchange->end());
  }
  WrongKey("wrong key: exchange swapped with another peer's", {keep, put(*theirs)});
  WrongKey("wrong key: exchange replayed from an earlier call", {keep, put(earlier)});
  WrongKey("wrong key: bundle of a man in the middle", {put(*someone.Offer()), keep});

  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  const auto cut = [](Call::Blob& blob) { blob.resize(blob.size() - 1); };
  Check(call, call.Join({cut, keep}) == pqrtc::status::invalid_length && call.Exchange({keep, cut}) == pqrtc::status::invalid_length,
        "truncated bundle and exchange: a clear error");
  std::this_thread::sleep_for(milliseconds(1000));
  Check(call, wire.packets(0) == 0 && wire.packets(1) == 0, "truncated bundle and exchange: nothing is sent");
  Check(call, call.Exchange() == pqrtc::status::ok && MorePictures(call.a) && MorePictures(call.b), "whole ones afterwards: the call goes on");
}

void BadNetwork() {
  Wire wire;
  Call call(Plain(), Plain(), wire.watch());
  call.a.WatchFrames([&](auto frame) { wire.Frame(frame); });
  call.network.lost = 50, call.network.late = 100, call.network.repeated = 50;
  Check(call, call.Join() == pqrtc::status::ok && MorePictures(call.a, 60) && MorePictures(call.b, 60),
        "5 % lost, 10 % reordered, 5 % repeated: the call goes on");
  Check(call, Stats(call.a).decryption_failed == 0 && Stats(call.b).decryption_failed == 0, "bad network: no good frame is taken for a forged one");
  const uint64_t opened = Stats(call.b).opened;
  call.network.forged = 800;
  const bool refused = Until([&] { return Stats(call.b).decryption_failed > 50; });
  call.network.forged = 0;
  Check(call, refused && call.network.packets_forged > 50, "a burst of forged frames: each is refused");
  Check(call, MorePictures(call.a) && MorePictures(call.b) && Stats(call.b).opened > opened, "a burst of forged frames: the call goes on");
  Check(call, wire.clear() == 0 && wire.samples() > 100, "bad network: nothing in clear on the wire");
}

void Rejoin() {
  const std::array<uint8_t, 60> frame{};
  Call::Blob recorded(pqrtc::frame_seal_max_size(pqrtc::codec::opus, frame.size())), opened(recorded.size());
  {
    Call first(Plain(), Plain());
    Check(first, first.Join() == pqrtc::status::ok && MorePictures(first.b), "rejoin: the first call");
    const auto n = first.a.keys().sender()->Get()->seal_frame(pqrtc::codec::opus, frame, recorded);
    recorded.resize(n ? *n : 0);
  }
  Call second(Plain(), Plain());
  Check(second, second.Join() == pqrtc::status::ok && MorePictures(second.a) && MorePictures(second.b), "rejoin: the call after a restart");
  // Its counter may have been seen by now, which is looked at first.
  const auto verdict = second.b.keys().receiver()->open_frame(pqrtc::codec::opus, recorded, opened).code();
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
  // Without: an empty bundle is refused at once, so that there is no key exchange.
  const auto s = with ? call.Join() : call.Join({[](Call::Blob& bundle) { bundle.clear(); }, [](Call::Blob&) {}});
  if ((s == pqrtc::status::ok) != with || !Until([&] { return call.a.seen().right > 0 && call.b.seen().right > 0; })) std::puts("no call");
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
  std::printf("figure libwebrtc bundle-beside-the-offer %zu bytes\n", sizeof(pqrtc::hybrid_bundle));
  std::printf("figure libwebrtc exchange-beside-the-answer %zu bytes\n", sizeof(pqrtc::hybrid_exchange));
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
  BadSignaling();
  BadNetwork();
  Rejoin();
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
