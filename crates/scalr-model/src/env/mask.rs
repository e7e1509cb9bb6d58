//! What of an environment may be shown.

use serde::Serialize;

use super::secrets::Secrets;

/// Decides what is shown.
#[derive(Debug)]
pub struct Mask {
    /// Every secret of the environment.
    pub(super) secrets: Secrets,
    /// Whether they are shown all the same.
    pub(super) show: bool,
}

impl Mask {
    /// Whether a text has to stay hidden for a secret that it holds.
    #[must_use]
    pub fn hides(&self, text: &str) -> bool {
        !self.show && self.secrets.are_in(text)
    }

    /// A value, unless it is a secret or holds one.
    #[must_use]
    pub fn shown(&self, text: &str, secret: bool) -> MaskedValue {
        let masked = self.hides(text) || (secret && !self.show && !text.is_empty());
        MaskedValue { value: (!masked).then(|| text.to_owned()), masked }
    }
}

/// A value as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaskedValue {
    /// The text; nothing where it is masked.
    pub value: Option<String>,
    /// Whether it is a secret that is not shown.
    pub masked: bool,
}
