//! Which findings are reported.

use std::collections::BTreeSet;

use crate::diagnostics::Finding;
use crate::rel_path::RelPath;
use crate::workspace::{SCHEMA_FILE, TEMPLATE, Workspace};

/// Which findings are reported; by default all of them.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Only findings about these files and folders, if there are any.
    paths: Vec<RelPath>,
    /// Every folder with a difference at any depth, and the differences; `None` if all apps count as changed.
    changed: Option<BTreeSet<RelPath>>,
}

impl Scope {
    /// Every finding.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// Only findings about these files or folders; all findings if there are none.
    #[must_use]
    pub fn paths(paths: Vec<RelPath>) -> Self {
        Self { paths, changed: None }
    }

    /// Of single apps only those that hold one of these differences. A changed schema concerns every manifest.
    #[must_use]
    pub fn changed(mut self, differences: &BTreeSet<RelPath>) -> Self {
        if differences.iter().any(|path| path.as_str() == SCHEMA_FILE) {
            return self;
        }
        let ancestors = |path: &RelPath| std::iter::successors(Some(path.clone()), above).collect::<Vec<_>>();
        self.changed = Some(differences.iter().flat_map(ancestors).collect());
        self
    }

    /// Removes findings about single apps that have not changed.
    pub(super) fn retain_changed(&self, workspace: &Workspace, findings: &mut Vec<Finding>) {
        let Some(changed) = &self.changed else { return };
        let mut apps: BTreeSet<RelPath> = workspace.apps.iter().map(|app| app.manifest.folder()).collect();
        apps.insert(RelPath::root().join(TEMPLATE));
        let home = |path: &RelPath| {
            let mut ancestors = std::iter::successors(Some(path.clone()), above);
            // An unreadable manifest gives no app, but its folder counts.
            ancestors.find(|folder| apps.contains(folder)).unwrap_or_else(|| path.parent())
        };
        findings.retain(|finding| changed.contains(&home(&finding.location.path)));
    }

    /// Removes findings about other files and folders than the selected ones.
    pub(super) fn retain_paths(&self, findings: &mut Vec<Finding>) {
        if self.paths.is_empty() {
            return;
        }
        let inside = |path: &RelPath| self.paths.iter().any(|wanted| path.below(wanted).is_some());
        findings.retain(|finding| {
            inside(&finding.location.path)
                || finding.related.iter().any(|related| inside(&related.location.path))
        });
    }
}

/// The folder that holds a path; nothing above the root.
fn above(path: &RelPath) -> Option<RelPath> {
    (*path != RelPath::root()).then(|| path.parent())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code;
    use crate::diagnostics::Location;

    fn left(scope: &Scope, paths: &[&str]) -> Vec<String> {
        let finding = |path: &&str| {
            Finding::new(Code::FileUnreadable, Location::file(&RelPath::new(path).unwrap()), "x")
        };
        let mut findings = paths.iter().map(finding).collect();
        scope.retain_changed(&Workspace::default(), &mut findings);
        scope.retain_paths(&mut findings);
        findings.iter().map(|finding| finding.location.path.to_string()).collect()
    }

    fn differences(paths: &[&str]) -> BTreeSet<RelPath> {
        paths.iter().map(|path| RelPath::new(path).unwrap()).collect()
    }

    #[test]
    fn a_folder_is_no_prefix_of_text() {
        let files = ["apps/a/app.manifest.yml", "apps/a-b/app.manifest.yml", "apps/b/app.manifest.yml"];
        assert_eq!(left(&Scope::everything(), &files), files);
        assert_eq!(left(&Scope::paths(vec![RelPath::new("apps/a").unwrap()]), &files), files[..1]);
        let changed = |path| Scope::everything().changed(&differences(&[path]));
        assert_eq!(left(&changed("apps/a/src/x.py"), &files), files[..1]);
        assert_eq!(left(&changed("apps/a-b"), &files), files[1..2]);
        assert_eq!(left(&changed(SCHEMA_FILE), &files), files);
        assert!(left(&Scope::everything().changed(&BTreeSet::new()), &files).is_empty());
    }
}
