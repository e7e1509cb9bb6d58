//! Any text as registered-apps.txt: reading, adding a line, taking every line out.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scalr_fuzz::{hold, path};
use scalr_model::diagnostics::Fix;
use scalr_model::plan;
use scalr_model::registry;

fuzz_target!(|text: &str| {
    let file = path(registry::FILE_NAME);
    let entries = registry::parse(text);
    let findings = registry::check(&file, &entries, |folder| folder.as_str().len() % 2 == 0);
    hold(&findings, &file, text.as_bytes());

    let new = path("apps/new");
    let after = registry::append(text, &[&new]);
    assert!(after.starts_with(text));
    assert!(registry::parse(&after).iter().any(|entry| entry.path.as_ref() == Ok(&new)));
    assert_eq!(registry::append(&after, &[&new]), after);

    // What `--fix` does is complete, and doing it again changes nothing.
    let fixes = findings.iter().filter_map(|finding| finding.fix.clone());
    for edit in plan::edits(fixes.chain([Fix::Register { path: new.clone() }])) {
        let fixed = edit.apply(text).expect("registered-apps.txt can be edited");
        let entries = registry::parse(&fixed);
        let left =
            registry::check(&file, &entries, |folder| *folder == new || folder.as_str().len() % 2 == 0);
        assert!(left.is_empty(), "{left:#?}");
    }
});
