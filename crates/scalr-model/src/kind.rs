//! The four kinds of app and the place each has in the tree.

use std::fmt;

use super::rel_path::RelPath;
use super::slug::Slug;

/// The kind of an app, which decides its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A subscription product, `apps/products/SLUG`.
    Product,
    /// An app for one client, `clients/SLUG`.
    Client,
    /// An app for the company itself, `apps/SLUG`.
    Internal,
    /// A service that other apps use, `services/SLUG`.
    Platform,
}

impl Kind {
    /// Every kind, in the order in which people are asked.
    pub const ALL: [Self; 4] = [Self::Product, Self::Client, Self::Internal, Self::Platform];

    /// The kind of that name, as a manifest writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// As a manifest writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Client => "client",
            Self::Internal => "internal",
            Self::Platform => "platform",
        }
    }

    /// One line for a person who has to choose.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Product => "a product that many customers subscribe to",
            Self::Client => "an app for one client",
            Self::Internal => "an app for ourselves",
            Self::Platform => "a service that other apps stand on",
        }
    }

    /// The folder that holds the apps of this kind, from the repository's root.
    #[must_use]
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Product => "apps/products",
            Self::Client => "clients",
            Self::Internal => "apps",
            Self::Platform => "services",
        }
    }

    /// The folder of an app of this kind, from the repository's root.
    #[must_use]
    pub fn place(self, slug: &Slug) -> RelPath {
        RelPath::root().join(self.folder()).join(slug.as_str())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
