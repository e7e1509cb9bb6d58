//! The four answers that a new app needs, from prompts, flags or a file.
//!
//! [`check`] checks the answers of every source in the same way.

use super::codes::Code;
use super::diagnostics::{Finding, Location, Span};
use super::document::DocumentKind;
use super::kind::Kind;
use super::rel_path::RelPath;
use super::schema::{self, Schema};
use super::slug::Slug;
use super::suggest;
use super::text;
use super::yaml::Node;

/// Checked answers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Answers {
    pub name: String,
    /// The slug; free in the repository at the time of the check.
    #[serde(serialize_with = "as_text")]
    pub slug: Slug,
    /// What the app is for.
    pub description: String,
    /// What kind of app it is.
    pub kind: Kind,
}

fn as_text<S: serde::Serializer>(slug: &Slug, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(slug.as_str())
}

/// Answers as given; any of them may be missing.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub name: Option<String>,
    pub slug: Option<String>,
    /// What the app is for.
    pub description: Option<String>,
    /// What kind of app it is.
    pub kind: Option<String>,
}

impl Given {
    /// These answers, with missing ones from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            name: self.name.or(other.name),
            slug: self.slug.or(other.slug),
            description: self.description.or(other.description),
            kind: self.kind.or(other.kind),
        }
    }
}

/// Why an answer can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerFault {
    /// It was not given.
    Missing,
    /// It is invalid.
    Unusable,
    /// It is valid, but another app has it.
    Taken,
}

/// One answer that is missing or can't be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AnswerProblem {
    /// The question.
    pub(crate) field: &'static str,
    pub reason: AnswerFault,
    /// What is wrong, beginning with the question's name.
    pub message: String,
    /// What the answer may be.
    pub expected: String,
}

/// Checks a display name. The error completes "the name …".
pub fn name(given: &str) -> Result<(), String> {
    text::check(given).map_err(|error| error.to_string())
}

/// Checks a slug; `owner` returns the folder that has it already. The error completes "the slug …".
pub fn slug(given: &str, owner: impl Fn(&str) -> Option<RelPath>) -> Result<Slug, String> {
    checked_slug(given, owner).map_err(|(_, detail)| detail)
}

fn checked_slug(given: &str, owner: impl Fn(&str) -> Option<RelPath>) -> Result<Slug, (AnswerFault, String)> {
    let slug = Slug::new(given).map_err(|error| (AnswerFault::Unusable, error.to_string()))?;
    match owner(slug.as_str()) {
        Some(folder) => Err((AnswerFault::Taken, format!("`{slug}` is taken by {folder}"))),
        None => Ok(slug),
    }
}

/// Checks a kind. The error completes "the kind …".
pub fn kind(given: &str) -> Result<Kind, String> {
    Kind::parse(given).ok_or_else(|| {
        let meant = suggest::nearest(given, Kind::ALL.map(Kind::as_str));
        let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        format!("`{}` is not possible{hint}", schema::shorten(given))
    })
}

fn kinds() -> String {
    Kind::ALL.map(Kind::as_str).join(", ")
}

/// Checks all answers. All problems at once.
pub fn check(given: &Given, owner: impl Fn(&str) -> Option<RelPath>) -> Result<Answers, Vec<AnswerProblem>> {
    let mut problems = Vec::new();
    let mut note = |field, (reason, detail): (AnswerFault, String)| {
        let expected = expected(field);
        problems.push(AnswerProblem { field, reason, message: format!("the {field} {detail}"), expected });
    };
    let text = |given: &str| name(given).map(|()| given.to_owned()).map_err(unusable);
    let name = required(given.name.as_deref(), text).map_err(|problem| note("name", problem));
    let slug = required(given.slug.as_deref(), |given| checked_slug(given, owner))
        .map_err(|problem| note("slug", problem));
    let description =
        required(given.description.as_deref(), text).map_err(|problem| note("description", problem));
    let kind = required(given.kind.as_deref(), |given| kind(given).map_err(unusable))
        .map_err(|problem| note("kind", problem));
    match (name, slug, description, kind) {
        (Ok(name), Ok(slug), Ok(description), Ok(kind)) => Ok(Answers { name, slug, description, kind }),
        _ => Err(problems),
    }
}

fn unusable(detail: String) -> (AnswerFault, String) {
    (AnswerFault::Unusable, detail)
}

fn required<T>(
    given: Option<&str>,
    check: impl FnOnce(&str) -> Result<T, (AnswerFault, String)>,
) -> Result<T, (AnswerFault, String)> {
    given.map_or_else(|| Err((AnswerFault::Missing, "is missing".to_owned())), check)
}

/// The allowed values of an answer, and how it is given without a terminal.
fn expected(field: &str) -> String {
    match field {
        "name" => "--name TEXT, the app's name for people, such as \"Order Desk\"".to_owned(),
        "slug" => "--slug SLUG, kebab-case and free in this repository, such as order-desk".to_owned(),
        "description" => "--description TEXT, what the app is for, in a sentence".to_owned(),
        _ => format!("--kind KIND, one of {}", kinds()),
    }
}

/// Reads `--answers FILE`, YAML or JSON. Unknown keys and wrong types are findings that come with
/// the rest; [`check`] reports missing and invalid answers, since flags may add to the file. The
/// error is a file that can't be read at all.
pub fn parse(path: &RelPath, bytes: &[u8]) -> Result<(Given, Vec<Finding>), Vec<Finding>> {
    let kind = DocumentKind::Answers;
    let root = kind.parse(path, bytes, &mut Vec::new()).map_err(|finding| vec![*finding])?;
    let broken = |message| vec![Finding::new(Code::AnswersInvalid, Location::at(path, Span::START), message)];
    let schema = Schema::compile(kind, schema::ANSWERS)
        .map_err(|error| broken(format!("scalr's own schema {error}")))?;
    let mut findings = schema.check(path, &root);
    // `check` reports these as well, with the allowed values and with those of the flags.
    findings.retain(|finding| matches!(finding.code, Code::SchemaUnknownKey | Code::SchemaType));
    let text = |key: &str| root.get(key).and_then(Node::as_str).map(str::to_owned);
    let given = Given {
        name: text("name"),
        slug: text("slug"),
        description: text("description"),
        kind: text("kind"),
    };
    Ok((given, findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn given(name: &str, slug: &str, description: &str, kind: &str) -> Given {
        let some = |text: &str| (text != "-").then(|| text.to_owned());
        Given { name: some(name), slug: some(slug), description: some(description), kind: some(kind) }
    }

    #[test]
    fn reports_everything_at_once() {
        let problems = check(&given("-", "Order Desk", " ", "produkt"), |_| None).unwrap_err();
        let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "the name is missing",
                "the slug `Order Desk` is not kebab-case (lower-case letters and digits, words joined by single hyphens, a letter first); try `order-desk`",
                "the description is empty",
                "the kind `produkt` is not possible; did you mean `product`?",
            ]
        );
        assert!(problems.iter().all(|problem| problem.expected.starts_with("--")));
    }

    #[test]
    fn a_taken_slug_names_its_owner() {
        let owner = |slug: &str| (slug == "crm").then(|| RelPath::new("apps/crm").unwrap());
        let problems = check(&given("CRM", "crm", "x", "client"), owner).unwrap_err();
        assert_eq!(problems[0].message, "the slug `crm` is taken by apps/crm");
        assert!(check(&given("CRM", "crm2", "x", "client"), owner).is_ok());
    }

    #[test]
    fn a_file_may_be_yaml_or_json_but_not_wrong() {
        let path = RelPath::new("answers.yml").unwrap();
        assert_eq!(parse(&path, b"name: A\nkind: client\n").unwrap().0.kind.as_deref(), Some("client"));
        assert_eq!(parse(&path, br#"{"name": "A", "slug": "a"}"#).unwrap().0.slug.as_deref(), Some("a"));
        let (given, findings) = parse(&path, b"nmae: A\nslug: 5\nkind: client\n").unwrap();
        assert_eq!(given.kind.as_deref(), Some("client"), "what can be read is");
        let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        assert!(codes.contains(&Code::SchemaUnknownKey) && codes.contains(&Code::SchemaType), "{codes:?}");
    }

    #[test]
    fn a_file_of_answers_is_not_called_a_manifest() {
        let path = RelPath::new("answers.yml").unwrap();
        let findings = parse(&path, b"name: &a A\n").unwrap_err();
        assert_eq!(findings[0].message, "anchors and aliases are not possible in a file of answers");
        let (_, findings) = parse(&path, b"colour: A\n").unwrap();
        assert_eq!(findings[0].help.as_deref(), Some("possible here: name, slug, description, kind"));
    }

    proptest! {
        #[test]
        fn no_answers_panic(text in "[\\PC\\n:{}\"]{0,80}") {
            let path = RelPath::new("a").unwrap();
            let _ = parse(&path, text.as_bytes()).map(|(given, _)| check(&given, |_| None));
        }
    }
}
