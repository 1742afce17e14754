// pqrtc in libwebrtc: what to copy into an application. Either PqrtcFrameEncryptor and PqrtcFrameDecryptor, or PqrtcFrameTransformer on
// both sides (libwebrtc's name for insertable streams); the sealed bytes are the same.
#ifndef FRAME_CRYPTO_H_
#define FRAME_CRYPTO_H_

#include <pqrtc.hpp>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "api/crypto/frame_decryptor_interface.h"
#include "api/crypto/frame_encryptor_interface.h"
#include "api/frame_transformer_interface.h"
#include "rtc_base/synchronization/mutex.h"

// docs:begin sender
// On any failure, as before there is a key, a code other than 0: libwebrtc then sends nothing.
class PqrtcFrameEncryptor : public webrtc::FrameEncryptorInterface {
 public:
  PqrtcFrameEncryptor(std::shared_ptr<const pqrtc::sframe_sender> sender, pqrtc::codec codec) : sender_(std::move(sender)), codec_(codec) {}

  int Encrypt(cricket::MediaType, uint32_t, rtc::ArrayView<const uint8_t>, rtc::ArrayView<const uint8_t> frame,
              rtc::ArrayView<uint8_t> encrypted_frame, size_t* bytes_written) override {
    const auto n = sender_->seal_frame(codec_, frame, encrypted_frame);
    if (!n) return static_cast<int>(n.code());
    *bytes_written = *n;
    return 0;
  }
  size_t GetMaxCiphertextByteSize(cricket::MediaType, size_t frame_size) override { return pqrtc::frame_seal_max_size(codec_, frame_size); }

 private:
  const std::shared_ptr<const pqrtc::sframe_sender> sender_;
  const pqrtc::codec codec_;
};
// docs:end sender

// docs:begin receiver
// One receiver for all tracks; its members may be called from any thread.
class PqrtcFrameDecryptor : public webrtc::FrameDecryptorInterface {
 public:
  PqrtcFrameDecryptor(std::shared_ptr<const pqrtc::sframe_receiver> receiver, pqrtc::codec codec) : receiver_(std::move(receiver)), codec_(codec) {}

  Result Decrypt(cricket::MediaType, const std::vector<uint32_t>&, rtc::ArrayView<const uint8_t>,
                 rtc::ArrayView<const uint8_t> encrypted_frame, rtc::ArrayView<uint8_t> frame) override {
    if (encrypted_frame.empty()) return Result(Status::kOk, 0);  // audio padding: no frame
    // libwebrtc decrypts video in place, and so does open_frame().
    const auto opened = receiver_->open_frame(codec_, encrypted_frame, frame);
    if (opened) return Result(Status::kOk, opened->size);
    // A key may be on its way; a forged frame stays forged.
    return Result(opened.code() == pqrtc::status::unknown_key_id ? Status::kRecoverable : Status::kFailedToDecrypt, 0);
  }
  size_t GetMaxPlaintextByteSize(cricket::MediaType, size_t size) override { return pqrtc::frame_open_max_size(codec_, size); }

 private:
  const std::shared_ptr<const pqrtc::sframe_receiver> receiver_;
  const pqrtc::codec codec_;
};
// docs:end receiver

// docs:begin transformer
// The same as a frame transformer: give it a sender to seal, or a receiver to open. What cannot be sealed or opened goes no further.
class PqrtcFrameTransformer : public webrtc::FrameTransformerInterface {
 public:
  PqrtcFrameTransformer(std::shared_ptr<const pqrtc::sframe_sender> sender, pqrtc::codec codec) : sender_(std::move(sender)), codec_(codec) {}
  PqrtcFrameTransformer(std::shared_ptr<const pqrtc::sframe_receiver> receiver, pqrtc::codec codec)
      : receiver_(std::move(receiver)), codec_(codec) {}

  void Transform(std::unique_ptr<webrtc::TransformableFrameInterface> frame) override {
    webrtc::MutexLock lock(&mutex_);
    const auto out = receiver_ ? Open(*frame) : Seal(*frame);
    if (out.empty()) return;
    frame->SetData(rtc::ArrayView<const uint8_t>(out.data(), out.size()));
    const auto sink = sinks_.find(frame->GetSsrc());
    if (sink != sinks_.end()) {
      sink->second->OnTransformedFrame(std::move(frame));
    } else if (callback_) {
      callback_->OnTransformedFrame(std::move(frame));
    }
  }

  void RegisterTransformedFrameCallback(rtc::scoped_refptr<webrtc::TransformedFrameCallback> callback) override {
    webrtc::MutexLock lock(&mutex_);
    callback_ = std::move(callback);
  }
  void RegisterTransformedFrameSinkCallback(rtc::scoped_refptr<webrtc::TransformedFrameCallback> callback, uint32_t ssrc) override {
    webrtc::MutexLock lock(&mutex_);
    sinks_[ssrc] = std::move(callback);
  }
  void UnregisterTransformedFrameCallback() override {
    webrtc::MutexLock lock(&mutex_);
    callback_ = nullptr;
  }
  void UnregisterTransformedFrameSinkCallback(uint32_t ssrc) override {
    webrtc::MutexLock lock(&mutex_);
    sinks_.erase(ssrc);
  }

 private:
  pqrtc::bytes Seal(const webrtc::TransformableFrameInterface& frame) {
    Reserve(pqrtc::frame_seal_max_size(codec_, frame.GetData().size()));
    const auto n = sender_->seal_frame(codec_, frame.GetData(), buffer_);
    return n ? pqrtc::bytes(buffer_).first(*n) : pqrtc::bytes();
  }
  pqrtc::bytes Open(const webrtc::TransformableFrameInterface& frame) {
    Reserve(pqrtc::frame_open_max_size(codec_, frame.GetData().size()));
    const auto opened = receiver_->open_frame(codec_, frame.GetData(), buffer_);
    return opened ? pqrtc::bytes(buffer_).first(opened->size) : pqrtc::bytes();
  }
  void Reserve(size_t size) {
    if (buffer_.size() < size) buffer_.resize(size);
  }

  webrtc::Mutex mutex_;
  const std::shared_ptr<const pqrtc::sframe_sender> sender_;
  const std::shared_ptr<const pqrtc::sframe_receiver> receiver_;
  const pqrtc::codec codec_;
  std::vector<uint8_t> buffer_;
  rtc::scoped_refptr<webrtc::TransformedFrameCallback> callback_;
  std::map<uint32_t, rtc::scoped_refptr<webrtc::TransformedFrameCallback>> sinks_;
};
// docs:end transformer

#endif  // FRAME_CRYPTO_H_
