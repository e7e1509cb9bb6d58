//! A new app: the plan of it, and the report once it is there.

use serde::Serialize;

use super::Answer;
use super::plan::{diff, plain};
use super::styles::{self, paint};
use scalr_model::kind::Kind;
use scalr_model::plan::FileEdit;
use scalr_model::ports::Block;
use scalr_model::rel_path::RelPath;
use scalr_model::scaffold::{PROVENANCE, Registration, Scaffold, TemplateState};
use scalr_model::schema::shorten;
use scalr_model::sign_in;
use scalr_model::subnet::Subnet;
use scalr_model::template::{Content, Edit, Rendered};
use scalr_model::workspace::{TEMPLATE, Workspace};

/// The answer of `scalr new-app`.
#[derive(Debug, Serialize)]
pub(crate) struct NewAppReport<'a> {
    status: NewAppStatus,
    app: NewApp<'a>,
    template: &'a TemplateState,
    files: Vec<NewFile<'a>>,
    edits: Vec<EditedFile>,
    commit: Option<String>,
    next: Vec<String>,
    #[serde(skip)]
    branch: Option<&'a str>,
    #[serde(skip)]
    scaffold: &'a Scaffold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum NewAppStatus {
    Planned,
    Created,
}

#[derive(Debug, Serialize)]
struct NewApp<'a> {
    slug: &'a str,
    name: &'a str,
    description: &'a str,
    kind: Kind,
    id: &'a str,
    created: &'a str,
    path: &'a RelPath,
    ports: Block,
    subnet: Option<Subnet>,
    urls: NewAppUrls,
}

#[derive(Debug, Serialize)]
struct NewAppUrls {
    app: String,
    frontend: String,
    backend: String,
}

#[derive(Debug, Serialize)]
struct NewFile<'a> {
    path: RelPath,
    /// The template's file; nothing for what scalr itself adds.
    from: Option<RelPath>,
    substitutions: Vec<FileSubstitution<'a>>,
}

#[derive(Debug, Serialize)]
struct FileSubstitution<'a> {
    line: usize,
    before: &'a str,
    after: &'a str,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct EditedFile {
    #[serde(flatten)]
    edit: FileEdit,
    #[serde(serialize_with = "plain")]
    diff: String,
}

impl<'a> NewAppReport<'a> {
    /// What will be made in a workspace. `address` is where a browser will find the app.
    #[must_use]
    pub(crate) fn planned(scaffold: &'a Scaffold, address: String, workspace: &Workspace) -> Self {
        let place = &scaffold.values.place;
        let blueprint = scaffold.blueprint.iter().map(|blueprint| NewFile {
            path: blueprint.path.clone(),
            from: Some(RelPath::root().join(sign_in::TEMPLATE)),
            substitutions: Vec::new(),
        });
        Self {
            status: NewAppStatus::Planned,
            app: NewApp::new(scaffold, address),
            template: &scaffold.state,
            files: scaffold.files.iter().map(|file| NewFile::new(file, place)).chain(blueprint).collect(),
            edits: vec![EditedFile::new(scaffold.registration(&workspace.registry))],
            commit: None,
            next: scaffold.next_steps(&workspace.shared_env),
            branch: None,
            scaffold,
        }
    }

    /// The same app once it is there, perhaps in a commit on a new branch.
    #[must_use]
    pub(crate) fn created(self, commit: Option<String>, branch: Option<&'a str>) -> Self {
        Self { status: NewAppStatus::Created, commit, branch, ..self }
    }

    /// The app in a few lines, before a person confirms it.
    #[must_use]
    pub(crate) fn summary(&self) -> String {
        summary(self.scaffold, &self.app.urls.app)
    }
}

impl<'a> NewApp<'a> {
    fn new(scaffold: &'a Scaffold, address: String) -> Self {
        let values = &scaffold.values;
        let url = |port: u16| format!("http://localhost:{port}");
        Self {
            slug: values.slug.as_str(),
            name: &values.name,
            description: &values.description,
            kind: values.kind,
            id: &values.id,
            created: &values.created,
            path: &values.place,
            ports: values.ports,
            subnet: values.subnet,
            urls: NewAppUrls {
                app: address,
                frontend: url(values.ports.frontend),
                backend: url(values.ports.backend),
            },
        }
    }
}

impl<'a> NewFile<'a> {
    fn new(file: &'a Rendered, place: &RelPath) -> Self {
        let home = RelPath::root().join(TEMPLATE);
        Self {
            path: place.join(file.to.as_str()),
            from: (file.from.as_str() != PROVENANCE).then(|| home.join(file.from.as_str())),
            substitutions: substitutions(&file.content).map(FileSubstitution::new).collect(),
        }
    }
}

impl<'a> FileSubstitution<'a> {
    fn new(edit: &'a Edit) -> Self {
        Self { line: edit.line, before: &edit.before, after: &edit.after, reason: &edit.reason }
    }
}

impl EditedFile {
    fn new(registration: Registration) -> Self {
        let Registration { edit, before, after } = registration;
        Self { diff: diff(edit.path.as_str(), &before, &after), edit }
    }
}

/// Where the text of a file differs from the template's.
fn substitutions(content: &Content) -> impl Iterator<Item = &Edit> {
    let edits = match content {
        Content::Text { edits, .. } => edits.as_slice(),
        Content::Bytes { .. } | Content::Symlink { .. } => &[],
    };
    edits.iter().filter(|edit| edit.before != edit.after)
}

impl Answer for NewAppReport<'_> {
    const SCHEMA: &'static str = "scalr.new-app/1";

    fn text(&self) -> String {
        match self.status {
            NewAppStatus::Planned => self.plan(),
            NewAppStatus::Created => self.result(),
        }
    }

    fn notes(&self) -> Vec<String> {
        match self.status {
            NewAppStatus::Planned => vec!["\nNothing was changed: this is a dry run.".to_owned()],
            NewAppStatus::Created => Vec::new(),
        }
    }
}

impl NewAppReport<'_> {
    fn plan(&self) -> String {
        let mut text = format!("{}\n{}", self.summary(), files(self.scaffold));
        if let Some(blueprint) = &self.scaffold.blueprint {
            text += &format!("{} {}\n", paint(styles::GOOD, "create"), blueprint.path);
        }
        for EditedFile { edit, diff } in &self.edits {
            text += &format!("{} {}\n{diff}", paint(styles::WARNING, "change"), edit.path);
        }
        text
    }

    fn result(&self) -> String {
        let values = &self.scaffold.values;
        let mut text = format!(
            "{} {} in {}/: {} files, registered, frontend on port {}, backend {}, db {}\n",
            paint(styles::GOOD, "created"),
            paint(styles::STRONG, shorten(&values.name)),
            values.place,
            self.scaffold.files.len(),
            values.ports.frontend,
            values.ports.backend,
            values.ports.db
        );
        if let Some(commit) = &self.commit {
            let branch = self.branch.map(|branch| format!(" on {branch}")).unwrap_or_default();
            text += &format!("committed as {}{branch}\n", abbreviated(commit));
        }
        text += "\nNext:\n";
        text.extend(self.next.iter().map(|command| format!("  {command}\n")));
        text
    }
}

fn abbreviated(commit: &str) -> &str {
    &commit[..commit.len().min(8)]
}

fn summary(scaffold: &Scaffold, address: &str) -> String {
    let values = &scaffold.values;
    let ports = &values.ports;
    let row =
        |title: &str, text: &str| format!("  {} {text}\n", paint(styles::FAINT, format!("{title:<12}")));
    let subnet = values.subnet.map(|subnet| row("subnet", &subnet.to_string())).unwrap_or_default();
    [
        format!("{}\n", paint(styles::STRONG, format!("New {} app in {}/", values.kind, values.place))),
        row("name", &shorten(&values.name)),
        row("description", &shorten(&values.description)),
        row("ports", &format!("frontend {}, backend {}, db {}", ports.frontend, ports.backend, ports.db)),
        subnet,
        row("address", address),
        row("files", &format!("{}, made from {TEMPLATE}{}", scaffold.files.len(), state(scaffold))),
    ]
    .concat()
}

fn state(scaffold: &Scaffold) -> String {
    match (&scaffold.state.commit, scaffold.state.modified) {
        (Some(commit), false) => format!(" at commit {}", abbreviated(commit)),
        (Some(commit), true) => {
            format!(" as it stands, changed since commit {}", abbreviated(commit))
        }
        (None, _) => " as it stands".to_owned(),
    }
}

/// Every file of a new app with the reason of every substitution.
fn files(scaffold: &Scaffold) -> String {
    let mut out = String::new();
    for file in &scaffold.files {
        let path = scaffold.values.place.join(file.to.as_str());
        let note = match &file.content {
            Content::Text { .. } => String::new(),
            Content::Bytes { .. } => " (copied byte for byte)".to_owned(),
            Content::Symlink { target } => format!(" -> {target}"),
        };
        out += &format!("{} {path}{}\n", paint(styles::GOOD, "create"), paint(styles::FAINT, note));
        for edit in substitutions(&file.content) {
            let (before, after) = (shorten(&edit.before), shorten(&edit.after));
            let reason = paint(styles::FAINT, format!("# {}", edit.reason));
            out += &format!("    {:>4}: {before} -> {}  {reason}\n", edit.line, paint(styles::NAME, after));
        }
    }
    out
}
