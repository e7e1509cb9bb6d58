//! `$A`, `${A}`, `${A:-word}` and their family, as Compose reads them in env files and in compose files
//! (compose-go's package `template`).
//!
//! Compose finds them with the expression
//! `\$(?i:\$|[_a-z][_a-z0-9]*|{[_a-z][_a-z0-9]*(?::?[-+?](.*))?})`, takes the longest match, and then looks in it for the
//! brace that closes the first. So a word can't hold a line break, braces in it are
//! counted, and letters are those that Go folds to a-z.

/// The maximum nesting of words. Compose has no limit; deeper nesting is a mistake or an attack.
pub(super) const MAX_DEPTH: usize = 64;

/// The operator between a variable's name and the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    /// What the word is for.
    pub(crate) kind: OperatorKind,
    /// Whether an empty variable counts as not set (the colon).
    pub(crate) empty_is_unset: bool,
}

/// The meaning of the word after an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperatorKind {
    /// `-`: used if the variable is not set.
    Default,
    /// `+`: used if the variable is set.
    Alternate,
    /// `?`: the error if the variable is not set.
    Required,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TemplatePiece<'a> {
    /// Literal text. `$$` is a single `$`.
    Text(&'a str),
    /// A variable, with its operator.
    Variable { name: &'a str, word: Option<(Operator, &'a str)> },
}

/// Why a text can't be interpolated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InterpolationError {
    /// `${` without a valid variable: no name, an unknown operator, or not closed on its line.
    Malformed,
    /// `${A?word}` if A is not set, `${A:?word}` also if it is empty.
    Required {
        name: String,
        /// The word, interpolated.
        reason: String,
    },
    /// Words nest too deep.
    TooDeep,
    /// The text grows beyond [`super::expand::MAX_BYTES`].
    TooLong,
}

/// The parts of a text, in order, up to the first error.
#[must_use]
pub(crate) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, closing: None }
}

/// See [`pieces`].
#[derive(Debug)]
pub(crate) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// The end of the current line and its last `}`, computed once a line.
    closing: Option<(usize, Option<usize>)>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<TemplatePiece<'a>, InterpolationError>;

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
            return Some(Ok(TemplatePiece::Text("$")));
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
        Some(Ok(TemplatePiece::Variable { name, word: None }))
    }
}

impl<'a> Pieces<'a> {
    fn plain(&mut self, length: usize) -> TemplatePiece<'a> {
        let text = &self.text[self.at..self.at + length];
        self.at += length;
        TemplatePiece::Text(text)
    }

    /// `${…}`, with `at` on the dollar sign.
    fn braced(&mut self) -> Result<TemplatePiece<'a>, InterpolationError> {
        let start = self.at;
        let name = name(&self.text[start + 2..]);
        let behind = start + 2 + name.len();
        if name.is_empty() {
            return Err(InterpolationError::Malformed);
        }
        if self.text[behind..].starts_with('}') {
            self.at = behind + 1;
            return Ok(TemplatePiece::Variable { name, word: None });
        }
        let (operator, length) = operator(&self.text[behind..]).ok_or(InterpolationError::Malformed)?;
        let word = behind + length;
        let last = self.last_brace(word).filter(|last| *last >= word).ok_or(InterpolationError::Malformed)?;
        let end = closing_brace(&self.text[start..=last]).map_or(last, |end| start + end);
        self.at = end + 1;
        Ok(TemplatePiece::Variable { name, word: Some((operator, &self.text[word..end])) })
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
        b'-' => OperatorKind::Default,
        b'+' => OperatorKind::Alternate,
        b'?' => OperatorKind::Required,
        _ => return None,
    };
    Some((Operator { kind, empty_is_unset: colon }, 1 + usize::from(colon)))
}

/// The brace that closes the first one. As in Compose, the character directly after an opening brace is skipped:
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

/// The text if it uses no variable; `$$` is then a dollar sign.
#[must_use]
pub(crate) fn constant(text: &str) -> Option<String> {
    pieces(text)
        .map(|piece| match piece {
            Ok(TemplatePiece::Text(text)) => Some(text),
            _ => None,
        })
        .collect()
}

/// Every variable that a text names, those in words included.
pub(crate) fn names<'a>(text: &'a str, found: &mut impl FnMut(&'a str)) {
    within(text, MAX_DEPTH, found);
}

fn within<'a>(text: &'a str, depth: usize, found: &mut impl FnMut(&'a str)) {
    for piece in pieces(text) {
        if let Ok(TemplatePiece::Variable { name, word }) = piece {
            found(name);
            if let Some((_, word)) = word
                && depth > 0
            {
                within(word, depth - 1, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_all_variables_and_knows_constants() {
        let mut found = Vec::new();
        names("$A $$B ${C:-${D:+$E}} ${F} }", &mut |name| found.push(name));
        assert_eq!(found, ["A", "C", "D", "E", "F"]);
        assert_eq!(constant("a $$ 5$ b").as_deref(), Some("a $ 5$ b"));
        assert_eq!((constant("$A"), constant("${")), (None, None));
    }

    #[test]
    fn a_problem_ends_the_pieces() {
        let all: Vec<_> = pieces("a${}b$C").collect();
        assert_eq!(all, [Ok(TemplatePiece::Text("a")), Err(InterpolationError::Malformed)]);
    }
}
