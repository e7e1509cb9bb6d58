//! Any bytes as the file of `new-app --answers`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scalr_fuzz::{hold, path};
use scalr_model::answers;

fuzz_target!(|bytes: &[u8]| {
    let file = path("answers.yml");
    match answers::parse(&file, bytes) {
        Err(findings) => {
            assert!(!findings.is_empty());
            hold(&findings, &file, bytes);
        }
        Ok((given, findings)) => {
            hold(&findings, &file, bytes);
            let taken = |slug: &str| (slug == "taken").then(|| path("apps/taken"));
            match answers::check(&given, taken) {
                Ok(answers) => assert_eq!(Some(answers.name), given.name),
                Err(problems) => assert!(!problems.is_empty()),
            }
        }
    }
});
