//! `pqrtc_signing_key` and `pqrtc_artifact_hasher`: signatures.

use super::args::{Input, Output, Sizes, VarOutput, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use crate::cose;
use crate::error::Error;
use crate::signing::{
    self, ArtifactHasher, ArtifactKind, FINGERPRINT_BYTES, MAX_CONTEXT_BYTES, SignatureAlgorithm, SigningKey,
};

/// A signature algorithm.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_signature_algorithm {
    /// ML-DSA-65 (FIPS 204).
    PQRTC_SIGNATURE_ML_DSA_65 = 1,
    /// ML-DSA-87, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
    PQRTC_SIGNATURE_ML_DSA_87 = 2,
    /// The composite of ML-DSA-65 and Ed25519 (id-MLDSA65-Ed25519-SHA512, draft-ietf-lamps-pq-composite-sigs): both halves must verify.
    /// Keys, seeds and signatures are the ML-DSA part and then the Ed25519 part.
    PQRTC_SIGNATURE_ML_DSA_65_ED25519 = 3,
}

/// What kind of artifact a signature is for. A signature of one kind never verifies as another.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_artifact_kind {
    /// The manifest of a recording, or the recording itself.
    PQRTC_ARTIFACT_RECORDING_MANIFEST = 1,
    /// A transcript.
    PQRTC_ARTIFACT_TRANSCRIPT = 2,
    /// A meeting summary.
    PQRTC_ARTIFACT_SUMMARY = 3,
    /// An envelope around an API key.
    PQRTC_ARTIFACT_API_KEY_ENVELOPE = 4,
}

/// A signing key. Zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_signing_key(pub(super) SigningKey);

/// Hashes an artifact that comes in pieces, in constant memory.
#[allow(non_camel_case_types)]
pub struct pqrtc_artifact_hasher(ArtifactHasher);

/// Gives the sizes of an algorithm, in bytes: public key, signature, and private key as its seed. PQRTC_INVALID_ARGUMENT for a number that
/// is no algorithm, PQRTC_UNSUPPORTED for one that is not in this build. Any thread.
///
/// # Safety
/// Each pointer is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signature_sizes(
    algorithm: u32,
    public_key_len: *mut usize,
    signature_len: *mut usize,
    seed_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let sizes = Sizes::new([public_key_len, signature_len, seed_len])?;
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        // SAFETY: writable as the caller promises.
        unsafe { sizes.set([algorithm.public_key_len(), algorithm.signature_len(), algorithm.seed_len()]) };
        Ok(())
    })
}

/// Generates a signing key of a `pqrtc_signature_algorithm`. PQRTC_RNG_FAILED without randomness. Any thread. Free it with pqrtc_signing_key_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_generate(algorithm: u32, out: *mut *mut pqrtc_signing_key) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_signing_key(SigningKey::generate(algorithm.try_into()?)?));
        Ok(())
    })
}

/// Makes the signing key of a seed: 32 bytes (FIPS 204, algorithm 6), or 64 for the composite (ML-DSA seed, Ed25519 seed). The seed is copied; wipe yours. Any thread.
///
/// # Safety
/// `seed` is readable for `seed_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_from_seed(
    algorithm: u32,
    seed: *const u8,
    seed_len: usize,
    out: *mut *mut pqrtc_signing_key,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let seed = Input::required(seed, seed_len)?;
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        let seed = seed.exactly(algorithm.seed_len())?;
        disjoint(&[&seed], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_signing_key(SigningKey::from_seed(algorithm, unsafe { seed.bytes() })?));
        Ok(())
    })
}

/// Gives the algorithm of a signing key. Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, `algorithm` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_algorithm(k: *const pqrtc_signing_key, algorithm: *mut u32) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        if algorithm.is_null() {
            return Err(Error::NullPointer);
        }
        // SAFETY: writable, as the caller promises.
        unsafe { algorithm.write(k.0.algorithm() as u32) };
        Ok(())
    })
}

/// Writes the public key (1952, 2592 or 1984 bytes). Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_public_key(
    k: *const pqrtc_signing_key,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let out = Output::required(out, out_len)?.exactly(k.0.public_key().len())?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(k.0.public_key());
        Ok(())
    })
}

/// Writes the seed (32 or 64 bytes), a secret. PQRTC_UNSUPPORTED if the key was imported in expanded form. Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_seed(
    k: *const pqrtc_signing_key,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let out = Output::required(out, out_len)?.exactly(k.0.algorithm().seed_len())?;
        // SAFETY: checked above.
        k.0.seed(unsafe { out.bytes() })
    })
}

/// Signs a message, hedged (FIPS 204, algorithm 2): writes 3309, 4627 or 3373 bytes, the signature length of the key's algorithm. `context`
/// is the context string of FIPS 204 or of the composite, 0 to 255 bytes; empty is what the V100 description uses. One that begins with
/// "pqrtc " is PQRTC_INVALID_ARGUMENT, because those belong to this library. PQRTC_RNG_FAILED without randomness. Any number of threads may
/// use one key.
///
/// # Safety
/// `k` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sign(
    k: *const pqrtc_signing_key,
    context: *const u8,
    context_len: usize,
    msg: *const u8,
    msg_len: usize,
    sig: *mut u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let (context, msg) = (Input::optional(context, context_len)?, Input::optional(msg, msg_len)?);
        let sig = Output::required(sig, sig_len)?;
        let (context, msg) = (context.between(0, MAX_CONTEXT_BYTES)?, msg.sane()?);
        let sig = sig.exactly(k.0.algorithm().signature_len())?;
        disjoint(&[&context, &msg], &[&sig])?;
        // SAFETY: checked above.
        unsafe { k.0.sign(context.bytes(), msg.bytes(), sig.bytes()) }
    })
}

/// Verifies a signature. PQRTC_BAD_SIGNATURE if it is not one of this message under this context. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_verify(
    algorithm: u32,
    pk: *const u8,
    pk_len: usize,
    context: *const u8,
    context_len: usize,
    msg: *const u8,
    msg_len: usize,
    sig: *const u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        let pk = Input::required(pk, pk_len)?;
        let (context, msg) = (Input::optional(context, context_len)?, Input::optional(msg, msg_len)?);
        let sig = Input::required(sig, sig_len)?;
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        let (pk, sig) = (pk.exactly(algorithm.public_key_len())?, sig.exactly(algorithm.signature_len())?);
        let (context, msg) = (context.between(0, MAX_CONTEXT_BYTES)?, msg.sane()?);
        // SAFETY: checked above.
        unsafe { signing::verify(algorithm, pk.bytes(), context.bytes(), msg.bytes(), sig.bytes()) }
    })
}

/// Signs an artifact that is in memory, as its hash under the context string of its kind: SHA3-256, or SHA-512 where the key is of ML-DSA-87.
/// Writes the signature length of the key's algorithm. PQRTC_INVALID_ARGUMENT for an unknown kind, PQRTC_RNG_FAILED without randomness. Any
/// number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_sign(
    k: *const pqrtc_signing_key,
    kind: u32,
    content: *const u8,
    content_len: usize,
    sig: *mut u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let (content, sig) = (Input::optional(content, content_len)?, Output::required(sig, sig_len)?);
        let kind = ArtifactKind::try_from(kind)?;
        let (content, sig) = (content.sane()?, sig.exactly(k.0.algorithm().signature_len())?);
        disjoint(&[&content], &[&sig])?;
        // SAFETY: checked above.
        unsafe { k.0.sign_artifact(kind, content.bytes(), sig.bytes()) }
    })
}

/// Verifies the signature of an artifact that is in memory. PQRTC_BAD_SIGNATURE if it is not one of this content and kind,
/// PQRTC_INVALID_ARGUMENT for an unknown kind. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_verify(
    algorithm: u32,
    pk: *const u8,
    pk_len: usize,
    kind: u32,
    content: *const u8,
    content_len: usize,
    sig: *const u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        let (pk, content) = (Input::required(pk, pk_len)?, Input::optional(content, content_len)?);
        let sig = Input::required(sig, sig_len)?;
        let (algorithm, kind) = (SignatureAlgorithm::try_from(algorithm)?, ArtifactKind::try_from(kind)?);
        let (pk, sig) = (pk.exactly(algorithm.public_key_len())?, sig.exactly(algorithm.signature_len())?);
        let content = content.sane()?;
        // SAFETY: checked above.
        unsafe { signing::verify_artifact(algorithm, pk.bytes(), kind, content.bytes(), sig.bytes()) }
    })
}

/// Signs an artifact as a COSE_Sign1 message (RFC 9052, RFC 9964), for verifiers that have a COSE library and not this one. The message contains
/// the content; its external_aad is the context string of the kind, such as "pqrtc recording-manifest v1", and a verifier must give it. With
/// ML-DSA-65 it has 3320 bytes more than the content and the 1 to 9 bytes of its length, with ML-DSA-87 4638. The content is signed as it is and not as its
/// hash. It is another signature than that of pqrtc_artifact_sign(). Any number of threads may use one key.
///
/// PQRTC_UNSUPPORTED for a key of ML-DSA-65 with Ed25519, for which COSE has no number. PQRTC_INVALID_ARGUMENT for an unknown kind,
/// PQRTC_RNG_FAILED without randomness.
///
/// # Safety
/// `k` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_sign_cose(
    k: *const pqrtc_signing_key,
    kind: u32,
    content: *const u8,
    content_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let (content, out) = (Input::optional(content, content_len)?, VarOutput::new(out, out_cap, out_len)?);
        let kind = ArtifactKind::try_from(kind)?;
        let (content, out) = (content.sane()?, out.sane()?);
        disjoint(&[&content], &[&out])?;
        let len = cose::sign1_len(k.0.algorithm(), content.len())?;
        // SAFETY: checked above.
        unsafe { out.set_written(cose::sign_artifact(&k.0, kind, content.bytes(), out.take(len)?)?) };
        Ok(())
    })
}

/// Writes the 32-byte fingerprint of a public key, by which a participant is known: the first 32 bytes of SHA-512 over its
/// SubjectPublicKeyInfo (DER). Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_public_key_fingerprint(
    algorithm: u32,
    pk: *const u8,
    pk_len: usize,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        let (pk, out) = (Input::required(pk, pk_len)?, Output::required(out, out_len)?);
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        let (pk, out) = (pk.exactly(algorithm.public_key_len())?, out.exactly(FINGERPRINT_BYTES)?);
        disjoint(&[&pk], &[&out])?;
        // SAFETY: checked above.
        unsafe { out.bytes().copy_from_slice(&signing::public_key_fingerprint(algorithm, pk.bytes())?) };
        Ok(())
    })
}

/// Zeroes and frees a signing key; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `k` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_free(k: *mut pqrtc_signing_key) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(k) });
}

/// Makes a hasher for an artifact that does not fit in memory. PQRTC_INVALID_ARGUMENT for an unknown kind. Any thread. Free it with
/// pqrtc_artifact_hasher_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_new(kind: u32, out: *mut *mut pqrtc_artifact_hasher) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_artifact_hasher(ArtifactHasher::new(kind.try_into()?)));
        Ok(())
    })
}

/// Feeds the next piece, which may be empty. One thread at a time.
///
/// # Safety
/// `h` is NULL or a live handle that nobody else uses meanwhile, `data` is readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_update(
    h: *mut pqrtc_artifact_hasher,
    data: *const u8,
    data_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let h = unsafe { handle::get_mut(h) }?;
        let data = Input::optional(data, data_len)?.sane()?;
        // SAFETY: checked above.
        h.0.update(unsafe { data.bytes() });
        Ok(())
    })
}

/// Signs what has been fed so far, as pqrtc_artifact_sign() would, by a key of any algorithm. More may be fed afterwards. Any number of threads,
/// but none in pqrtc_artifact_hasher_update() meanwhile.
///
/// # Safety
/// `h` and `k` are NULL or live handles, `sig` is writable for `sig_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_sign(
    h: *const pqrtc_artifact_hasher,
    k: *const pqrtc_signing_key,
    sig: *mut u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let (h, k) = unsafe { (handle::get(h)?, handle::get(k)?) };
        let sig = Output::required(sig, sig_len)?.exactly(k.0.algorithm().signature_len())?;
        // SAFETY: checked above.
        h.0.sign(&k.0, unsafe { sig.bytes() })
    })
}

/// Verifies the signature of what has been fed so far, as pqrtc_artifact_verify() would. More may be fed afterwards. Any number of threads,
/// but none in pqrtc_artifact_hasher_update() meanwhile.
///
/// # Safety
/// `h` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_verify(
    h: *const pqrtc_artifact_hasher,
    algorithm: u32,
    pk: *const u8,
    pk_len: usize,
    sig: *const u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let h = unsafe { handle::get(h) }?;
        let (pk, sig) = (Input::required(pk, pk_len)?, Input::required(sig, sig_len)?);
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        let (pk, sig) = (pk.exactly(algorithm.public_key_len())?, sig.exactly(algorithm.signature_len())?);
        // SAFETY: checked above.
        unsafe { h.0.verify(algorithm, pk.bytes(), sig.bytes()) }
    })
}

/// Frees a hasher; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `h` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_free(h: *mut pqrtc_artifact_hasher) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(h) });
}
