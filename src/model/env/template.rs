//! `$A`, `${A}`, `${A:-word}` and their family, as Compose reads them in env files and in compose files
//! (compose-go's package `template`).
//!
//! Compose finds them with the expression
//! `\$(?i:\$|[_a-z][_a-z0-9]*|{[_a-z][_a-z0-9]*(?::?[-+?](.*))?})`, takes the longest match, and then looks in it for the
//! brace that closes the first. What follows from that is kept here: a word can't hold a line break, braces in it are
//! counted, and letters are those that Go folds to a-z.

/// How deep words may nest. Compose has no limit; deeper is a mistake or an attack.
const MAX_DEPTH: usize = 64;

/// How long a text may grow, in bytes. Compose has no limit: thirty lines of `B=${A}${A}` take all its memory.
pub const MAX_BYTES: usize = 1024 * 1024;

/// What stands between a variable's name and the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// What the word is for.
    pub kind: Kind,
    /// Whether an empty variable counts as one that is not set: the colon.
    pub empty_is_unset: bool,
}

/// What the word behind an operator is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `-`: taken where the variable is not set.
    Default,
    /// `+`: taken where the variable is set.
    Alternate,
    /// `?`: the error where the variable is not set.
    Required,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What stands for itself. `$$` is a `$` by itself.
    Text(&'a str),
    /// A variable, with what is to happen where it is set or is not.
    Variable {
        /// Its name.
        name: &'a str,
        /// The operator and the word.
        word: Option<(Operator, &'a str)>,
    },
}

/// Why a text can't be interpolated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// `${` that begins no variable: no name, an unknown operator, never closed on its line.
    Malformed,
    /// `${A?word}` where A is not set, `${A:?word}` where it is empty either.
    Required {
        /// The variable.
        name: String,
        /// The word, interpolated.
        reason: String,
    },
    /// Words nest deeper than scalr follows.
    TooDeep,
    /// The text grows beyond [`MAX_BYTES`].
    TooLong,
}

/// The parts of a text, in order. After a problem there are no more.
#[must_use]
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, closing: None }
}

/// See [`pieces`].
#[derive(Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// The end of the line that was looked at last, and where its last `}` is: looked up once a line.
    closing: Option<(usize, Option<usize>)>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let Some(behind) = rest.strip_prefix('$') else {
            return Some(Ok(self.plain(rest.find('$').unwrap_or(rest.len()))));
        };
        if behind.starts_with('$') {
            self.at += 2;
            return Some(Ok(Piece::Text("$")));
        }
        if behind.starts_with('{') {
            let piece = self.braced();
            if piece.is_err() {
                self.at = self.text.len();
            }
            return Some(piece);
        }
        let name = name(behind);
        if name.is_empty() {
            return Some(Ok(self.plain(1)));
        }
        self.at += 1 + name.len();
        Some(Ok(Piece::Variable { name, word: None }))
    }
}

impl<'a> Pieces<'a> {
    fn plain(&mut self, length: usize) -> Piece<'a> {
        let text = &self.text[self.at..self.at + length];
        self.at += length;
        Piece::Text(text)
    }

    /// `${…}`, with `at` on the dollar sign.
    fn braced(&mut self) -> Result<Piece<'a>, Problem> {
        let start = self.at;
        let name = name(&self.text[start + 2..]);
        let behind = start + 2 + name.len();
        if name.is_empty() {
            return Err(Problem::Malformed);
        }
        if self.text[behind..].starts_with('}') {
            self.at = behind + 1;
            return Ok(Piece::Variable { name, word: None });
        }
        let (operator, length) = operator(&self.text[behind..]).ok_or(Problem::Malformed)?;
        let word = behind + length;
        let last = self.last_brace(word).filter(|last| *last >= word).ok_or(Problem::Malformed)?;
        let end = closing_brace(&self.text[start..=last]).map_or(last, |end| start + end);
        self.at = end + 1;
        Ok(Piece::Variable { name, word: Some((operator, &self.text[word..end])) })
    }

    /// The last `}` on the line of this place.
    fn last_brace(&mut self, at: usize) -> Option<usize> {
        if let Some((end, last)) = self.closing
            && at <= end
        {
            return last;
        }
        let line = &self.text[at..];
        let line = &line[..line.find('\n').unwrap_or(line.len())];
        let last = line.rfind('}').map(|brace| at + brace);
        self.closing = Some((at + line.len(), last));
        last
    }
}

/// `[_a-z][_a-z0-9]*` at the beginning of a text, in upper or lower case.
fn name(text: &str) -> &str {
    let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '\u{17f}' | '\u{212a}');
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, first)) if letter(first) => {
            let end = chars.find(|(_, c)| !(letter(*c) || c.is_ascii_digit()));
            &text[..end.map_or(text.len(), |(at, _)| at)]
        }
        _ => "",
    }
}

fn operator(text: &str) -> Option<(Operator, usize)> {
    let colon = text.starts_with(':');
    let kind = match text.as_bytes().get(usize::from(colon))? {
        b'-' => Kind::Default,
        b'+' => Kind::Alternate,
        b'?' => Kind::Required,
        _ => return None,
    };
    Some((Operator { kind, empty_is_unset: colon }, 1 + usize::from(colon)))
}

/// The brace that closes the first one. The character right behind an opening brace is passed over, as Compose does:
/// `${A:-{}}` has no closing brace by this count, and is then read to the end of the match.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_i64;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'}' => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            b'{' => {
                open += 1;
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

/// The text where it needs no variable: `$$` is then a dollar sign.
#[must_use]
pub fn constant(text: &str) -> Option<String> {
    pieces(text)
        .map(|piece| match piece {
            Ok(Piece::Text(text)) => Some(text),
            _ => None,
        })
        .collect()
}

/// Every variable that a text names, those in words included.
pub fn names<'a>(text: &'a str, found: &mut impl FnMut(&'a str)) {
    within(text, MAX_DEPTH, found);
}

fn within<'a>(text: &'a str, depth: usize, found: &mut impl FnMut(&'a str)) {
    for piece in pieces(text) {
        if let Ok(Piece::Variable { name, word }) = piece {
            found(name);
            if let Some((_, word)) = word
                && depth > 0
            {
                within(word, depth - 1, found);
            }
        }
    }
}

/// What interpolation asks for variables, and tells of them.
pub trait Variables {
    /// The value of a variable, nothing where it is not set.
    fn get(&mut self, name: &str) -> Option<&str>;

    /// What a variable came to.
    fn used(&mut self, _name: &str, _outcome: Outcome<'_>) {}
}

/// What a variable in a text came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Its own value was taken.
    Own,
    /// This was taken in its place: the default, the alternate, or nothing for an alternate that does not count.
    Word(&'a str),
    /// It is not set, there is no word for that, and Compose warns of it and takes an empty text.
    Blank,
}

/// Interpolates a text. `eager` computes words that are not taken too ([`super::Rules::eager_words`]).
/// The problem is the first one, as in Compose.
pub fn expand(text: &str, eager: bool, variables: &mut dyn Variables) -> Result<String, Problem> {
    expand_at(text, eager, variables, MAX_DEPTH)
}

fn expand_at(
    text: &str,
    eager: bool,
    variables: &mut dyn Variables,
    depth: usize,
) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece? {
            Piece::Text(text) => out.push_str(text),
            Piece::Variable { name, word: None } => {
                let value = variables.get(name);
                out.push_str(value.unwrap_or_default());
                let outcome = if value.is_some() { Outcome::Own } else { Outcome::Blank };
                variables.used(name, outcome);
            }
            Piece::Variable { name, word: Some((operator, word)) } => {
                let depth = depth.checked_sub(1).ok_or(Problem::TooDeep)?;
                let value = variables.get(name);
                let there = value.is_some();
                let set = value.is_some_and(|value| !(operator.empty_is_unset && value.is_empty()));
                if set == (operator.kind == Kind::Alternate) {
                    let text = expand_at(word, eager, variables, depth)?;
                    if operator.kind == Kind::Required {
                        return Err(Problem::Required { name: name.to_owned(), reason: text });
                    }
                    out.push_str(&text);
                    variables.used(name, Outcome::Word(&text));
                } else {
                    out.push_str(value.unwrap_or_default());
                    if eager {
                        expand_at(word, eager, &mut Silent(variables), depth)?;
                    }
                    variables.used(name, if there { Outcome::Own } else { Outcome::Word("") });
                }
            }
        }
        if out.len() > MAX_BYTES {
            return Err(Problem::TooLong);
        }
    }
    Ok(out)
}

/// Words that are computed but not taken use nothing.
struct Silent<'a>(&'a mut dyn Variables);

impl Variables for Silent<'_> {
    fn get(&mut self, name: &str) -> Option<&str> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    impl Variables for BTreeMap<&str, &str> {
        fn get(&mut self, name: &str) -> Option<&str> {
            BTreeMap::get(self, name).copied()
        }
    }

    fn expanded(text: &str) -> Result<String, Problem> {
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
            assert_eq!(expanded(text), Err(Problem::Malformed), "{text}");
        }
        let required = |name: &str, reason: &str| {
            Err(Problem::Required { name: name.to_owned(), reason: reason.to_owned() })
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
        assert_eq!(expand("${U:+${}}", true, &mut variables), Err(Problem::Malformed));
        assert_eq!(expand("${A:-${U}}", true, &mut variables).unwrap(), "1");
    }

    #[test]
    fn names_all_variables_and_knows_constants() {
        let mut found = Vec::new();
        names("$A $$B ${C:-${D:+$E}} ${F} }", &mut |name| found.push(name));
        assert_eq!(found, ["A", "C", "D", "E", "F"]);
        assert_eq!(constant("a $$ 5$ b").as_deref(), Some("a $ 5$ b"));
        assert_eq!((constant("$A"), constant("${")), (None, None));
    }

    #[test]
    fn hostile_texts_cost_linear_time_and_bounded_memory() {
        let n = 100_000;
        for text in [
            "${A:-x}".repeat(n),
            "${A:-".repeat(n),
            "${U:-{".repeat(n) + "}",
            "${U:-".repeat(n) + &"}".repeat(n),
            "$".repeat(n),
            "${A:-\n".repeat(n) + "}",
        ] {
            for eager in [false, true] {
                let _ = expand(&text, eager, &mut BTreeMap::from([("A", "one")]));
            }
            names(&text, &mut |_| {});
        }
        let long = "x".repeat(MAX_BYTES / 2);
        let mut variables = BTreeMap::from([("A", long.as_str())]);
        assert_eq!(expand("$A$A$A$A", false, &mut variables), Err(Problem::TooLong));
        assert_eq!(expanded(&("${U:-".repeat(70) + &"}".repeat(70))), Err(Problem::TooDeep));
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
