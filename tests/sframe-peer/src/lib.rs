//! The crate `sframe` on RustCrypto beside pqrtc: all five cipher suites, in both directions.

#[cfg(test)]
#[path = "../../rng/mod.rs"]
mod rng;

#[cfg(test)]
mod tests {
    use crate::rng::Rng;
    use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
    use sframe::frame::{EncryptedFrameView, MediaFrameView, SingleUseCounter};
    use sframe::key::{DecryptionKey, EncryptionKey};

    const SUITES: [(CipherSuite, sframe::CipherSuite); 5] = [
        (CipherSuite::Aes128CtrHmacSha256_80, sframe::CipherSuite::AesCtr128HmacSha256_80),
        (CipherSuite::Aes128CtrHmacSha256_64, sframe::CipherSuite::AesCtr128HmacSha256_64),
        (CipherSuite::Aes128CtrHmacSha256_32, sframe::CipherSuite::AesCtr128HmacSha256_32),
        (CipherSuite::Aes128GcmSha256_128, sframe::CipherSuite::AesGcm128Sha256),
        (CipherSuite::Aes256GcmSha512_128, sframe::CipherSuite::AesGcm256Sha512),
    ];

    include!("../both.rs");
}
