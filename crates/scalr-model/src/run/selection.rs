//! Which subprojects a command is about.

use std::collections::BTreeSet;

use super::subproject::Subproject;
use crate::kind::Kind;
use crate::rel_path::RelPath;
use crate::suggest::UnknownName;

/// What a person asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Slugs or paths, as they were typed.
    pub wanted: Vec<Wanted>,
    /// Only subprojects of these kinds; none means all.
    pub kinds: Vec<Kind>,
    /// Only subprojects with one of these tags; none means all.
    pub tags: Vec<String>,
    /// Only subprojects that hold one of these paths.
    pub changed: Option<BTreeSet<RelPath>>,
    /// Which subprojects are meant when none is named.
    pub scope: SelectionScope,
    /// Whether those that the selected ones depend on come along.
    pub dependencies: Dependencies,
}

/// One name that a person typed.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// As it was typed.
    pub text: String,
    /// The same as a path of the repository, where it can be one.
    pub path: Option<RelPath>,
}

/// Which subprojects are meant when none is named. Protected ones and the template never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SelectionScope {
    /// Those that registered-apps.txt lists.
    #[default]
    Registered,
    /// Every subproject of the repository.
    All,
}

/// Whether those that the selected ones depend on come along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dependencies {
    /// They don't.
    #[default]
    Without,
    /// They do, protected or not: the selected ones need them.
    With,
}

impl Selection {
    /// Whether subprojects were named, so that a protected one can be meant, too.
    #[must_use]
    pub(crate) fn names_apps(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// The selected subprojects, in the order of `all`; or every name that no subproject has.
    pub fn choose(&self, all: &[Subproject]) -> Result<Vec<Subproject>, Vec<UnknownName>> {
        let mut chosen = BTreeSet::new();
        let mut unknown = Vec::new();
        for wanted in &self.wanted {
            let found = wanted.matches(all);
            if found.is_empty() {
                unknown.push(wanted.unknown(all));
            }
            chosen.extend(found);
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        if !self.names_apps() {
            let default = |one: &Subproject| {
                (self.scope == SelectionScope::All || one.registered) && !one.protected && !one.template
            };
            chosen = (0..all.len()).filter(|at| default(&all[*at])).collect();
        }
        chosen.retain(|at| self.keeps(&all[*at]));
        if self.dependencies == Dependencies::With {
            add_dependencies(all, &mut chosen);
        }
        Ok(chosen.into_iter().map(|at| all[at].clone()).collect())
    }

    fn keeps(&self, one: &Subproject) -> bool {
        let kind = self.kinds.is_empty() || one.kind.is_some_and(|kind| self.kinds.contains(&kind));
        let tag = self.tags.is_empty() || one.tags.iter().any(|tag| self.tags.contains(tag));
        let holds =
            |changed: &BTreeSet<RelPath>| changed.iter().any(|path| path.below(&one.folder).is_some());
        kind && tag && self.changed.as_ref().is_none_or(holds)
    }
}

impl Wanted {
    /// The subproject of that name, else those in or below that folder.
    fn matches(&self, all: &[Subproject]) -> Vec<usize> {
        if let Some(at) = all.iter().position(|one| one.name == self.text) {
            return vec![at];
        }
        let Some(path) = &self.path else { return Vec::new() };
        let below = |one: &Subproject| one.folder.below(path).is_some();
        // A folder above means those that run by themselves; a subproject's own folder means it.
        let own = |one: &Subproject| one.folder == *path;
        (0..all.len())
            .filter(|at| below(&all[*at]) && (own(&all[*at]) || !(all[*at].protected || all[*at].template)))
            .collect()
    }

    fn unknown(&self, all: &[Subproject]) -> UnknownName {
        let names = all.iter().map(|one| one.name.as_str());
        let folders = all.iter().map(|one| one.folder.as_str());
        UnknownName::new("no subproject is called", &self.text, names.chain(folders))
    }
}

fn add_dependencies(all: &[Subproject], chosen: &mut BTreeSet<usize>) {
    let mut open: Vec<usize> = chosen.iter().copied().collect();
    while let Some(at) = open.pop() {
        for slug in &all[at].depends_on {
            let found = all.iter().position(|one| one.name == *slug);
            open.extend(found.filter(|found| chosen.insert(*found)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Subproject> {
        let one = |folder: &str, depends_on: &[&str]| {
            let folder = RelPath::new(folder).unwrap();
            Subproject {
                name: folder.name().to_owned(),
                depends_on: depends_on.iter().map(|slug| (*slug).to_owned()).collect(),
                registered: true,
                folder,
                ..Subproject::default()
            }
        };
        let mut all = vec![
            one("apps/crm", &["bus"]),
            one("apps/desk", &[]),
            one("clients/acme", &["crm"]),
            one("services/auth", &[]),
            one("services/bus", &["auth"]),
        ];
        all[1].registered = false;
        all[1].tags = vec!["beta".into()];
        all[1].kind = Some(Kind::Internal);
        all[3].protected = true;
        all
    }

    fn names(selection: &Selection) -> Vec<String> {
        let all = all();
        selection.choose(&all).unwrap().into_iter().map(|one| one.name).collect()
    }

    fn wanted(text: &str) -> Wanted {
        Wanted { text: text.to_owned(), path: RelPath::new(text).ok() }
    }

    #[test]
    fn no_name_means_the_registered_without_the_protected() {
        assert_eq!(names(&Selection::default()), ["crm", "acme", "bus"]);
        assert_eq!(
            names(&Selection { scope: SelectionScope::All, ..Selection::default() }),
            ["crm", "desk", "acme", "bus"]
        );
    }

    #[test]
    fn names_and_paths_mean_what_they_say() {
        let pick = |texts: &[&str]| Selection {
            wanted: texts.iter().map(|t| wanted(t)).collect(),
            ..Selection::default()
        };
        assert_eq!(names(&pick(&["auth", "apps/desk"])), ["desk", "auth"]);
        assert_eq!(names(&pick(&["apps"])), ["crm", "desk"]);
        assert_eq!(names(&pick(&["services"])), ["bus"]);
        let unknown = pick(&["crn", "zzz", "acme"]).choose(&all()).unwrap_err();
        let unknown: Vec<String> = unknown.iter().map(ToString::to_string).collect();
        assert_eq!(
            unknown,
            ["no subproject is called `crn`; did you mean `crm`?", "no subproject is called `zzz`"]
        );
    }

    #[test]
    fn filters_narrow_and_dependencies_widen() {
        let all_of = Selection { scope: SelectionScope::All, ..Selection::default() };
        assert_eq!(names(&Selection { tags: vec!["beta".into()], ..all_of.clone() }), ["desk"]);
        assert_eq!(names(&Selection { kinds: vec![Kind::Internal], ..all_of.clone() }), ["desk"]);
        let changed = Some([RelPath::new("clients/acme/x").unwrap()].into());
        let changed = Selection { changed, ..all_of };
        assert_eq!(names(&changed), ["acme"]);
        let with = Selection { dependencies: Dependencies::With, ..changed };
        assert_eq!(names(&with), ["crm", "acme", "auth", "bus"]);
    }
}
