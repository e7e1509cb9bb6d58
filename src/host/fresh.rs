//! What is new with every run: identities and the date.

use crate::model::scaffold::Fresh;

/// A random UUID and today's date in the local time zone.
#[must_use]
pub fn fresh() -> Fresh {
    Fresh { id: uuid::Uuid::new_v4().to_string(), created: jiff::Zoned::now().date().to_string() }
}
