//! What a participant asks of a peer.

use crate::protocol::Suite;
use crate::secret::{Secret, equal};
use crate::sframe::CipherSuite;
use crate::signing::FINGERPRINT_BYTES;
use crate::{Error, Result};

/// External PSK, in bytes.
pub const PSK_BYTES: usize = 32;

/// What a participant offers and accepts in the large. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Profile {
    /// Suite 1. The peer shows an identity.
    Default = 1,
    /// Suite 2 alone, and SFrame cipher suite 5 alone. The peer shows an identity.
    Cnsa2 = 2,
    /// Suite 1. Any identity is accepted and none as well: people compare a short code ([`Call::sas`](super::Call::sas)).
    Sas = 3,
    /// Suites 1 and 2, in that order. The peer shows an identity.
    DefaultOrCnsa2 = 4,
}

impl Profile {
    pub(super) const fn suites(self) -> &'static [Suite] {
        match self {
            Profile::Default | Profile::Sas => &[Suite::Default],
            Profile::Cnsa2 => &[Suite::Cnsa2],
            Profile::DefaultOrCnsa2 => &[Suite::Default, Suite::Cnsa2],
        }
    }
}

impl Profile {
    /// The one SFrame cipher suite that it allows, if it does not allow all.
    pub(super) const fn cipher(self) -> Option<CipherSuite> {
        match self {
            Profile::Cnsa2 => Some(CipherSuite::Aes256GcmSha512_128),
            _ => None,
        }
    }
}

impl TryFrom<u32> for Profile {
    type Error = Error;

    fn try_from(profile: u32) -> Result<Self> {
        match profile {
            1 => Ok(Profile::Default),
            2 => Ok(Profile::Cnsa2),
            3 => Ok(Profile::Sas),
            4 => Ok(Profile::DefaultOrCnsa2),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// Which peers a [`Call`](super::Call) accepts. Without a pin and without [`Policy::accept_any_peer`] that is nobody, until the application
/// has looked at a peer and pinned it.
pub struct Policy {
    profile: Profile,
    pins: Vec<[u8; FINGERPRINT_BYTES]>,
    psk: Option<Secret<PSK_BYTES>>,
    require_binding: bool,
    anonymous_peer: bool,
    any_peer: bool,
}

impl Policy {
    /// A policy of this profile with nothing set. [`Error::Unsupported`] if this build lacks one of its suites.
    pub fn new(profile: Profile) -> Result<Self> {
        profile.suites().iter().try_for_each(|suite| suite.check())?;
        Ok(Policy {
            profile,
            pins: Vec::new(),
            psk: None,
            require_binding: false,
            anonymous_peer: false,
            any_peer: false,
        })
    }

    /// The profile.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Accepts the peer whose identity key has this fingerprint ([`public_key_fingerprint`](crate::signing::public_key_fingerprint)).
    /// May be called for many.
    pub fn pin(&mut self, fingerprint: &[u8; FINGERPRINT_BYTES]) -> Result<()> {
        self.pins.try_reserve(1).map_err(|_| Error::OutOfMemory)?;
        self.pins.push(*fingerprint);
        Ok(())
    }

    /// Mixes in a secret that both sides have, as a second factor beside identities or a SAS. Both sides set it or none does.
    pub fn set_psk(&mut self, psk: &[u8; PSK_BYTES]) {
        self.psk = Some(Secret::new(psk));
    }

    /// Refuses a peer that binds no DTLS certificate.
    pub fn require_binding(&mut self) {
        self.require_binding = true;
    }

    /// Accepts a peer without an identity: of a server whose guests have none.
    pub fn accept_anonymous_peer(&mut self) {
        self.anonymous_peer = true;
    }

    /// Accepts any identity that signs. The application checks the credential or a SAS afterwards.
    pub fn accept_any_peer(&mut self) {
        self.any_peer = true;
    }

    pub(super) fn psk(&self) -> Option<&Secret<PSK_BYTES>> {
        self.psk.as_ref()
    }

    /// Whether a peer with this identity is accepted. Looks at every pin, each in constant time.
    pub(super) fn accepts(&self, fingerprint: &[u8; FINGERPRINT_BYTES]) -> bool {
        let pinned = self.pins.iter().fold(false, |found, pin| found | equal(pin, fingerprint));
        pinned || self.any_peer || self.profile == Profile::Sas
    }

    /// Whether a peer without identity is accepted.
    pub(super) fn accepts_anonymous(&self) -> bool {
        self.anonymous_peer || self.profile == Profile::Sas
    }

    /// Whether a peer with this binding, of which the application says that it should be `expected`, is accepted.
    pub(super) fn accepts_binding(&self, signed: &[u8], expected: &[u8]) -> bool {
        equal(signed, expected) && !(self.require_binding && signed.is_empty())
    }

    /// A copy, or [`Error::OutOfMemory`].
    pub(super) fn try_clone(&self) -> Result<Self> {
        let mut pins = Vec::new();
        pins.try_reserve_exact(self.pins.len()).map_err(|_| Error::OutOfMemory)?;
        pins.extend_from_slice(&self.pins);
        Ok(Policy { pins, psk: self.psk.as_ref().map(|psk| Secret::new(psk.as_bytes())), ..*self })
    }
}
