//! What the SFrame ciphertexts of a frame are bound to: the first part of their metadata. The caller's follows.

const LABEL: &[u8; 14] = b"pqrtc frame v1";
/// The most bytes that are shown and bound: the prefix of a VP9 frame. A unit shows 10: an H.265 header and 8 bytes of a slice.
pub(super) const MAX_SHOWN: usize = 11;
/// Label, family, first counter, last, trailer, and what is shown behind its length.
const MAX: usize = LABEL.len() + 1 + 8 + 1 + 1 + 2 + MAX_SHOWN;

pub(super) struct Binding {
    bytes: [u8; MAX],
    len: usize,
}

impl Binding {
    /// That of a frame with a clear prefix.
    pub fn prefix(family: u8, prefix: &[u8]) -> Self {
        Self::start(family).shown(15, prefix)
    }

    /// That of a unit: the counter of its group's first unit, and whether it is the group's last.
    pub fn unit(family: u8, first: u64, last: bool, trailer: u8, shown: &[u8]) -> Self {
        let mut binding = Self::start(family);
        binding.bytes[15..23].copy_from_slice(&first.to_be_bytes());
        (binding.bytes[23], binding.bytes[24]) = (last.into(), trailer);
        binding.shown(25, shown)
    }

    fn start(family: u8) -> Self {
        let mut bytes = [0; MAX];
        bytes[..14].copy_from_slice(LABEL);
        bytes[14] = family;
        Binding { bytes, len: 0 }
    }

    fn shown(mut self, at: usize, shown: &[u8]) -> Self {
        self.bytes[at..at + 2].copy_from_slice(&(shown.len() as u16).to_be_bytes());
        self.len = at + 2 + shown.len();
        self.bytes[at + 2..self.len].copy_from_slice(shown);
        self
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}
