//! Free text survives: whatever a person types comes back byte for byte from every structured file
//! of the real template, read by each format's own parser.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use scraper::{Html, Selector};

use scalr_model::{env, text, yaml};

use crate::sandbox::Sandbox;

/// What people type, and what breaks naive templates.
fn free_text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "\"quoted\" 'twice'",
        "back\\slash\\",
        "two\nlines\n",
        "${X} $X $$",
        "{{ slug }} {% if %}",
        "# no comment",
        "key: value",
        "---",
        "- item",
        "emoji 🎉👩‍👩‍👧",
        "مرحبا بالعالم",
        "\u{202e}right to left",
        "<script>alert(1)</script> & co",
        "%MODE%",
        "1. first",
        "template-app",
        "Template App",
        "../../packages/ui",
        "13000",
        "null",
        "yes",
        "0x10",
        "a\r\nb",
        "\ttab\t",
        "  spaces  ",
        "`code` *bold* _it_ [l](u) ![i](u)",
        "| a | b |",
        "</title>",
        "\u{feff}bom",
        "&amp; &#10;",
        "~~~",
        "```",
        "\\n",
        "=",
        "'''",
    ])
    .prop_map(str::to_owned);
    let any =
        "[\\PC\\n\\t\\r]{1,40}".prop_filter("no control characters", |typed| text::check(typed).is_ok());
    let long = "[ -~é漢🎉\n]{64}"
        .prop_map(|part| part.repeat(160))
        .prop_filter("not blank", |typed| text::check(typed).is_ok());
    prop_oneof![4 => nasty, 4 => any, 1 => long]
}

fn markdown(text: &str) -> (String, String) {
    let (mut title, mut lead, mut inside) = (String::new(), String::new(), None);
    for event in Parser::new_ext(
        text,
        Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_MATH,
    ) {
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

#[test]
fn any_name_and_description_come_back_from_every_file() {
    let sandbox = Sandbox::with_template();
    let number = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(free_text(), free_text()), |(name, description)| {
        number.set(number.get() + 1);
        let slug = format!("app-{}", number.get());
        let place = format!("apps/{slug}");
        let answers =
            serde_json::json!({"name": name, "slug": slug, "description": description, "kind": "internal"});
        sandbox.write("answers.json", answers.to_string());
        let ran = sandbox.run(&["new-app", "--answers", "answers.json", "--yes"]);
        prop_assert_eq!(ran.code, 0, "{:?}", ran);
        let read = |file: &str| sandbox.read(&format!("{place}/{file}"));

        for file in ["app.manifest.yml", ".scaffold.yml"] {
            let written = read(file);
            let tree = yaml::parse(&written).unwrap();
            let at = tree.get("answers").unwrap_or(&tree);
            prop_assert_eq!(at.get("name").unwrap().as_str(), Some(name.as_str()));
            prop_assert_eq!(at.get("description").unwrap().as_str(), Some(description.as_str()));
        }
        let package: serde_json::Value = serde_json::from_str(&read("frontend/package.json")).unwrap();
        prop_assert_eq!(package["description"].as_str(), Some(description.as_str()));
        let env = read(".env.app");
        let variables = env::parse(&env).unwrap();
        prop_assert_eq!(
            &env::get(&variables, "APP_NAME").unwrap().value,
            &env::VariableValue::Literal(name.clone())
        );
        let html = Html::parse_document(&read("frontend/index.html"));
        let title: String = html.select(&Selector::parse("title").unwrap()).next().unwrap().text().collect();
        let meta = html.select(&Selector::parse("meta[name=description]").unwrap()).next().unwrap();
        prop_assert_eq!(&title, &name);
        prop_assert_eq!(meta.value().attr("content"), Some(description.as_str()));
        let (heading, lead) = markdown(&read("README.md"));
        prop_assert_eq!(&heading, &name);
        prop_assert_eq!(&lead, &description);

        // The whole repository is still valid, and the app goes so that ports don't run out of order.
        let validated = sandbox.run(&["validate", "--strict"]);
        prop_assert_eq!(validated.code, 0, "{:?}", validated);
        std::fs::remove_dir_all(sandbox.path(&place)).unwrap();
        sandbox.write("registered-apps.txt", "# apps\n");
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
