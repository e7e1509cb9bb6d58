//! The options that select subprojects and the engine.

use super::repository::complete_slugs;
use super::{CommandError, Context, ErrorKind};
use scalr_host::git;
use scalr_host::repository::Repository;
use scalr_model::kind::Kind;
use scalr_model::run::selection::{Dependencies, Selection, SelectionScope, Wanted};
use scalr_model::run::subproject::{self, Subproject};

// No doc comment: it would be the help text of every command that has these.
#[derive(Debug, clap::Args)]
pub(crate) struct SelectArgs {
    /// Slugs or folders; without any, those in registered-apps.txt that are not protected
    #[arg(value_name = "APP", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    apps: Vec<String>,
    /// Only those of this kind
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Vec<Kind>,
    /// Only those with this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only those whose folder differs from REF (HEAD if left out), uncommitted work included
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    changed: Option<String>,
    /// Unregistered ones, too
    #[arg(long, conflicts_with = "apps")]
    all: bool,
    /// Also those that the selected ones depend on
    #[arg(long)]
    with_deps: bool,
    /// Another Docker engine: a context of `docker context ls`
    #[arg(long, value_name = "NAME")]
    pub(super) context: Option<String>,
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| "one of product, client, internal, platform".to_owned())
}

impl SelectArgs {
    /// Whether the selection is less than the whole repository.
    pub(super) fn is_narrow(&self) -> bool {
        !(self.apps.is_empty() && self.kind.is_empty() && self.tag.is_empty() && self.changed.is_none())
    }

    /// The selected subprojects, by folder.
    pub(super) fn choose(
        &self,
        context: &Context,
        repository: &Repository,
    ) -> Result<Vec<Subproject>, CommandError> {
        let all = subproject::all(&repository.workspace);
        let wanted = self
            .apps
            .iter()
            .map(|text| Wanted { text: text.clone(), path: repository.root.relative(text.as_ref()).ok() });
        let changed =
            self.changed.as_deref().map(|revision| git::changed(&repository.root, revision)).transpose()?;
        let selection = Selection {
            wanted: wanted.collect(),
            kinds: self.kind.clone(),
            tags: self.tag.clone(),
            changed,
            scope: if self.all { SelectionScope::All } else { SelectionScope::Registered },
            dependencies: if self.with_deps { Dependencies::With } else { Dependencies::Without },
        };
        let chosen = selection.choose(&all)?;
        if chosen.is_empty() {
            context.printer.note("no subproject is selected; scalr list shows every app");
        }
        Ok(chosen)
    }
}

/// The one subproject of that slug or folder.
pub(super) fn choose_one(repository: &Repository, text: &str) -> Result<Subproject, CommandError> {
    let all = subproject::all(&repository.workspace);
    let path = repository.root.relative(text.as_ref()).ok();
    let selection =
        Selection { wanted: vec![Wanted { text: text.to_owned(), path }], ..Selection::default() };
    let chosen = selection.choose(&all)?;
    match <[Subproject; 1]>::try_from(chosen) {
        Ok([chosen]) => Ok(chosen),
        Err(several) => {
            let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
            let message = format!("`{text}` means several: {}", names.join(", "));
            Err(CommandError::new(ErrorKind::Usage, message).hint("name one of them"))
        }
    }
}
