//! `depends_on`: every name is an app, and no app depends on itself.

use std::collections::HashMap;

use super::Workspace;
use crate::codes::Code;
use crate::diagnostics::{Finding, Location, Span};
use crate::manifest::Manifest;
use crate::suggest::Hints;

pub(super) fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let apps: Vec<&Manifest> = workspace.apps.iter().map(|app| &*app.manifest).collect();
    let by_slug: HashMap<&str, usize> =
        apps.iter().enumerate().filter_map(|(at, app)| Some((app.slug()?, at))).collect();
    let mut edges: Vec<Vec<(usize, Span)>> = vec![Vec::new(); apps.len()];
    let mut hints = Hints::default();
    for (from, app) in apps.iter().enumerate() {
        for needed in &app.depends_on {
            if let Some(to) = by_slug.get(needed.value.as_str()) {
                edges[from].push((*to, needed.span));
                continue;
            }
            let message = format!("no app has the slug `{}`", needed.value);
            let finding = Finding::new(Code::DependsUnknown, Location::at(&app.path, needed.span), message);
            findings.push(match hints.nearest(&needed.value, || workspace.slugs()) {
                Some(meant) => finding.label(format!("did you mean `{meant}`?")),
                None => finding.help("`scalr list` shows every app"),
            });
        }
    }
    for cycle in cycles(&edges) {
        let names: Vec<_> = cycle.iter().map(|(at, _)| apps[*at].slug().unwrap_or_default()).collect();
        let (first, span) = cycle[0];
        let message =
            format!("apps depend on each other in a circle: {} -> {}", names.join(" -> "), names[0]);
        let mut finding = Finding::new(Code::DependsCycle, Location::at(&apps[first].path, span), message)
            .help("take one of these edges out");
        for (at, span) in &cycle[1..] {
            finding = finding.related(Location::at(&apps[*at].path, *span), "and this edge");
        }
        findings.push(finding);
    }
}

/// One cycle for every group of apps that depend on each other, each as its apps with the place of
/// the edge to the next one. Depth-first search without recursion, so that a chain of any length
/// can't exhaust the stack.
fn cycles(edges: &[Vec<(usize, Span)>]) -> Vec<Vec<(usize, Span)>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        New,
        OnPath,
        Done,
    }
    let mut marks = vec![Visit::New; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        if marks[start] != Visit::New {
            continue;
        }
        // The current path: each app with the number of its edges that were followed.
        let mut path = vec![(start, 0)];
        marks[start] = Visit::OnPath;
        while let Some((at, next)) = path.last_mut() {
            let Some((to, _)) = edges[*at].get(*next) else {
                marks[*at] = Visit::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match marks[*to] {
                Visit::Done => {}
                Visit::New => {
                    marks[*to] = Visit::OnPath;
                    path.push((*to, 0));
                }
                Visit::OnPath => {
                    let from = path.iter().position(|(on, _)| on == to).unwrap_or_default();
                    found
                        .push(path[from..].iter().map(|(on, next)| (*on, edges[*on][*next - 1].1)).collect());
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[usize]]) -> Vec<Vec<usize>> {
        let edges: Vec<Vec<_>> =
            edges.iter().map(|to| to.iter().map(|to| (*to, Span::START)).collect()).collect();
        cycles(&edges).into_iter().map(|cycle| cycle.into_iter().map(|(at, _)| at).collect()).collect()
    }

    #[test]
    fn finds_each_circle_once() {
        assert_eq!(graph(&[&[1], &[2], &[]]), Vec::<Vec<usize>>::new());
        assert_eq!(graph(&[&[0]]), [[0]]);
        assert_eq!(graph(&[&[1], &[2], &[0], &[0]]), [[0, 1, 2]]);
        assert_eq!(graph(&[&[1, 2], &[0], &[0]]), [[0, 1], [0, 2]]);
    }

    #[test]
    fn a_chain_of_100_000_apps_is_no_problem() {
        let chain: Vec<Vec<(usize, Span)>> = (0..100_000)
            .map(|at| if at + 1 < 100_000 { vec![(at + 1, Span::START)] } else { vec![] })
            .collect();
        assert!(cycles(&chain).is_empty());
    }
}
