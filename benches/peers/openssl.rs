//! OpenSSL's KEMs and signatures, by the calls of its EVP interface that openssl-sys does not declare.

#![allow(dead_code)] // each program uses its half

use core::ffi::{c_char, c_int, c_uchar, c_void};
use core::ptr::{null, null_mut};
use openssl_sys::{EVP_PKEY, EVP_PKEY_CTX, EVP_PKEY_CTX_free, EVP_PKEY_free};

unsafe extern "C" {
    fn EVP_PKEY_Q_keygen(context: *mut c_void, properties: *const c_char, name: *const c_char, ...) -> *mut EVP_PKEY;
    fn EVP_PKEY_get_octet_string_param(
        key: *const EVP_PKEY,
        name: *const c_char,
        out: *mut c_uchar,
        room: usize,
        len: *mut usize,
    ) -> c_int;
    fn EVP_PKEY_new_raw_public_key_ex(
        context: *mut c_void,
        name: *const c_char,
        properties: *const c_char,
        public: *const c_uchar,
        len: usize,
    ) -> *mut EVP_PKEY;
    fn EVP_PKEY_CTX_new_from_pkey(
        context: *mut c_void,
        key: *mut EVP_PKEY,
        properties: *const c_char,
    ) -> *mut EVP_PKEY_CTX;
    fn EVP_PKEY_encapsulate_init(ctx: *mut EVP_PKEY_CTX, params: *const c_void) -> c_int;
    fn EVP_PKEY_encapsulate(
        ctx: *mut EVP_PKEY_CTX,
        ciphertext: *mut c_uchar,
        ciphertext_len: *mut usize,
        secret: *mut c_uchar,
        secret_len: *mut usize,
    ) -> c_int;
    fn EVP_PKEY_decapsulate_init(ctx: *mut EVP_PKEY_CTX, params: *const c_void) -> c_int;
    fn EVP_PKEY_decapsulate(
        ctx: *mut EVP_PKEY_CTX,
        secret: *mut c_uchar,
        secret_len: *mut usize,
        ciphertext: *const c_uchar,
        ciphertext_len: usize,
    ) -> c_int;
    fn EVP_SIGNATURE_fetch(context: *mut c_void, name: *const c_char, properties: *const c_char) -> *mut c_void;
    fn EVP_SIGNATURE_free(algorithm: *mut c_void);
    fn EVP_PKEY_sign_message_init(ctx: *mut EVP_PKEY_CTX, algorithm: *mut c_void, params: *const c_void) -> c_int;
    fn EVP_PKEY_verify_message_init(ctx: *mut EVP_PKEY_CTX, algorithm: *mut c_void, params: *const c_void) -> c_int;
    fn EVP_PKEY_sign(
        ctx: *mut EVP_PKEY_CTX,
        signature: *mut c_uchar,
        len: *mut usize,
        data: *const c_uchar,
        data_len: usize,
    ) -> c_int;
    fn EVP_PKEY_verify(
        ctx: *mut EVP_PKEY_CTX,
        signature: *const c_uchar,
        len: usize,
        data: *const c_uchar,
        data_len: usize,
    ) -> c_int;
}

pub struct Key(*mut EVP_PKEY);

impl Drop for Key {
    fn drop(&mut self) {
        // SAFETY: a key that this owns.
        unsafe { EVP_PKEY_free(self.0) }
    }
}

struct Context(*mut EVP_PKEY_CTX);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: a context that this owns.
        unsafe { EVP_PKEY_CTX_free(self.0) }
    }
}

struct Algorithm(*mut c_void);

impl Drop for Algorithm {
    fn drop(&mut self) {
        // SAFETY: an algorithm that this owns.
        unsafe { EVP_SIGNATURE_free(self.0) }
    }
}

const ML_DSA_65: *const c_char = c"ML-DSA-65".as_ptr();

// SAFETY, here and below: OpenSSL gets keys and contexts that are alive, and writes no more than the lengths that it is given.
impl Key {
    pub fn generate(name: &core::ffi::CStr) -> Self {
        let key = unsafe { EVP_PKEY_Q_keygen(null_mut(), null(), name.as_ptr()) };
        assert!(!key.is_null());
        Key(key)
    }

    pub fn from_public(name: &core::ffi::CStr, public: &[u8]) -> Self {
        let (bytes, len) = (public.as_ptr(), public.len());
        let key = unsafe { EVP_PKEY_new_raw_public_key_ex(null_mut(), name.as_ptr(), null(), bytes, len) };
        assert!(!key.is_null());
        Key(key)
    }

    pub fn public(&self) -> Vec<u8> {
        let mut public = vec![0; 2048];
        let get = |name: &core::ffi::CStr, out: &mut [u8]| {
            let (mut len, to, room) = (0, out.as_mut_ptr(), out.len());
            let done = unsafe { EVP_PKEY_get_octet_string_param(self.0, name.as_ptr(), to, room, &mut len) };
            (done == 1).then_some(len)
        };
        // KEMs have the first, signatures the second.
        let len = get(c"encoded-pub-key", &mut public).or_else(|| get(c"pub", &mut public)).unwrap();
        public.truncate(len);
        public
    }

    fn context(&self) -> Context {
        let context = unsafe { EVP_PKEY_CTX_new_from_pkey(null_mut(), self.0, null()) };
        assert!(!context.is_null());
        Context(context)
    }

    /// Ciphertext and secret.
    pub fn encapsulate(&self) -> (Vec<u8>, Vec<u8>) {
        let context = self.context();
        let (mut ciphertext, mut secret) = (vec![0; 1120], vec![0; 64]);
        let (mut ciphertext_len, mut secret_len) = (ciphertext.len(), secret.len());
        assert_eq!(unsafe { EVP_PKEY_encapsulate_init(context.0, null()) }, 1);
        let (to, key) = (ciphertext.as_mut_ptr(), secret.as_mut_ptr());
        assert_eq!(unsafe { EVP_PKEY_encapsulate(context.0, to, &mut ciphertext_len, key, &mut secret_len) }, 1);
        ciphertext.truncate(ciphertext_len);
        secret.truncate(secret_len);
        (ciphertext, secret)
    }

    pub fn decapsulate(&self, ciphertext: &[u8]) -> Vec<u8> {
        let context = self.context();
        let (mut secret, mut len) = (vec![0; 64], 64);
        assert_eq!(unsafe { EVP_PKEY_decapsulate_init(context.0, null()) }, 1);
        let (from, from_len) = (ciphertext.as_ptr(), ciphertext.len());
        assert_eq!(unsafe { EVP_PKEY_decapsulate(context.0, secret.as_mut_ptr(), &mut len, from, from_len) }, 1);
        secret.truncate(len);
        secret
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let (context, algorithm) = (self.context(), ml_dsa_65());
        let (mut signature, mut len) = (vec![0; 3309], 3309);
        assert_eq!(unsafe { EVP_PKEY_sign_message_init(context.0, algorithm.0, null()) }, 1);
        let to = signature.as_mut_ptr();
        assert_eq!(unsafe { EVP_PKEY_sign(context.0, to, &mut len, message.as_ptr(), message.len()) }, 1);
        signature
    }

    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let (context, algorithm) = (self.context(), ml_dsa_65());
        assert_eq!(unsafe { EVP_PKEY_verify_message_init(context.0, algorithm.0, null()) }, 1);
        let from = (signature.as_ptr(), signature.len());
        unsafe { EVP_PKEY_verify(context.0, from.0, from.1, message.as_ptr(), message.len()) == 1 }
    }
}

fn ml_dsa_65() -> Algorithm {
    let algorithm = unsafe { EVP_SIGNATURE_fetch(null_mut(), ML_DSA_65, null()) };
    assert!(!algorithm.is_null());
    Algorithm(algorithm)
}
