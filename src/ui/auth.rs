//! The blueprints that differ, which `scalr auth sync` writes or would write.

use serde::Serialize;

use super::Answer;
use super::plan::{diff, plain};
use super::styles::{self, paint};
use scalr_model::rel_path::RelPath;
use scalr_model::sign_in::{BlueprintAction, BlueprintChange, Client, SignInSync, SyncStatus};

/// The result of `scalr auth sync`.
#[derive(Debug, Serialize)]
pub(crate) struct AuthSync<'a> {
    status: SyncStatus,
    clients: Vec<KnownClient<'a>>,
    changes: Vec<ChangedBlueprint<'a>>,
}

#[derive(Debug, Serialize)]
struct KnownClient<'a> {
    app: &'a str,
    client_id: &'a str,
    groups: &'a [String],
    path: RelPath,
}

#[derive(Debug, Serialize)]
struct ChangedBlueprint<'a> {
    action: BlueprintAction,
    path: &'a RelPath,
    #[serde(serialize_with = "plain")]
    diff: String,
}

impl<'a> AuthSync<'a> {
    #[must_use]
    pub(crate) fn of(sync: &'a SignInSync) -> Self {
        let client = |client: &'a Client| KnownClient {
            app: &client.slug,
            client_id: &client.client_id,
            groups: &client.groups,
            path: client.path(),
        };
        let change = |change: &'a BlueprintChange| ChangedBlueprint {
            action: change.action,
            path: &change.path,
            diff: diff(change.path.as_str(), &change.before, &change.after),
        };
        Self {
            status: sync.status,
            clients: sync.clients.iter().map(client).collect(),
            changes: sync.changes.iter().map(change).collect(),
        }
    }
}

impl Answer for AuthSync<'_> {
    const SCHEMA: &'static str = "scalr.auth-sync/1";

    fn text(&self) -> String {
        match self.status {
            SyncStatus::Unchanged => format!("ok: nothing differs; clients: {}\n", self.clients.len()),
            SyncStatus::Written => self.changes.iter().map(ChangedBlueprint::line).collect(),
            SyncStatus::Different => {
                let changes: String = self.changes.iter().map(ChangedBlueprint::in_full).collect();
                changes + "\n`scalr auth sync` writes them\n"
            }
        }
    }
}

impl ChangedBlueprint<'_> {
    fn line(&self) -> String {
        let action = match self.action {
            BlueprintAction::Create => paint(styles::GOOD, "create"),
            BlueprintAction::Update => paint(styles::WARNING, "update"),
            BlueprintAction::Remove => paint(styles::ERROR, "remove"),
        };
        format!("{action} {}\n", self.path)
    }

    /// With the diff of a changed file; that of a new or removed file would be the whole file.
    fn in_full(&self) -> String {
        match self.action {
            BlueprintAction::Update => self.line() + &self.diff,
            BlueprintAction::Create | BlueprintAction::Remove => self.line(),
        }
    }
}
