//! Masking of secrets in an environment.

use serde::Serialize;

use super::secrets::Secrets;

/// Masks values.
#[derive(Debug)]
pub struct Mask {
    /// Every secret of the environment.
    pub(super) secrets: Secrets,
    /// Whether secrets are shown.
    pub(super) show: bool,
}

impl Mask {
    /// Whether a text contains a secret.
    #[must_use]
    pub(crate) fn hides(&self, text: &str) -> bool {
        !self.show && self.secrets.are_in(text)
    }

    /// Masks a value that is a secret or contains one.
    #[must_use]
    pub(crate) fn shown(&self, text: &str, secret: bool) -> MaskedValue {
        let masked = self.hides(text) || (secret && !self.show && !text.is_empty());
        MaskedValue { value: (!masked).then(|| text.to_owned()), masked }
    }
}

/// A value, masked if necessary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaskedValue {
    /// The text; `None` if it is masked.
    pub value: Option<String>,
    /// Whether it is a secret that is not shown.
    pub(crate) masked: bool,
}
