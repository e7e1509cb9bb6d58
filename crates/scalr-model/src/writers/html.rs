//! HTML: the title and the description of a page.

use std::ops::Range;

use super::markdown::reference;

pub(super) fn locate(text: &str, key: &str) -> Result<Range<usize>, String> {
    match key {
        "title" => between(text, "<title>", "</title>").ok_or_else(|| "there is no <title>".to_owned()),
        "description" => description(text)
            .ok_or_else(|| "there is no <meta name=\"description\" content=\"…\">".to_owned()),
        _ => Err(format!("HTML has the keys `title` and `description`, not `{key}`")),
    }
}

fn between(text: &str, open: &str, close: &str) -> Option<Range<usize>> {
    let start = text.find(open)? + open.len();
    Some(start..start + text[start..].find(close)?)
}

fn description(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(at) = text[from..].find("<meta") {
        let start = from + at;
        let end = start + text[start..].find('>')?;
        let tag = &text[start..end];
        if tag.contains("name=\"description\"") {
            let slot = between(tag, "content=\"", "\"")?;
            return Some(start + slot.start..start + slot.end);
        }
        from = end;
    }
    None
}

/// A text escaped for an element and for a quoted attribute. Line breaks are
/// references, since parsers normalize them; so is `%`, since Vite replaces `%NAME%` in a page.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '%' | '\n' | '\r' | '\t' => out.push_str(&format!("&#{};", c as u32)),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn decode(text: &str) -> String {
    const NAMED: [(&str, char); 4] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = NAMED.iter().find(|(name, _)| rest.starts_with(name)).map(|(name, c)| (*c, name.len()));
        let (read, length) = named.or_else(|| reference(rest)).unwrap_or((c, c.len_utf8()));
        out.push(read);
        rest = &rest[length..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scraper::{Html, Selector};

    const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"description\" content=\"Old\">\n<title>Old</title>\n</head><body></body></html>\n";

    #[test]
    fn finds_title_and_description() {
        assert_eq!(&PAGE[locate(PAGE, "title").unwrap()], "Old");
        assert_eq!(&PAGE[locate(PAGE, "description").unwrap()], "Old");
        assert!(locate("<p>", "title").is_err());
        assert!(locate(PAGE, "h1").is_err());
    }

    proptest! {
        #[test]
        fn a_real_parser_reads_the_text_back(
            text in "[ -~\\PC\\n\\r\\t&<>\"%]{1,60}".prop_filter("text", |t| crate::text::check(t).is_ok()),
        ) {
            let (a, b) = (locate(PAGE, "description").unwrap(), locate(PAGE, "title").unwrap());
            let page = format!("{}{}{}{}{}", &PAGE[..a.start], encode(&text), &PAGE[a.end..b.start], encode(&text), &PAGE[b.end..]);
            let html = Html::parse_document(&page);
            let title = html.select(&Selector::parse("title").unwrap()).next().unwrap().text().collect::<String>();
            let meta = html.select(&Selector::parse("meta[name=description]").unwrap()).next().unwrap();
            prop_assert_eq!(&title, &text);
            prop_assert_eq!(meta.value().attr("content").unwrap(), &text);
            prop_assert_eq!(decode(&encode(&text)), text);
        }
    }
}
