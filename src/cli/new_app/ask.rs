//! The questions of `new-app` at a terminal.

use super::{Input, check, owner};
use crate::cli::{CommandError, Context, ErrorKind};
use crate::ui::prompt;
use scalr_host::files;
use scalr_host::repository::Repository;
use scalr_model::answers::{self, Answers};
use scalr_model::kind::Kind;
use scalr_model::slug::{self, Slug};

/// Asks for missing answers. An invalid answer is reported and asked for again.
pub(super) fn for_answers(
    context: &Context,
    input: Input,
    repository: &Repository,
) -> Result<Answers, CommandError> {
    if !input.findings.is_empty() {
        return check(input, repository, true);
    }
    let given = input.given;
    let usable = |what: &str, result: Result<(), String>| match result {
        Ok(()) => true,
        Err(detail) => {
            context.printer.note(&format!("the {what} {detail}"));
            false
        }
    };
    let kind = given
        .kind
        .as_deref()
        .filter(|text| usable("kind", answers::kind(text).map(drop)))
        .and_then(Kind::parse);
    let name = match given.name.as_deref().filter(|text| usable("name", answers::name(text))) {
        Some(name) => name.to_owned(),
        None => prompt::text("Name (for people)", None, |text| sentence("name", answers::name(text)))?,
    };
    let free = |text: &str| free_slug(text, kind, repository);
    let slug = match given.slug.as_deref().filter(|text| usable("slug", free(text).map(drop))) {
        Some(slug) => slug.to_owned(),
        None => {
            let suggestion = slug::suggest(&name).filter(|text| free(text).is_ok());
            prompt::text("Slug (for machines)", suggestion.as_deref(), |text| {
                sentence("slug", free(text).map(drop))
            })?
        }
    };
    let slug =
        free(&slug).map_err(|problem| CommandError::new(ErrorKind::Usage, format!("the slug {problem}")))?;
    let description =
        match given.description.as_deref().filter(|text| usable("description", answers::name(text))) {
            Some(description) => description.to_owned(),
            None => prompt::text("Description (what it is for)", None, |text| {
                sentence("description", answers::name(text))
            })?,
        };
    let kind = match kind {
        Some(kind) => kind,
        None => ask_kind(&slug, repository)?,
    };
    check(Input::from(Answers { name, slug, description, kind }), repository, true)
}

/// A slug that no app has, and whose folder is free in at least one possible kind.
fn free_slug(text: &str, kind: Option<Kind>, repository: &Repository) -> Result<Slug, String> {
    let slug = answers::slug(text, owner(repository))?;
    let taken = |kind: &Kind| files::exists(&repository.root.join(&kind.place(&slug)));
    match kind {
        Some(kind) if taken(&kind) => Err(format!("`{slug}` is taken: {} exists already", kind.place(&slug))),
        None if Kind::ALL.iter().all(taken) => Err(format!("`{slug}` is taken in every kind")),
        _ => Ok(slug),
    }
}

fn ask_kind(slug: &Slug, repository: &Repository) -> Result<Kind, CommandError> {
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| !files::exists(&repository.root.join(&kind.place(slug))))
        .collect();
    let options: Vec<(&str, String)> = kinds
        .iter()
        .map(|kind| (kind.as_str(), format!("{} ({})", kind.meaning(), kind.place(slug))))
        .collect();
    Ok(kinds[prompt::choose("Kind", &options)?])
}

fn sentence(what: &str, result: Result<(), String>) -> Result<(), String> {
    result.map_err(|detail| format!("the {what} {detail}"))
}
