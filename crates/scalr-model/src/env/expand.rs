//! Interpolation of texts with `${…}`.

use super::template::{InterpolationError, MAX_DEPTH, OperatorKind, TemplatePiece, pieces};

/// The maximum size of a text, in bytes. Compose has no limit: thirty lines of `B=${A}${A}` exhaust its memory.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;

/// Provides the variables of an interpolation, and records their use.
pub trait Variables {
    /// The value of a variable; `None` if it is not set.
    fn get(&mut self, name: &str) -> Option<&str>;

    /// Records the result of a variable.
    fn used(&mut self, _name: &str, _outcome: Substitution<'_>) {}
}

/// The result of a variable in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Substitution<'a> {
    /// Its own value is used.
    Own,
    /// This is used instead: the default, the alternate, or the empty text without an alternate.
    Word(&'a str),
    /// It is not set and has no default; Compose warns and uses an empty text.
    Blank,
}

/// Interpolates a text. `eager` also computes words that are not used ([`super::Rules::eager_words`]).
/// The error is the first one, as in Compose.
pub fn expand(text: &str, eager: bool, variables: &mut dyn Variables) -> Result<String, InterpolationError> {
    expand_at(text, eager, variables, MAX_DEPTH)
}

fn expand_at(
    text: &str,
    eager: bool,
    variables: &mut dyn Variables,
    depth: usize,
) -> Result<String, InterpolationError> {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece? {
            TemplatePiece::Text(text) => out.push_str(text),
            TemplatePiece::Variable { name, word: None } => {
                let value = variables.get(name);
                out.push_str(value.unwrap_or_default());
                let outcome = if value.is_some() { Substitution::Own } else { Substitution::Blank };
                variables.used(name, outcome);
            }
            TemplatePiece::Variable { name, word: Some((operator, word)) } => {
                let depth = depth.checked_sub(1).ok_or(InterpolationError::TooDeep)?;
                let value = variables.get(name);
                let there = value.is_some();
                let set = value.is_some_and(|value| !(operator.empty_is_unset && value.is_empty()));
                if set == (operator.kind == OperatorKind::Alternate) {
                    let text = expand_at(word, eager, variables, depth)?;
                    if operator.kind == OperatorKind::Required {
                        return Err(InterpolationError::Required { name: name.to_owned(), reason: text });
                    }
                    out.push_str(&text);
                    variables.used(name, Substitution::Word(&text));
                } else {
                    out.push_str(value.unwrap_or_default());
                    if eager {
                        expand_at(word, eager, &mut Silent(variables), depth)?;
                    }
                    variables.used(name, if there { Substitution::Own } else { Substitution::Word("") });
                }
            }
        }
        if out.len() > MAX_BYTES {
            return Err(InterpolationError::TooLong);
        }
    }
    Ok(out)
}

/// Words that are computed but not used record no variables.
struct Silent<'a>(&'a mut dyn Variables);

impl Variables for Silent<'_> {
    fn get(&mut self, name: &str) -> Option<&str> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::template::names;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    impl Variables for BTreeMap<&str, &str> {
        fn get(&mut self, name: &str) -> Option<&str> {
            BTreeMap::get(self, name).copied()
        }
    }

    fn expanded(text: &str) -> Result<String, InterpolationError> {
        let mut variables = BTreeMap::from([("A", "one"), ("E", ""), ("_x9", "nine"), ("J", "{\"a\":1}")]);
        expand(text, false, &mut variables)
    }

    #[test]
    fn takes_variables_defaults_and_alternates() {
        for (text, value) in [
            ("", ""),
            ("plain } { : - text", "plain } { : - text"),
            ("$A ${A} ${_x9}$_x9!", "one one ninenine!"),
            ("$A-B ${A}B $AB.", "one-B oneB ."),
            ("$$A $${A} $$$A", "$A ${A} $one"),
            ("5$ $ $1 $-", "5$ $ $1 $-"),
            ("[${U}] [$U]", "[] []"),
            ("[${A:-d}] [${E:-d}] [${U:-d}]", "[one] [d] [d]"),
            ("[${A-d}] [${E-d}] [${U-d}]", "[one] [] [d]"),
            ("[${A:+d}] [${E:+d}] [${U:+d}]", "[d] [] []"),
            ("[${A+d}] [${E+d}] [${U+d}]", "[d] [d] []"),
            ("[${A:?d}] [${A?d}] [${E?d}]", "[one] [one] []"),
            ("${U:-a:-b-c?d+e}", "a:-b-c?d+e"),
            ("${U-:-x} ${U:-} ${U-}.", ":-x  ."),
            ("${U:-${A}} ${U:-${U:-${E:-deep}}} ${U:-$A$A}", "one deep oneone"),
            ("${U:-x} and ${U:-y} and ${A}", "x and y and one"),
            ("${U:-$$A} ${U:-$}", "$A $"),
            // Braces in a word are counted...
            ("${U:-{\"k\": {\"l\": 1}}}", "{\"k\": {\"l\": 1}}"),
            ("${J}${U:-x}}", "{\"a\":1}x}"),
            // ...but for the one right behind an opening brace.
            ("${U:-{}}", "{}"),
            ("${U:-{} b", "{ b"),
            ("a\n${U:-b}\nc}", "a\nb\nc}"),
            // Go folds the long s and the Kelvin sign to letters.
            ("$\u{17f}x. ${\u{212a}:-k}", ". k"),
            ("$ä ${U:-ä}", "$ä ä"),
        ] {
            assert_eq!(expanded(text), Ok(value.to_owned()), "{text}");
        }
    }

    #[test]
    fn refuses_what_compose_refuses() {
        for text in [
            "${",
            "${}",
            "${A",
            "${A B}",
            "${9}",
            "${A:d}",
            "${A:}",
            "${A!x}",
            "${A:-b\n}",
            "x ${-A} y",
            "${U:-${}}",
            "${U:-{}} ${A}",
        ] {
            assert_eq!(expanded(text), Err(InterpolationError::Malformed), "{text}");
        }
        let required = |name: &str, reason: &str| {
            Err(InterpolationError::Required { name: name.to_owned(), reason: reason.to_owned() })
        };
        assert_eq!(expanded("${U?}"), required("U", ""));
        assert_eq!(expanded("${E:?set $A first} ${"), required("E", "set one first"));
        assert_eq!(expanded("${U:-${U:?x}}"), required("U", "x"));
    }

    #[test]
    fn words_that_are_not_taken_count_only_where_compose_is_eager() {
        let mut variables = BTreeMap::from([("A", "1")]);
        assert_eq!(expand("${A:-${U:?x}}${U:+${}}", false, &mut variables).unwrap(), "1");
        assert!(expand("${A:-${U:?x}}", true, &mut variables).is_err());
        assert_eq!(expand("${U:+${}}", true, &mut variables), Err(InterpolationError::Malformed));
        assert_eq!(expand("${A:-${U}}", true, &mut variables).unwrap(), "1");
    }

    /// Counts how often a variable is asked for.
    struct Counter(usize);

    impl Variables for Counter {
        fn get(&mut self, name: &str) -> Option<&str> {
            self.0 += 1;
            (name == "A").then_some("one")
        }
    }

    #[test]
    fn each_variable_of_a_hostile_text_is_asked_for_once_at_most() {
        let n = 100_000;
        for (text, closed) in [
            ("${A:-x}".repeat(n), true),
            ("${A:-".repeat(n), false),
            ("${U:-{".repeat(n) + "}", false),
            ("${U:-".repeat(n) + &"}".repeat(n), false),
            ("$".repeat(n), true),
            ("${A:-\n".repeat(n) + "}", false),
        ] {
            for eager in [false, true] {
                let mut counter = Counter(0);
                let start = &text[..20];
                assert_eq!(expand(&text, eager, &mut counter).is_ok(), closed, "{start}");
                assert!(counter.0 <= n, "{start}: {} questions", counter.0);
            }
            let mut names_found = 0;
            names(&text, &mut |_| names_found += 1);
            assert!(names_found <= n, "{}: {names_found} names", &text[..20]);
        }
    }

    #[test]
    fn neither_length_nor_depth_is_without_bounds() {
        let long = "x".repeat(MAX_BYTES / 2);
        let mut variables = BTreeMap::from([("A", long.as_str())]);
        assert_eq!(expand("$A$A$A$A", false, &mut variables), Err(InterpolationError::TooLong));
        assert_eq!(expanded(&("${U:-".repeat(70) + &"}".repeat(70))), Err(InterpolationError::TooDeep));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\PC\n$${}A:+?-]{0,80}", eager: bool) {
            let _ = expand(&text, eager, &mut BTreeMap::from([("A", "one")]));
            names(&text, &mut |_| {});
        }

        #[test]
        fn a_text_without_dollars_is_itself(text in "[^$]{0,80}") {
            prop_assert_eq!(expanded(&text), Ok(text));
        }
    }
}
