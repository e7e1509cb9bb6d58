//! Any text as a file of the template whose paths are re-pointed: each leads where it led before.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scalr_fuzz::{path, values};
use scalr_model::manifest::Manifest;
use scalr_model::rel_path::RelPath;
use scalr_model::template::{RuleFile, Rules, TemplateSource, SourceKind, check, render};

/// Paths only: no token is replaced, so that nothing else moves a path.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let text = "schema_version: 1\ntokens: []\nset: []\npaths:\n\
        - {files: ['**'], base: file, reason: x}\n- {files: ['**'], base: repository, reason: x}\n";
    let rules = RuleFile::parse(&path("template-app/template.yml"), text.as_bytes()).expect("rules");
    rules.evaluate(&values()).expect("rules without expressions")
});

fuzz_target!(|input: (&str, &str)| {
    let (name, text) = input;
    let base = path("template-app/frontend");
    if let Ok(parsed) = RelPath::new(name) {
        assert!(parsed.parts().all(|part| part != ".." && part != "." && !part.is_empty()));
        assert_eq!(base.resolve(&parsed.relative_from(&base)), Some(parsed));
    }
    let _ = base.resolve(name);

    let home = path("template-app");
    let source = |file: &str, kind| TemplateSource { path: path(file), kind };
    let sources = [
        source("frontend/src/x.txt", SourceKind::File { bytes: text.as_bytes().to_vec(), mode: 0o644 }),
        source("x.txt", SourceKind::File { bytes: text.as_bytes().to_vec(), mode: 0o644 }),
    ];
    let rendered = render(&sources, &home, &RULES, &values()).expect("any text can be rendered");
    let violations = check(&sources, &rendered, &home, &Manifest::default(), &RULES, &values());
    assert!(violations.is_empty(), "{violations:#?}");

    let link = [source("frontend/link", SourceKind::Symlink { target: name.to_owned() })];
    let _ = render(&link, &home, &RULES, &values());
});
