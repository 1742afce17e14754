#include "peer.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "api/audio_codecs/audio_decoder_factory_template.h"
#include "api/audio_codecs/audio_encoder_factory_template.h"
#include "api/audio_codecs/opus/audio_decoder_opus.h"
#include "api/audio_codecs/opus/audio_encoder_opus.h"
#include "api/create_peerconnection_factory.h"
#include "api/video/i420_buffer.h"
#include "api/video_codecs/builtin_video_decoder_factory.h"
#include "api/video_codecs/builtin_video_encoder_factory.h"
#include "media/base/adapted_video_track_source.h"
#include "modules/audio_device/include/audio_device_default.h"
#include "rtc_base/event.h"
#include "rtc_base/ref_counted_object.h"
#include "rtc_base/rtc_certificate_generator.h"
#include "rtc_base/ssl_fingerprint.h"
#include "rtc_base/time_utils.h"

namespace {

constexpr int kRate = 48000, kBlock = kRate / 100, kToneHz = 1000;

// Runs something at a fixed pace until it is destroyed.
class Ticker {
 public:
  Ticker(std::chrono::microseconds period, std::function<void()> tick) : thread_([this, period, tick = std::move(tick)] {
    for (auto next = std::chrono::steady_clock::now(); !stop_; std::this_thread::sleep_until(next += period)) tick();
  }) {}
  ~Ticker() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// How much of a block is our tone: its share of the energy, by Goertzel's filter.
bool IsTone(const int16_t* block) {
  double s1 = 0, s2 = 0, energy = 1;
  const double w = 2 * M_PI * kToneHz / kRate;
  for (int i = 0; i < kBlock; i++) {
    const double s = block[i] + 2 * std::cos(w) * s1 - s2;
    s2 = std::exchange(s1, s);
    energy += static_cast<double>(block[i]) * block[i];
  }
  const double power = s1 * s1 + s2 * s2 - 2 * std::cos(w) * s1 * s2;
  return energy > kBlock * 1e5 && power > 0.5 * energy * kBlock / 2;
}

}  // namespace

// An audio device that records a tone and listens for one, ten milliseconds at a time.
class Microphone : public webrtc::webrtc_impl::AudioDeviceModuleDefault<webrtc::AudioDeviceModule> {
 public:
  explicit Microphone(Seen& seen) : seen_(seen) {}
  ~Microphone() override { ticker_.reset(); }

  int32_t RegisterAudioCallback(webrtc::AudioTransport* callback) override {
    webrtc::MutexLock lock(&mutex_);
    callback_ = callback;
    return 0;
  }
  void Start() { ticker_ = std::make_unique<Ticker>(std::chrono::milliseconds(10), [this] { Block(); }); }
  void Stop() { ticker_.reset(); }

 private:
  void Block() {
    webrtc::MutexLock lock(&mutex_);
    if (callback_ == nullptr) return;
    int16_t block[kBlock];
    for (int16_t& sample : block) sample = static_cast<int16_t>(8000 * std::sin(2 * M_PI * kToneHz * (at_++ % kRate) / kRate));
    uint32_t level = 0;
    callback_->RecordedDataIsAvailable(block, kBlock, 2, 1, kRate, 0, 0, 0, false, level);
    size_t n = 0;
    int64_t elapsed = 0, ntp = 0;
    callback_->NeedMorePlayData(kBlock, 2, 1, kRate, block, n, &elapsed, &ntp);
    if (n == static_cast<size_t>(kBlock) && IsTone(block)) seen_.tone_ms += 10;
  }

  Seen& seen_;
  webrtc::Mutex mutex_;
  webrtc::AudioTransport* callback_ = nullptr;
  int at_ = 0;
  std::unique_ptr<Ticker> ticker_;
};

// A picture: bright on the left, dark on the right, and a bar that moves so that there is something to encode.
class Picture : public rtc::AdaptedVideoTrackSource {
 public:
  Picture(int width, int height) : width_(width), height_(height) {}
  ~Picture() override { ticker_.reset(); }
  void Start() { ticker_ = std::make_unique<Ticker>(std::chrono::microseconds(33333), [this] { Frame(); }); }
  void Stop() { ticker_.reset(); }

  static bool IsOurs(const webrtc::I420BufferInterface& i420) {
    const auto mean = [&](int x) {
      int sum = 0;
      for (int y = 0; y < i420.height() / 4; y++) sum += i420.DataY()[y * i420.StrideY() + x];
      return sum / (i420.height() / 4);
    };
    const int left = mean(i420.width() / 4), right = mean(3 * i420.width() / 4);
    return std::abs(left - 200) < 25 && std::abs(right - 60) < 25;
  }

  bool is_screencast() const override { return false; }
  absl::optional<bool> needs_denoising() const override { return false; }
  SourceState state() const override { return kLive; }
  bool remote() const override { return false; }

 private:
  void Frame() {
    auto i420 = webrtc::I420Buffer::Create(width_, height_);
    for (int y = 0; y < height_; y++) {
      uint8_t* row = i420->MutableDataY() + y * i420->StrideY();
      std::fill(row, row + width_ / 2, 200);
      std::fill(row + width_ / 2, row + width_, 60);
      // The lower half moves and is noisy, so that a frame has some kilobytes.
      if (y >= height_ / 2) for (int x = 0; x < width_; x++) row[x] = static_cast<uint8_t>(row[x] + (noise_ = noise_ * 1664525 + 1013904223) % 40 + (x + frame_) % 16);
    }
    std::fill_n(i420->MutableDataU(), i420->StrideU() * i420->ChromaHeight(), 90);
    std::fill_n(i420->MutableDataV(), i420->StrideV() * i420->ChromaHeight(), 160);
    frame_++;
    OnFrame(webrtc::VideoFrame::Builder().set_video_frame_buffer(i420).set_timestamp_us(rtc::TimeMicros()).build());
  }

  const int width_, height_;
  int frame_ = 0;
  uint32_t noise_ = 1;
  std::unique_ptr<Ticker> ticker_;
};

namespace {

// PqrtcFrameEncryptor with a clock and an onlooker, for the tests.
class WatchedEncryptor : public PqrtcFrameEncryptor {
 public:
  WatchedEncryptor(std::shared_ptr<const pqrtc::sframe_sender> sender, pqrtc::codec codec, std::atomic<int64_t>& ns,
                   const std::function<void(rtc::ArrayView<const uint8_t>)>& watch)
      : PqrtcFrameEncryptor(std::move(sender), codec), ns_(ns), watch_(watch) {}

  int Encrypt(cricket::MediaType type, uint32_t ssrc, rtc::ArrayView<const uint8_t> additional, rtc::ArrayView<const uint8_t> frame,
              rtc::ArrayView<uint8_t> encrypted, size_t* written) override {
    if (watch_) watch_(frame);
    const int64_t start = Cpu();
    const int code = PqrtcFrameEncryptor::Encrypt(type, ssrc, additional, frame, encrypted, written);
    ns_ += Cpu() - start;
    return code;
  }

 private:
  static int64_t Cpu() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * int64_t{1000000000} + t.tv_nsec;
  }
  std::atomic<int64_t>& ns_;
  const std::function<void(rtc::ArrayView<const uint8_t>)>& watch_;
};

// Leaves frames as they are, to show what the wire looks like then.
class Onlooker : public webrtc::FrameEncryptorInterface {
 public:
  explicit Onlooker(const std::function<void(rtc::ArrayView<const uint8_t>)>& watch) : watch_(watch) {}
  int Encrypt(cricket::MediaType, uint32_t, rtc::ArrayView<const uint8_t>, rtc::ArrayView<const uint8_t> frame,
              rtc::ArrayView<uint8_t> encrypted, size_t* written) override {
    if (watch_) watch_(frame);
    std::copy(frame.begin(), frame.end(), encrypted.begin());
    *written = frame.size();
    return 0;
  }
  size_t GetMaxCiphertextByteSize(cricket::MediaType, size_t size) override { return size; }

 private:
  const std::function<void(rtc::ArrayView<const uint8_t>)>& watch_;
};

// Waits for an answer that libwebrtc gives by callback.
class Description : public webrtc::CreateSessionDescriptionObserver {
 public:
  void OnSuccess(webrtc::SessionDescriptionInterface* made) override {
    made_.reset(made);
    done_.Set();
  }
  void OnFailure(webrtc::RTCError) override { done_.Set(); }
  std::unique_ptr<webrtc::SessionDescriptionInterface> Wait() {
    done_.Wait(rtc::Event::kForever);
    return std::move(made_);
  }

 private:
  rtc::Event done_;
  std::unique_ptr<webrtc::SessionDescriptionInterface> made_;
};

class LocalSet : public webrtc::SetLocalDescriptionObserverInterface {
 public:
  void OnSetLocalDescriptionComplete(webrtc::RTCError) override { done.Set(); }
  rtc::Event done;
};
class RemoteSet : public webrtc::SetRemoteDescriptionObserverInterface {
 public:
  void OnSetRemoteDescriptionComplete(webrtc::RTCError) override { done.Set(); }
  rtc::Event done;
};

template <class Factory>
std::vector<webrtc::RtpCodecCapability> Only(Factory& factory, cricket::MediaType type, const std::string& name) {
  auto codecs = factory->GetRtpSenderCapabilities(type).codecs;
  codecs.erase(std::remove_if(codecs.begin(), codecs.end(), [&](const auto& c) { return c.name != name; }), codecs.end());
  return codecs;
}

}  // namespace

Peer::Peer(const Options& options)
    : options_(options),
      network_(rtc::Thread::CreateWithSocketServer()),
      worker_(rtc::Thread::Create()),
      signaling_(rtc::Thread::Create()),
      microphone_(rtc::make_ref_counted<Microphone>(seen_)),
      picture_(rtc::make_ref_counted<Picture>(options.width, options.height)) {
  for (auto* thread : {network_.get(), worker_.get(), signaling_.get()}) thread->Start();
  factory_ = webrtc::CreatePeerConnectionFactory(network_.get(), worker_.get(), signaling_.get(), microphone_,
                                                 webrtc::CreateAudioEncoderFactory<webrtc::AudioEncoderOpus>(),
                                                 webrtc::CreateAudioDecoderFactory<webrtc::AudioDecoderOpus>(),
                                                 webrtc::CreateBuiltinVideoEncoderFactory(), webrtc::CreateBuiltinVideoDecoderFactory(),
                                                 nullptr, nullptr);
  webrtc::PeerConnectionFactoryInterface::Options network;
  network.network_ignore_mask = ~rtc::ADAPTER_TYPE_LOOPBACK;  // stay on this machine
  network.disable_encryption = !options.dtls;
  factory_->SetOptions(network);

  webrtc::PeerConnectionInterface::RTCConfiguration config;
  config.sdp_semantics = webrtc::SdpSemantics::kUnifiedPlan;
  config.bundle_policy = webrtc::PeerConnectionInterface::kBundlePolicyMaxBundle;
  config.tcp_candidate_policy = webrtc::PeerConnectionInterface::kTcpCandidatePolicyDisabled;
  // docs:begin require
  // Nothing reaches a decoder without a decryptor, and no audio leaves without an encryptor; for video see Send().
  webrtc::CryptoOptions crypto;
  crypto.sframe.require_frame_encryption = options.how == How::kEncryptor;
  config.crypto_options = crypto;
  // docs:end require
  // docs:begin certificate
  // A certificate of our own making, so that the call can bind it before there is any SDP.
  signaling::Bytes fingerprint;
  if (options.dtls) {
    const auto certificate = rtc::RTCCertificateGenerator::GenerateCertificate(rtc::KeyParams::ECDSA(), absl::nullopt);
    config.certificates.push_back(certificate);
    const auto digest = rtc::SSLFingerprint::CreateUnique("sha-256", *certificate->identity());
    fingerprint.assign(digest->digest.cdata(), digest->digest.cdata() + digest->digest.size());
  }
  keys_ = *CallKeys::Create(*options.me, options.pin, fingerprint);
  // docs:end certificate
  connection_ = factory_->CreatePeerConnectionOrError(config, webrtc::PeerConnectionDependencies(this)).MoveValue();

  cricket::AudioOptions untouched;
  untouched.echo_cancellation = untouched.auto_gain_control = untouched.noise_suppression = untouched.highpass_filter = false;
  auto audio = factory_->CreateAudioTrack("audio", factory_->CreateAudioSource(untouched).get());
  auto video = factory_->CreateVideoTrack("video", picture_.get());
  Protect(*connection_->AddTrack(audio, {"stream"}).value(), pqrtc::codec::opus);
  Protect(*connection_->AddTrack(video, {"stream"}).value(), options.codec);
  for (const auto& transceiver : connection_->GetTransceivers()) {
    const bool is_audio = transceiver->media_type() == cricket::MEDIA_TYPE_AUDIO;
    const auto codecs = Only(factory_, transceiver->media_type(), is_audio ? "opus" : options.video);
    transceiver->SetCodecPreferences(rtc::ArrayView<webrtc::RtpCodecCapability>(const_cast<webrtc::RtpCodecCapability*>(codecs.data()), codecs.size()));
  }
  microphone_->Start();
  picture_->Start();
}

Peer::~Peer() {
  microphone_->Stop();
  picture_->Stop();
  if (remote_video_) remote_video_->RemoveSink(this);
  remote_video_ = nullptr;
  connection_->Close();
  connection_ = nullptr;
  factory_ = nullptr;
}

rtc::scoped_refptr<webrtc::FrameEncryptorInterface> Peer::NewEncryptor(pqrtc::codec codec) {
  if (options_.how == How::kUnprotected) return rtc::make_ref_counted<Onlooker>(watch_);
  return rtc::make_ref_counted<WatchedEncryptor>(Sender(codec), codec, seal_ns_, watch_);
}

// docs:begin attach
void Peer::Protect(webrtc::RtpSenderInterface& sender, pqrtc::codec codec) {
  if (!options_.attach) return;
  if (options_.how == How::kTransformer) {
    sender.SetEncoderToPacketizerFrameTransformer(rtc::make_ref_counted<PqrtcFrameTransformer>(Sender(codec), codec));
  } else {
    sender.SetFrameEncryptor(NewEncryptor(codec));  // rtc::make_ref_counted<PqrtcFrameEncryptor>(Sender(codec), codec)
  }
  // libwebrtc attaches these a moment after it starts to send, and for video only warns if one is required and missing. So: keep still
  // until there is a key.
  SetActive(sender, false);
}

// When it is known who the other side is.
void Peer::Send() {
  if (sending_ || !keys_.MaySend()) return;
  sending_ = true;
  for (const auto& sender : connection_->GetSenders()) SetActive(*sender, true);
}

void Peer::SetActive(webrtc::RtpSenderInterface& sender, bool active) {
  auto parameters = sender.GetParameters();
  for (auto& encoding : parameters.encodings) encoding.active = active;
  sender.SetParameters(parameters);
}

void Peer::Unprotect(webrtc::RtpReceiverInterface& receiver, pqrtc::codec codec) {
  if (!options_.attach) return;
  if (options_.how == How::kEncryptor) {
    receiver.SetFrameDecryptor(rtc::make_ref_counted<PqrtcFrameDecryptor>(keys_.receiver, codec));
  } else if (options_.how == How::kTransformer) {
    receiver.SetDepacketizerToDecoderFrameTransformer(rtc::make_ref_counted<PqrtcFrameTransformer>(keys_.receiver, codec));
  }
}

void Peer::OnTrack(rtc::scoped_refptr<webrtc::RtpTransceiverInterface> transceiver) {
  const bool audio = transceiver->media_type() == cricket::MEDIA_TYPE_AUDIO;
  Unprotect(*transceiver->receiver(), audio ? pqrtc::codec::opus : options_.codec);
  if (!audio) Show(*transceiver->receiver());
}
// docs:end attach

void Peer::Show(webrtc::RtpReceiverInterface& receiver) {
  remote_video_ = rtc::scoped_refptr<webrtc::VideoTrackInterface>(static_cast<webrtc::VideoTrackInterface*>(receiver.track().get()));
  remote_video_->AddOrUpdateSink(this, rtc::VideoSinkWants());
}

void Peer::OnFrame(const webrtc::VideoFrame& frame) {
  seen_.frames++;
  if (Picture::IsOurs(*frame.video_frame_buffer()->ToI420())) seen_.right++;
}

std::string Peer::Describe(bool offer) {
  auto description = rtc::make_ref_counted<Description>();
  const webrtc::PeerConnectionInterface::RTCOfferAnswerOptions options;
  if (offer) connection_->CreateOffer(description.get(), options);
  else connection_->CreateAnswer(description.get(), options);
  auto made = description->Wait();
  std::string sdp;
  if (!made || !made->ToString(&sdp)) return {};
  auto set = rtc::make_ref_counted<LocalSet>();
  connection_->SetLocalDescription(std::move(made), set);
  set->done.Wait(rtc::Event::kForever);
  if (on_candidate) return sdp;
  gathered_.Wait(rtc::Event::kForever);
  return connection_->local_description()->ToString(&sdp) ? sdp : std::string();
}

// docs:begin call
pqrtc::result<std::string> Peer::Offer() {
  const auto offer = keys_.call->offer();
  if (!offer) return offer.code();
  return signaling::Encode({"offer", CreateOffer(), *offer});
}

pqrtc::result<std::string> Peer::Receive(const std::string& text) {
  const auto heard = signaling::Decode(text);
  if (!heard) return pqrtc::status::malformed_message;
  signaling::Bytes theirs = theirs_;
  if (!heard->sdp.empty() && options_.dtls) {
    const auto fingerprint = signaling::Fingerprint(heard->sdp);
    if (!fingerprint) return pqrtc::status::malformed_message;
    theirs = *fingerprint;
  }
  const auto reply = keys_.call->receive(heard->pqrtc, theirs);
  if (!reply) return reply.code();
  theirs_ = theirs;
  if (heard->type == "offer") return signaling::Encode({"answer", AnswerTo(heard->sdp), *reply});
  if (heard->type == "answer") Accept(heard->sdp);
  Send();
  return reply->empty() ? std::string() : signaling::Encode({"pqrtc", "", *reply});
}

// A change of keys. Senders and receivers follow by themselves.
pqrtc::result<std::string> Peer::Rekey() {
  const auto offer = keys_.call->offer();
  if (!offer) return offer.code();
  return signaling::Encode({"pqrtc", "", *offer});
}
// docs:end call

std::string Peer::CreateOffer() { return Describe(true); }

std::string Peer::AnswerTo(const std::string& offer) {
  auto set = rtc::make_ref_counted<RemoteSet>();
  connection_->SetRemoteDescription(webrtc::CreateSessionDescription(webrtc::SdpType::kOffer, offer), set);
  set->done.Wait(rtc::Event::kForever);
  return Describe(false);
}

void Peer::Accept(const std::string& answer) {
  auto set = rtc::make_ref_counted<RemoteSet>();
  connection_->SetRemoteDescription(webrtc::CreateSessionDescription(webrtc::SdpType::kAnswer, answer), set);
  set->done.Wait(rtc::Event::kForever);
}

void Peer::OnIceCandidate(const webrtc::IceCandidateInterface* candidate) {
  std::string line;
  const auto& address = candidate->candidate().address();
  if (address.ipaddr().ToString() != "127.0.0.1" || !candidate->ToString(&line) || !on_candidate) return;
  on_candidate(static_cast<uint16_t>(address.port()), line);
}

void Peer::AddCandidate(const std::string& candidate) {
  std::unique_ptr<webrtc::IceCandidateInterface> parsed(webrtc::CreateIceCandidate("0", 0, candidate, nullptr));
  if (parsed) connection_->AddIceCandidate(std::move(parsed), [](webrtc::RTCError) {});
}
