//! The slug: an app's name for machines.

use std::fmt;

/// At most this many characters. A slug ends up in host names (63 a label), container names and
/// Postgres identifiers (63 bytes), each with a suffix of scalr's own.
pub(crate) const MAX_LEN: usize = 40;

/// Slugs that no app may take: names that the repository, the gateway or PostgreSQL use themselves.
const RESERVED: [&str; 9] =
    ["template-app", "products", "auth", "localhost", "traefik", "www", "postgres", "template0", "template1"];

/// PostgreSQL keeps names that begin with `pg_` for itself, and the database's user is the slug in
/// snake case.
const RESERVED_PREFIX: &str = "pg-";

/// A kebab-case name, `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, at most [`MAX_LEN`] characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// Why a text is not a slug. Each message completes "the slug …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Nothing was given.
    #[error("is empty; write lower-case words joined by hyphens, such as `order-desk`")]
    Empty,
    /// Longer than [`MAX_LEN`].
    #[error("has {0} characters; at most {MAX_LEN} fit into host and database names")]
    TooLong(usize),
    /// Not kebab-case.
    #[error("`{found}` is not kebab-case (lower-case letters and digits, words joined by single hyphens, a letter first){}", hint(.suggestion.as_ref()))]
    NotKebab {
        /// What was typed.
        found: String,
        /// The nearest slug, where there is one.
        suggestion: Option<String>,
    },
    /// One of the names that the repository uses itself.
    #[error("`{0}` is reserved for the repository, the gateway or PostgreSQL; choose another")]
    Reserved(String),
}

fn hint(suggestion: Option<&String>) -> String {
    suggestion.map(|s| format!("; try `{s}`")).unwrap_or_default()
}

impl Slug {
    /// Parses a slug for a new app: kebab-case, short enough and not reserved.
    pub fn new(text: &str) -> Result<Self, SlugError> {
        if RESERVED.contains(&text) || text.starts_with(RESERVED_PREFIX) {
            return Err(SlugError::Reserved(text.to_owned()));
        }
        Self::parse(text)
    }

    /// Parses any slug, reserved or not: `template-app` has a manifest too.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        if text.is_empty() {
            return Err(SlugError::Empty);
        }
        let kebab = text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        }) && text.as_bytes()[0].is_ascii_lowercase();
        if !kebab {
            return Err(SlugError::NotKebab { found: text.to_owned(), suggestion: suggest(text) });
        }
        if text.len() > MAX_LEN {
            return Err(SlugError::TooLong(text.len()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The slug as it stands in manifests and host names: `order-desk`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The slug as an identifier of Python and SQL: `order_desk`.
    #[must_use]
    pub(crate) fn snake(&self) -> String {
        self.0.replace('-', "_")
    }

    /// The slug as the name of an environment variable: `ORDER_DESK`.
    #[must_use]
    pub(crate) fn upper_snake(&self) -> String {
        self.snake().to_ascii_uppercase()
    }

    /// The slug as the name of a type: `OrderDesk`.
    #[must_use]
    pub(crate) fn pascal(&self) -> String {
        self.0.split('-').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The nearest slug to a display name: `Order Desk (EU)` gives `order-desk-eu`. Letters with
/// accents lose them; a name without one Latin letter has no suggestion.
#[must_use]
pub fn suggest(name: &str) -> Option<String> {
    let mut slug = String::new();
    let mut gap = false;
    for c in name.chars().flat_map(char::to_lowercase) {
        let plain = fold(c);
        if plain.is_empty() {
            // Apostrophes join ("Bob's" -> "bobs"), everything else separates.
            gap |= !matches!(c, '\'' | '\u{2019}' | '\u{300}'..='\u{36f}');
            continue;
        }
        if gap && !slug.is_empty() {
            slug.push('-');
        }
        gap = false;
        slug.push_str(plain);
    }
    let slug = slug.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let mut end = slug.len().min(MAX_LEN);
    if end < slug.len() {
        // Cut at a word where that leaves something worth having.
        end = slug[..end].rfind('-').filter(|&at| at >= 8).unwrap_or(end);
    }
    let slug = slug[..end].trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// A lower-case character's plain ASCII spelling, or nothing where it has none.
fn fold(c: char) -> &'static str {
    const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(at) = ASCII.find(c) {
        return &ASCII[at..=at];
    }
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_kebab_case_and_nothing_else() {
        for good in ["a", "a1", "order-desk", "a-1-b", "crm2"] {
            assert_eq!(Slug::new(good).unwrap().as_str(), good);
        }
        for bad in ["A", "1a", "a--b", "-a", "a-", "a_b", "a b", "ä", "../x", "a/b", "a.b", "a\n"] {
            assert!(matches!(Slug::new(bad), Err(SlugError::NotKebab { .. })), "{bad:?}");
        }
        assert_eq!(Slug::new(""), Err(SlugError::Empty));
        assert_eq!(Slug::new(&"a".repeat(41)), Err(SlugError::TooLong(41)));
        assert!(matches!(Slug::new("template-app"), Err(SlugError::Reserved(_))));
        assert!(matches!(Slug::new("pg-x"), Err(SlugError::Reserved(_))));
        assert!(Slug::parse("template-app").is_ok());
    }

    #[test]
    fn spells_itself_in_every_case() {
        let slug = Slug::new("order-desk-2").unwrap();
        assert_eq!(slug.snake(), "order_desk_2");
        assert_eq!(slug.upper_snake(), "ORDER_DESK_2");
        assert_eq!(slug.pascal(), "OrderDesk2");
    }

    #[test]
    fn suggests_what_a_person_would() {
        for (name, slug) in [
            ("Order Desk", Some("order-desk")),
            ("Bob's Café & Bar", Some("bobs-cafe-bar")),
            ("Müller GmbH", Some("mueller-gmbh")),
            ("24 hours", Some("hours")),
            ("A/B  Testing!", Some("a-b-testing")),
            ("漢字", None),
            ("🎉", None),
            ("", None),
        ] {
            assert_eq!(suggest(name).as_deref(), slug, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn every_suggestion_is_a_slug(name in "\\PC{0,80}") {
            if let Some(slug) = suggest(&name) {
                prop_assert!(Slug::parse(&slug).is_ok(), "{slug:?}");
            }
        }
    }
}
