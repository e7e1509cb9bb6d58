//! CommonMark: the first heading and the paragraph below it.

use std::ops::Range;

pub(super) fn locate(text: &str, key: &str) -> Result<Range<usize>, String> {
    let (title, after) = title(text).ok_or("there is no heading that begins with `# `")?;
    match key {
        "title" => Ok(title),
        "lead" => lead(text, after).ok_or_else(|| "there is no paragraph below the first heading".to_owned()),
        _ => Err(format!("Markdown has the keys `title` and `lead`, not `{key}`")),
    }
}

/// The text of the first `# ` heading and the beginning of the next line.
fn title(text: &str) -> Option<(Range<usize>, usize)> {
    let mut at = 0;
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        if !fenced && line.starts_with("# ") {
            let content = line.trim_end();
            return Some((at + 2..at + content.len().max(2), at + line.len()));
        }
        at += line.len();
    }
    None
}

/// The lines up to the next empty one.
fn lead(text: &str, after: usize) -> Option<Range<usize>> {
    let start = after + (text[after..].len() - text[after..].trim_start().len());
    let mut end = start;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        end = at + line.trim_end().len();
        at += line.len();
    }
    (end > start && !text[start..].starts_with('#')).then_some(start..end)
}

/// A text on one line, with all Markdown characters escaped. White space that Markdown would
/// fold, and line breaks, become character references (CommonMark, section 2.5).
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    let mut before = ' ';
    for (at, c) in text.chars().enumerate() {
        let edge = at == 0 || at == last || before.is_whitespace();
        match c {
            // Delimiters and openers of inline constructs, MkDocs' `{: }` and `{{ }}` among them.
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$' | '{' | '}' | '#'
            | '^' | '=' => {
                out.push('\\');
                out.push(c);
            }
            // Markers of lists and rules at the beginning of a line.
            '-' | '+' | ':' if at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')'
                if text[..text.char_indices().nth(at).map_or(0, |(byte, _)| byte)]
                    .bytes()
                    .all(|b| b.is_ascii_digit()) =>
            {
                out.push('\\');
                out.push(c);
            }
            c if c.is_whitespace() && (c != ' ' || edge) => out.push_str(&format!("&#{};", c as u32)),
            c => out.push(c),
        }
        before = c;
    }
    out
}

pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let next = rest[1..].chars().next();
            out.push(next.unwrap_or('\\'));
            rest = &rest[1 + next.map_or(0, char::len_utf8)..];
        } else if let Some((read, length)) = reference(rest) {
            out.push(read);
            rest = &rest[length..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// A numeric character reference at the beginning of a text, and its length.
pub(super) fn reference(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("&#")?;
    let end = digits.find(';')?;
    Some((char::from_u32(digits[..end].parse().ok()?)?, end + 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

    /// The plain text of the first heading and of the paragraph below it, from a Markdown parser.
    fn parsed(text: &str) -> (String, String) {
        let (mut title, mut lead) = (String::new(), String::new());
        let mut inside = None;
        for event in Parser::new_ext(text, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => inside = Some(0),
                Event::Start(Tag::Paragraph) => inside = Some(1),
                Event::End(TagEnd::Heading(_)) => inside = None,
                Event::End(TagEnd::Paragraph) => break,
                Event::Text(text) if inside == Some(0) => title += &text,
                Event::Text(text) if inside == Some(1) => lead += &text,
                other => assert!(inside.is_none(), "markup in the text: {other:?}"),
            }
        }
        (title, lead)
    }

    fn written(title: &str, lead: &str) -> String {
        let text = "# Old\n\nOld lead\nin two lines.\n\n- more\n";
        let (a, b) = (locate(text, "title").unwrap(), locate(text, "lead").unwrap());
        format!(
            "{}{}{}{}{}",
            &text[..a.start],
            encode(title),
            &text[a.end..b.start],
            encode(lead),
            &text[b.end..]
        )
    }

    #[test]
    fn finds_the_heading_and_the_paragraph() {
        let text = "<!-- x -->\n```\n# no\n```\n# Order Desk  \r\n\r\nTakes\norders.\n\nMore.\n";
        assert_eq!(&text[locate(text, "title").unwrap()], "Order Desk");
        assert_eq!(&text[locate(text, "lead").unwrap()], "Takes\norders.");
        assert!(locate("text", "title").is_err());
        assert!(locate("# a\n## b\n", "lead").is_err());
    }

    #[test]
    fn plain_prose_stays_readable() {
        assert_eq!(encode("Takes orders (all of them), fast!"), "Takes orders (all of them), fast!");
        assert_eq!(encode("1. first"), "1\\. first");
        assert_eq!(encode("a  b\n"), "a &#32;b&#10;");
    }

    proptest! {
        #[test]
        fn a_real_parser_reads_the_text_back(
            title in "[ -~\\PC\\n\\r\\t]{1,40}".prop_filter("text", |t| crate::text::check(t).is_ok()),
            lead in "[ -~\\n`*_\\[\\]<>&#:=+.()!|~^\\-]{1,40}".prop_filter("text", |t| crate::text::check(t).is_ok()),
        ) {
            let text = written(&title, &lead);
            prop_assert_eq!(parsed(&text), (title.clone(), lead.clone()));
            prop_assert_eq!(decode(&encode(&title)), title);
            prop_assert_eq!(decode(&encode(&lead)), lead);
        }
    }
}
