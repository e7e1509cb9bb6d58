//! In which order subprojects are started and stopped: the gateway first, then each one behind those that it
//! depends on.

use std::collections::BTreeSet;

use super::step::{Edge, Step, Wait};
use super::subproject::Subproject;

/// Subprojects that depend on each other, and those behind them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these depend on each other in a circle: {}", _0.join(", "))]
pub struct Circle(Vec<String>);

/// The order of starting: a step for each selected subproject, in the order of the selection. A subproject that is
/// not selected is not waited for.
pub fn start(selected: &[Subproject]) -> Result<Vec<Step<()>>, Circle> {
    let gateway = selected.iter().find(|one| one.is_gateway());
    // What the gateway itself depends on comes before it.
    let before = gateway.map(|gateway| dependencies(gateway, selected)).unwrap_or_default();
    let edge = |one: &Subproject, other: &Subproject| {
        if one.depends_on.contains(&other.name) {
            Some(Edge::Needs)
        } else {
            (other.is_gateway() && !before.contains(&one.name)).then_some(Edge::After)
        }
    };
    let waits = |one: &Subproject| -> Vec<Wait> {
        let others = selected.iter();
        others.filter_map(|other| Some(Wait { app: other.name.clone(), edge: edge(one, other)? })).collect()
    };
    let steps: Vec<Step<()>> = selected.iter().map(|one| step(one, waits(one))).collect();
    let (_, circle) = topological(steps.clone());
    if circle.is_empty() {
        Ok(steps)
    } else {
        Err(Circle(circle.into_iter().map(|step| step.subproject.name).collect()))
    }
}

/// The order of stopping: each subproject behind those that depend on it. It stops also when one of them did not.
pub fn stop(selected: &[Subproject]) -> Result<Vec<Step<()>>, Circle> {
    let steps = start(selected)?;
    let reversed = |step: &Step<()>| {
        let dependents = steps.iter().filter(|other| other.waits_for(step.name()));
        let waits = dependents.map(|other| Wait { app: other.name().to_owned(), edge: Edge::After });
        Step { waits_for: waits.collect(), ..step.clone() }
    };
    Ok(steps.iter().map(reversed).collect())
}

/// No order: no subproject waits for another.
#[must_use]
pub fn none(selected: &[Subproject]) -> Vec<Step<()>> {
    selected.iter().map(|one| step(one, Vec::new())).collect()
}

/// The steps in an order in which they can be carried out one after the other.
#[must_use]
pub(crate) fn sorted<A>(steps: Vec<Step<A>>) -> Vec<Step<A>> {
    let (mut sorted, circle) = topological(steps);
    sorted.extend(circle);
    sorted
}

fn step(subproject: &Subproject, waits_for: Vec<Wait>) -> Step<()> {
    Step { subproject: subproject.clone(), action: (), waits_for, findings: Vec::new() }
}

/// The steps in order, and those that are on a circle or behind one (Kahn's algorithm).
fn topological<A>(steps: Vec<Step<A>>) -> (Vec<Step<A>>, Vec<Step<A>>) {
    let (mut sorted, mut open): (Vec<_>, Vec<_>) =
        steps.into_iter().partition(|step| step.waits_for.is_empty());
    let (mut next, mut done) = (0, BTreeSet::new());
    while let Some(step) = sorted.get(next) {
        next += 1;
        done.insert(step.name().to_owned());
        let ready = |step: &Step<A>| step.waits_for.iter().all(|wait| done.contains(&wait.app));
        let (ready, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(ready);
        sorted.extend(ready);
        open = rest;
    }
    (sorted, open)
}

/// The names of a subproject and of all that it depends on, directly or not, as far as they are selected.
fn dependencies(of: &Subproject, selected: &[Subproject]) -> BTreeSet<String> {
    let mut found = BTreeSet::from([of.name.clone()]);
    let mut open = vec![of];
    while let Some(one) = open.pop() {
        let needed = selected.iter().filter(|other| one.depends_on.contains(&other.name));
        open.extend(needed.filter(|other| found.insert(other.name.clone())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rel_path::RelPath;

    fn subproject(folder: &str, depends_on: &[&str]) -> Subproject {
        let folder = RelPath::new(folder).unwrap();
        Subproject {
            name: folder.name().to_owned(),
            depends_on: depends_on.iter().map(|slug| (*slug).to_owned()).collect(),
            folder,
            ..Subproject::default()
        }
    }

    fn names(steps: Vec<Step<()>>) -> Vec<String> {
        sorted(steps).iter().map(|step| step.name().to_owned()).collect()
    }

    #[test]
    fn the_gateway_goes_first_behind_what_it_needs() {
        let all = [
            subproject("a", &["b"]),
            subproject("b", &["elsewhere"]),
            subproject("services/gateway", &["bus"]),
            subproject("bus", &[]),
        ];
        let steps = start(&all).unwrap();
        let wait = |app: &str, edge| Wait { app: app.to_owned(), edge };
        assert_eq!(steps[0].waits_for, [wait("b", Edge::Needs), wait("gateway", Edge::After)]);
        assert_eq!(names(steps), ["bus", "gateway", "b", "a"]);
        let steps = stop(&all).unwrap();
        assert_eq!(steps[1].waits_for, [wait("a", Edge::After)]);
        assert_eq!(names(steps), ["a", "b", "gateway", "bus"]);
    }

    #[test]
    fn a_circle_is_named_with_what_is_behind_it() {
        let all = [("a", &["b"][..]), ("b", &["a"]), ("c", &[]), ("d", &["a"]), ("e", &["e"])];
        let error = start(&all.map(|(folder, needs)| subproject(folder, needs))).unwrap_err();
        assert_eq!(error.to_string(), "these depend on each other in a circle: a, b, d, e");
    }

    #[test]
    fn of_two_subprojects_with_one_name_none_is_lost() {
        let all = ["apps/a", "clients/a", "b"].map(|folder| subproject(folder, &[]));
        assert_eq!(names(start(&all).unwrap()), ["a", "a", "b"]);
    }
}
