//! Detection of secrets: variables by their names, values by their form, and texts that contain a secret.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

/// Parts of names that mean a secret in any position: `PGPASSWORD`, `AUTH_TOKEN_URL`.
const ANYWHERE: [&str; 7] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE"];

/// Words that mean a secret when they end a part of a name: `API_KEY`, `APIKEY`, `KEY_ID`, `DB_PASS`.
const WORDS: [&str; 7] = ["KEY", "KEYS", "PASS", "PWD", "SALT", "DSN", "COOKIE"];

/// Shorter secrets are not searched for in other texts: `dev` occurs in too many.
const SHORTEST: usize = 6;

/// Whether a variable of this name holds a secret.
#[must_use]
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    // The shell's working directory is not a secret.
    if name == "PWD" || name == "OLDPWD" {
        return false;
    }
    ANYWHERE.iter().any(|part| name.contains(part))
        || name.split(['_', '-', '.']).any(|part| WORDS.iter().any(|word| part.ends_with(word)))
}

/// Whether a variable is a secret because it is in a file of secrets. scalr's own settings in it are not.
#[must_use]
pub(crate) fn is_secret_there(name: &str) -> bool {
    !name.starts_with("SCALR_") || is_secret_name(name)
}

/// Whether a value is a secret by its form: a URL with a password, a private key.
#[must_use]
pub(crate) fn is_secret_value(value: &str) -> bool {
    let password = value.match_indices("://").any(|(at, mark)| {
        let authority = value[at + mark.len()..].split(['/', '?', '#']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':') && !user.ends_with(':'))
    });
    password || (value.contains("-----BEGIN") && value.contains("PRIVATE KEY"))
}

/// The replacement for a secret.
const MASK: &str = "***";

/// Finds secrets in texts.
#[derive(Debug, Clone, Default)]
pub struct Secrets(Option<AhoCorasick>);

impl Secrets {
    /// Searches for these secrets, and for each line of a secret with several lines.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let lines = secrets.into_iter().flat_map(str::lines).map(str::trim);
        let secrets: BTreeSet<&str> = lines.filter(|secret| secret.len() >= SHORTEST).collect();
        // The longest secret first, so that a secret that begins with another one is replaced as a whole.
        let kind = aho_corasick::MatchKind::LeftmostLongest;
        let automaton = AhoCorasick::builder().match_kind(kind).build(&secrets);
        Self(automaton.ok().filter(|_| !secrets.is_empty()))
    }

    /// Whether a text holds a secret.
    #[must_use]
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|secrets| secrets.is_match(text))
    }

    /// The text without the secrets.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let Some(secrets) = &self.0 else { return text.to_owned() };
        let mut out = String::with_capacity(text.len());
        secrets.replace_all_with(text, &mut out, |_, _, out| {
            out.push_str(MASK);
            true
        });
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_secrets() {
        for name in [
            "POSTGRES_PASSWORD",
            "PGPASSWORD",
            "db_passwd",
            "SIGNING_SECRET",
            "AUTH_TOKEN_URL",
            "API_KEY",
            "APIKEY",
            "AWS_ACCESS_KEY_ID",
            "DB_PASS",
            "PASSPHRASE",
            "SSH_PRIVATE",
            "SENTRY_DSN",
            "MYSQL_PWD",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["PWD", "APP_SLUG", "DB_PORT", "KEYCLOAK_URL", "KEYBOARD", "PASSENGER_COUNT", ""] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn values_tell_secrets() {
        for value in ["postgres://u:p@h/db", "see https://a:b@c", "-----BEGIN RSA PRIVATE KEY-----\nx"] {
            assert!(is_secret_value(value), "{value}");
        }
        for value in
            ["postgres://u@h:5432/db", "http://h:80/a@b:c", "u:p@h", "https://auth.", "postgres://u:@h"]
        {
            assert!(!is_secret_value(value), "{value}");
        }
    }

    #[test]
    fn secrets_go_and_the_rest_stays() {
        let secrets = Secrets::new(["hunter2hunter2", "hunter2", "dev", "line-one\nline-two"]);
        assert_eq!(secrets.clean("a hunter2hunter2 b dev hunter2! line-two"), "a *** b dev ***! ***");
        assert_eq!(Secrets::default().clean("x"), "x");
    }

    #[test]
    fn texts_that_hold_a_secret_are_found() {
        let secrets = Secrets::new(["hunter2!", "dev", "  ", "hunter2!", "line one\r\n line two\n"]);
        assert!(secrets.are_in("password is hunter2!") && !secrets.are_in("a dev server"));
        assert!(secrets.are_in("line two") && !Secrets::new([]).are_in("line two"));
    }
}
