//! The address of an app, for a person or program that opens it.

use serde::Serialize;

use super::Answer;

/// The answer of `scalr open` where it opens no browser.
#[derive(Debug, Serialize)]
pub(crate) struct AppAddress {
    pub(crate) app: String,
    pub(crate) url: String,
}

impl Answer for AppAddress {
    const SCHEMA: &'static str = "scalr.open/1";

    fn text(&self) -> String {
        format!("{}\n", self.url)
    }
}
