//! What the fuzz targets share: values that a hostile text meets, and what must hold of an answer.

use std::collections::BTreeMap;

use scalr::ui::findings::{Format, ValidateReport, render};
use scalr_model::diagnostics::{Finding, Span};
use scalr_model::kind::Kind;
use scalr_model::ports::Block;
use scalr_model::rel_path::RelPath;
use scalr_model::slug::Slug;
use scalr_model::template::Values;

/// A path that is known to be one.
#[must_use]
pub fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path from the root")
}

/// A new app, four levels deep, whose texts hold what rules look for.
#[must_use]
pub fn values() -> Values {
    Values {
        slug: Slug::new("order-desk").expect("a slug"),
        name: "template-app {{ slug }} ../../x".to_owned(),
        description: "a \"quoted\" ${X}\n# text".to_owned(),
        kind: Kind::Product,
        id: "7f2f4a0e-6c0b-4d7e-9a44-0d5f4b8f6a11".to_owned(),
        created: "2026-11-22".to_owned(),
        ports: Block { frontend: 13010, backend: 18010, db: 15433 },
        subnet: None,
        place: path("apps/products/order-desk"),
    }
}

/// Every finding lies in the text that it is about, and can be printed: for people, and in one of the
/// other formats in turn, since those cost more than the check.
pub fn hold(findings: &[Finding], file: &RelPath, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines: Vec<&str> = text.split('\n').collect();
    for finding in findings {
        assert!(!finding.message.is_empty());
        let related = finding.related.iter().map(|related| &related.location);
        for location in related.chain([&finding.location]).filter(|location| location.path == *file) {
            assert!(location.span.is_none_or(|span| inside(span, &lines)), "{finding:#?}");
        }
    }
    let sources = BTreeMap::from([(file.clone(), text.to_owned())]);
    let report = ValidateReport { findings, manifests: 1, sources: &sources, fixed: &[] };
    let others = [Format::Json, Format::Sarif, Format::Github, Format::Junit];
    for format in [Format::Human, others[bytes.len() % others.len()]] {
        assert!(render(&report, format, 100).ends_with('\n'));
    }
}

fn inside(span: Span, lines: &[&str]) -> bool {
    let place = |line: u32, column: u32| {
        let line = (line as usize).checked_sub(1).and_then(|line| lines.get(line));
        line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&(column as usize)))
    };
    place(span.line, span.column)
        && place(span.end_line, span.end_column)
        && (span.line, span.column) <= (span.end_line, span.end_column)
}
