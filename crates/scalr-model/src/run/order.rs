//! Who waits for whom: the gateway goes first, then everybody behind those that he depends on.

use std::collections::BTreeMap;

use super::subproject::Subproject;

/// Why one subproject waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// It only comes later; if the other fails, it starts all the same.
    After,
    /// It can't work without the other; if the other fails, it does not start.
    Needs,
}

/// For each subproject the others it waits for, by position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order(Vec<BTreeMap<usize, Edge>>);

impl Order {
    /// The order of starting. What is not among `selected` is not waited for; a circle, or the error is
    /// the names on it.
    pub fn up(selected: &[Subproject]) -> Result<Self, Vec<String>> {
        let at: BTreeMap<&str, usize> =
            selected.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
        let gateway = selected.iter().position(Subproject::is_gateway);
        let mut order: Vec<BTreeMap<usize, Edge>> = selected
            .iter()
            .map(|one| {
                let needs = one.depends_on.iter().filter_map(|slug| at.get(slug.as_str()));
                needs.map(|at| (*at, Edge::Needs)).collect()
            })
            .collect();
        if let Some(gateway) = gateway {
            // What the gateway itself stands on comes before it.
            let before = reachable(&order, gateway);
            for (at, waits) in order.iter_mut().enumerate() {
                if !before.contains(&at) {
                    waits.entry(gateway).or_insert(Edge::After);
                }
            }
        }
        let order = Self(order);
        let sorted = order.sorted();
        if sorted.len() == selected.len() {
            return Ok(order);
        }
        let left = (0..selected.len()).filter(|at| !sorted.contains(at));
        Err(left.map(|at| selected[at].name.clone()).collect())
    }

    /// Nobody waits for anybody.
    #[must_use]
    pub fn none(count: usize) -> Self {
        Self(vec![BTreeMap::new(); count])
    }

    /// The order of stopping: everybody waits for those that depend on him, and stops all the same when
    /// one of them did not.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut reversed = vec![BTreeMap::new(); self.0.len()];
        for (at, waits) in self.0.iter().enumerate() {
            for other in waits.keys() {
                reversed[*other].insert(at, Edge::After);
            }
        }
        Self(reversed)
    }

    /// How many subprojects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no subproject.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that one waits for.
    #[must_use]
    pub fn waits(&self, at: usize) -> &BTreeMap<usize, Edge> {
        &self.0[at]
    }

    /// Every position, each behind those it waits for; those on a circle and behind it are missing.
    #[must_use]
    pub fn sorted(&self) -> Vec<usize> {
        let mut sorted: Vec<usize> = Vec::with_capacity(self.0.len());
        let mut open: Vec<usize> = self.0.iter().map(BTreeMap::len).collect();
        let reversed: Vec<Vec<usize>> = (0..self.0.len())
            .map(|at| (0..self.0.len()).filter(|other| self.0[*other].contains_key(&at)).collect())
            .collect();
        sorted.extend((0..self.0.len()).filter(|at| open[*at] == 0));
        let mut next = 0;
        while next < sorted.len() {
            for other in &reversed[sorted[next]] {
                open[*other] -= 1;
                if open[*other] == 0 {
                    sorted.push(*other);
                }
            }
            next += 1;
        }
        sorted
    }
}

/// A position and everything that it waits for, however far.
fn reachable(order: &[BTreeMap<usize, Edge>], from: usize) -> Vec<usize> {
    let mut found = vec![from];
    let mut next = 0;
    while next < found.len() {
        let more: Vec<usize> = order[found[next]].keys().filter(|at| !found.contains(at)).copied().collect();
        found.extend(more);
        next += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rel_path::RelPath;

    fn one(folder: &str, depends_on: &[&str]) -> Subproject {
        let folder = RelPath::new(folder).unwrap();
        Subproject {
            name: folder.name().to_owned(),
            depends_on: depends_on.iter().map(|slug| (*slug).to_owned()).collect(),
            folder,
            ..Subproject::default()
        }
    }

    #[test]
    fn the_gateway_goes_first_behind_what_it_needs() {
        let all =
            [one("a", &["b"]), one("b", &["elsewhere"]), one("services/gateway", &["bus"]), one("bus", &[])];
        let order = Order::up(&all).unwrap();
        assert_eq!(order.sorted(), [3, 2, 1, 0]);
        assert_eq!(order.waits(0), &BTreeMap::from([(1, Edge::Needs), (2, Edge::After)]));
        assert_eq!(order.reversed().sorted(), [0, 1, 2, 3]);
        assert!(order.reversed().waits(1).values().all(|edge| *edge == Edge::After));
    }

    #[test]
    fn a_circle_is_named() {
        let all = [one("a", &["b"]), one("b", &["a"]), one("c", &[])];
        assert_eq!(Order::up(&all).unwrap_err(), ["a", "b"]);
    }
}
