//! Any bytes as template.yml, carried out on a small template.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scalr_fuzz::{hold, path, values};
use scalr_model::manifest::Manifest;
use scalr_model::template::{RuleFile, TemplateSource, SourceKind, check, render};

const FILES: [(&str, &str); 6] = [
    ("app.manifest.yml", "slug: template-app\nname: Template App\nports: {db: 15432}\n"),
    ("package.json", "{\"name\": \"template-app\", \"deps\": {\"ui\": \"file:../packages/ui\"}}\n"),
    (".env.app", "APP_SLUG=template-app\nDB_PORT=15432\n"),
    ("README.md", "# Template App\n\nWhat it is for.\n"),
    (
        "index.html",
        "<html><head><title>Template App</title><meta name=\"description\" content=\"x\"></head></html>\n",
    ),
    ("template-app/Dockerfile", "COPY template-app/backend ./\n"),
];

fuzz_target!(|bytes: &[u8]| {
    let file = path("template-app/template.yml");
    let rules = RuleFile::parse(&file, bytes).and_then(|rules| rules.evaluate(&values()));
    let rules = match rules {
        Ok(rules) => rules,
        Err(findings) => {
            assert!(!findings.is_empty());
            return hold(&findings, &file, bytes);
        }
    };
    let source = |(name, text): (&str, &str)| TemplateSource {
        path: path(name),
        kind: SourceKind::File { bytes: text.as_bytes().to_vec(), mode: 0o644 },
    };
    let sources = FILES.map(source);
    let home = path("template-app");
    if let Ok(rendered) = render(&sources, &home, &rules, &values()) {
        let _ = check(&sources, &rendered, &home, &Manifest::default(), &rules, &values());
    }
});
