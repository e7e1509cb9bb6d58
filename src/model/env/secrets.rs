//! What must not be shown: variables by their names, values by their form, and texts that hold a secret.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

/// Parts of names that mean a secret wherever they stand: `PGPASSWORD`, `AUTH_TOKEN_URL`.
const ANYWHERE: [&str; 7] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE"];

/// Words that mean a secret when they end a part of a name: `API_KEY`, `APIKEY`, `KEY_ID`, `DB_PASS`.
const WORDS: [&str; 7] = ["KEY", "KEYS", "PASS", "PWD", "SALT", "DSN", "COOKIE"];

/// Shorter secrets are not looked for in other texts: `dev` is part of too many.
const SHORTEST: usize = 6;

/// Whether a variable of this name holds a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    // The shell's own folder is none.
    if name == "PWD" || name == "OLDPWD" {
        return false;
    }
    ANYWHERE.iter().any(|part| name.contains(part))
        || name.split(['_', '-', '.']).any(|part| WORDS.iter().any(|word| part.ends_with(word)))
}

/// Whether a value is a secret by its form: a URL with a password, a private key.
#[must_use]
pub fn is_secret_value(value: &str) -> bool {
    let password = value.match_indices("://").any(|(at, mark)| {
        let authority = value[at + mark.len()..].split(['/', '?', '#']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':') && !user.ends_with(':'))
    });
    password || (value.contains("-----BEGIN") && value.contains("PRIVATE KEY"))
}

/// The secrets of one answer: texts that hold one are not shown either.
#[derive(Debug)]
pub struct Secrets(Option<AhoCorasick>);

impl Secrets {
    /// These secrets, and their lines where one has several.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let lines = secrets.into_iter().flat_map(str::lines).map(str::trim);
        let secrets: BTreeSet<&str> = lines.filter(|secret| secret.len() >= SHORTEST).collect();
        Self(AhoCorasick::new(&secrets).ok().filter(|_| !secrets.is_empty()))
    }

    /// Whether a text holds a secret.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|secrets| secrets.is_match(text))
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
    fn texts_that_hold_a_secret_are_found() {
        let secrets = Secrets::new(["hunter2!", "dev", "  ", "hunter2!", "line one\r\n line two\n"]);
        assert!(secrets.are_in("password is hunter2!") && !secrets.are_in("a dev server"));
        assert!(secrets.are_in("line two") && !Secrets::new([]).are_in("line two"));
    }
}
