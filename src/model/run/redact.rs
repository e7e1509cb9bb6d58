//! Secrets: which variables hold one, and texts without their values.

use aho_corasick::AhoCorasick;

/// Values shorter than this are not looked for: `1` or `dev` is in every text.
const SHORTEST: usize = 6;

/// Parts of names that mean a secret.
const WORDS: [&str; 12] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "API_KEY",
    "PRIVATE",
    "CREDENTIAL",
    "DSN",
    "ACCESS_KEY",
    "SIGNING_KEY",
];

/// Whether a variable of this name holds a secret.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word))
        || name.ends_with("_KEY")
        || name.ends_with("_PASS")
        || name == "KEY"
}

/// Finds the values of secrets in texts.
#[derive(Debug, Clone, Default)]
pub struct Redactor(Option<AhoCorasick>);

/// What stands in the place of a value.
const MASK: &str = "***";

impl Redactor {
    /// Looks for these values, and for their lines where one has several.
    #[must_use]
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let values = values.into_iter().flat_map(|value| value.lines().map(str::trim).chain([value]));
        let mut values: Vec<&str> = values.filter(|value| value.len() >= SHORTEST).collect();
        // The longest first, so that a value that begins with another one goes as a whole.
        values.sort_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
        values.dedup();
        let kind = aho_corasick::MatchKind::LeftmostLongest;
        Self(AhoCorasick::builder().match_kind(kind).build(&values).ok().filter(|_| !values.is_empty()))
    }

    /// The text without the values.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        match &self.0 {
            Some(values) => {
                let mut out = String::with_capacity(text.len());
                values.replace_all_with(text, &mut out, |_, _, out| {
                    out.push_str(MASK);
                    true
                });
                out
            }
            None => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_name() {
        for name in
            ["POSTGRES_PASSWORD", "JWT_SECRET", "GITHUB_TOKEN", "STRIPE_API_KEY", "SENTRY_DSN", "DB_PASS"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["SCALR_PUBLIC_DOMAIN", "DB_PORT", "APP_NAME", "KEYBOARD", "PASSAGE"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn values_go_and_the_rest_stays() {
        let redactor = Redactor::new(["hunter2hunter2", "hunter2", "dev", "line-one\nline-two"]);
        assert_eq!(redactor.clean("a hunter2hunter2 b dev hunter2! line-two"), "a *** b dev ***! ***");
        assert_eq!(Redactor::default().clean("x"), "x");
    }
}
