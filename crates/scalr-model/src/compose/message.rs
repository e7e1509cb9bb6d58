//! Compose's output lines, made readable.

/// A line of Compose without its time stamp and level: `time="…" level=warning msg="…"` becomes the message.
#[must_use]
pub fn plain(line: &str) -> String {
    let line = line.trim();
    let logged = line.split_once(" msg=").filter(|_| line.starts_with("time="));
    match logged {
        Some((_, message)) => message.trim_matches('"').replace("\\\"", "\"").replace("\\n", " "),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn only_a_logged_line_has_a_message() {
        let logged = r#"time="2026-11-22T22:50:51Z" level=warning msg="The \"X\" variable\nis not set""#;
        assert_eq!(plain(logged), "The \"X\" variable is not set");
        assert_eq!(plain("  Container a msg=b  "), "Container a msg=b");
    }
}
