//! Values that are new in every run: ids, secrets, the time.

use scalr_model::scaffold::Fresh;

/// A random UUID and today's date in the local time zone.
#[must_use]
pub fn fresh() -> Fresh {
    Fresh { id: uuid::Uuid::new_v4().to_string(), created: jiff::Zoned::now().date().to_string() }
}

/// The time now, in this machine's zone.
#[must_use]
pub fn now() -> jiff::Zoned {
    jiff::Zoned::now()
}

/// 244 random bits as letters and digits, which need no escapes in env files, URLs and shells.
#[must_use]
pub(crate) fn secret() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}
