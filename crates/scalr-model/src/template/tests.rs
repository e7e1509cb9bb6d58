//! The rules as a whole, on templates of a few lines: render, then check.

use proptest::prelude::*;

use super::*;
use crate::kind::Kind;
use crate::manifest::{Manifest, Spanned};
use crate::ports::Block;
use crate::slug::Slug;

const RULES: &str = "\
schema_version: 1
tokens:
  - {find: template-app, replace: slug, reason: slug}
  - {find: template_app, replace: slug | snake, reason: snake}
  - {find: TemplateApp, replace: slug | pascal, reason: pascal}
  - {find: repo/template-app, replace: \"'repo/' ~ app_path\", reason: image}
  - {find: '13000', replace: ports.frontend, files: [README.md], reason: port}
paths:
  - {files: ['**'], base: file, reason: outside}
  - {files: [Dockerfile, '**/Dockerfile'], base: repository, reason: context}
set:
  - {file: README.md, format: markdown, values: {title: name}, reason: name}
";

fn values(slug: &str, name: &str, kind: Kind) -> Values {
    let slug = Slug::new(slug).unwrap();
    Values {
        place: kind.place(&slug),
        slug,
        name: name.to_owned(),
        description: "D".to_owned(),
        kind,
        id: "11111111-1111-4111-8111-111111111111".to_owned(),
        created: "2026-11-22".to_owned(),
        ports: Block { frontend: 13010, backend: 18010, db: 15433 },
        subnet: None,
    }
}

fn source(path: &str, text: &str) -> TemplateSource {
    let kind = SourceKind::File { bytes: text.as_bytes().to_vec(), mode: 0o644 };
    TemplateSource { path: RelPath::new(path).unwrap(), kind }
}

fn template() -> Manifest {
    let span = crate::diagnostics::Span::START;
    Manifest {
        slug: Some(Spanned { value: "template-app".to_owned(), span }),
        name: Some("Template App".to_owned()),
        ..Manifest::default()
    }
}

/// Renders files beside a README; the texts by path, and what the check says.
fn render_files(files: &[(&str, &str)], values: &Values) -> (Vec<(String, String)>, Vec<Violation>) {
    let mut sources = vec![source("README.md", "# Template App\n\nOn 13000.\n")];
    sources.extend(files.iter().map(|(path, text)| source(path, text)));
    let rules_path = RelPath::new("template-app/template.yml").unwrap();
    let rules = RuleFile::parse(&rules_path, RULES.as_bytes()).unwrap().evaluate(values).unwrap();
    let home = RelPath::new("template-app").unwrap();
    let rendered = render(&sources, &home, &rules, values).unwrap();
    let violations = check(&sources, &rendered, &home, &template(), &rules, values);
    let text = |file: &Rendered| match &file.content {
        Content::Text { text, .. } => text.clone(),
        other => panic!("{other:?}"),
    };
    (rendered.iter().map(|file| (file.to.to_string(), text(file))).collect(), violations)
}

#[test]
fn each_rule_does_its_work_once() {
    let values = values("order-desk", "template-app {{ slug }} ../x 13000", Kind::Product);
    let (files, violations) = render_files(
        &[
            ("src/template_app.py", "class TemplateAppError: ...\nmytemplate_appx\nA='template-app-db'\n"),
            ("Dockerfile", "WORKDIR /repo/template-app/x\nCOPY template-app/template_app /a\n"),
            ("frontend/a.ts", "'../../packages/ui' '../b' 13000\n"),
        ],
        &values,
    );
    assert_eq!(
        files[0].1, "# template-app \\{\\{ slug \\}\\} ../x 13000\n\nOn 13010.\n",
        "what was typed stays"
    );
    assert_eq!(files[1].0, "src/order_desk.py");
    assert_eq!(
        files[2].1,
        "WORKDIR /repo/apps/products/order-desk/x\nCOPY apps/products/order-desk/order_desk /a\n"
    );
    assert_eq!(files[3].1, "'../../../../packages/ui' '../b' 13000\n");
    // `TemplateAppError` and `mytemplate_appx` are not separate words, so no rule replaces them, and
    // the check reports them.
    assert!(files[1].1.contains("TemplateAppError") && files[1].1.contains("'order-desk-db'"));
    assert_eq!(violations.len(), 1);
    assert_eq!((violations[0].rule, violations[0].line), ("no template token is left", 1));
}

#[test]
fn a_path_that_always_left_the_repository_stays_as_it_is() {
    let text = "see ../../elsewhere and ../packages/ui\n";
    let (files, violations) = render_files(&[("notes.txt", text)], &values("order-desk", "N", Kind::Product));
    assert_eq!(violations, []);
    let notes = files.iter().find(|(path, _)| path == "notes.txt").unwrap();
    assert_eq!(notes.1, "see ../../elsewhere and ../../../packages/ui\n");
}

#[test]
fn a_name_that_looks_like_the_template_is_no_leftover() {
    let (_, violations) =
        render_files(&[("a.md", "template-app\n")], &values("template-app-2", "Template App", Kind::Client));
    assert_eq!(violations, []);
}

proptest! {
    #[test]
    fn paths_keep_their_targets_at_any_depth(
        folders in prop::collection::vec("[a-z]{1,4}", 0..4),
        targets in prop::collection::vec("[a-z]{1,4}(/[a-z]{1,4}){0,2}", 1..6),
        kind in 0..4usize,
        slug in "[a-z]{1,8}(-[a-z]{1,8}){0,2}".prop_filter("free", |slug| Slug::new(slug).is_ok()),
    ) {
        let up = "../".repeat(folders.len() + 1);
        let text: String = targets.iter().map(|target| format!("- \"{up}{target}\"\n")).collect();
        let path = [folders.join("/"), "list.yml".to_owned()].iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("/");
        let values = values(&slug, "N", Kind::ALL[kind]);
        let (files, violations) = render_files(&[(&path, &text)], &values);
        prop_assert_eq!(violations, []);
        let folder = values.place.join(&files[1].0).parent();
        for (line, target) in files[1].1.lines().zip(&targets) {
            let written = line.trim_start_matches("- \"").trim_end_matches('"');
            // None of these targets is inside of the template.
            prop_assert_eq!(folder.resolve(written).map(|path| path.to_string()), Some(target.clone()));
        }
    }

    #[test]
    fn no_text_panics_and_untouched_text_stays(text in "[\\PC\\n./a-z-]{0,200}") {
        let values = values("order-desk", "N", Kind::Product);
        let (files, _) = render_files(&[("notes.txt", &text)], &values);
        if !text.contains("..") && !text.contains("template") && !text.contains("Template") {
            prop_assert_eq!(&files[1].1, &text);
        }
    }
}
