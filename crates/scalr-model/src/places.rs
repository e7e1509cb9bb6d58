//! Byte offsets of a text as lines and columns.

use std::ops::Range;

use memchr::{memchr_iter, memrchr};

use super::diagnostics::Span;

/// A cursor over a text. Offsets in ascending order cost one pass in total.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    text: &'a str,
    byte: usize,
    line: u32,
    column: u32,
}

impl<'a> Places<'a> {
    /// A cursor at the beginning of a text.
    #[must_use]
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, byte: 0, line: 1, column: 1 }
    }

    /// The stretch that a range of bytes is.
    pub(crate) fn span(&mut self, bytes: Range<usize>) -> Span {
        let (line, column) = self.at(bytes.start);
        let (end_line, end_column) = self.at(bytes.end);
        Span { line, column, end_line, end_column }
    }

    /// The line and column of a byte offset, both counted from 1.
    pub(crate) fn at(&mut self, byte: usize) -> (u32, u32) {
        let byte = byte.min(self.text.len());
        if byte < self.byte {
            *self = Self::new(self.text);
        }
        let passed = &self.text.as_bytes()[self.byte..byte];
        let line = match memrchr(b'\n', passed) {
            None => passed,
            Some(end) => {
                let lines = memchr_iter(b'\n', passed).count();
                self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
                self.column = 1;
                &passed[end + 1..]
            }
        };
        // UTF-8: every byte begins a character but those from 0x80 to 0xBF.
        let characters = line.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
        self.column = self.column.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX));
        self.byte = byte;
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let mut places = Places::new("zwölf\nab\n");
        assert_eq!(places.span(0..6), Span::on_line(1, 1, 5));
        assert_eq!(places.at(8), (2, 2));
        assert_eq!(places.at(1), (1, 2));
        assert_eq!(places.at(100), (3, 1));
    }
}
