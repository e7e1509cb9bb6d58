//! Reading the tree of a compose file as Compose does: with `<<`, and with one thing where a list may stand.

use crate::yaml::{Node, Value};

/// The value at a key, which may come from `<<`.
pub(super) fn get<'a, 't>(node: &'a Node<'t>, key: &str) -> Option<&'a Node<'t>> {
    node.get(key).or_else(|| one_or_many(node.get("<<")).find_map(|merged| get(merged, key)))
}

/// The values of the mapping at a key, also those that came in by `<<`.
pub(super) fn values<'a, 't>(node: &'a Node<'t>, key: &str) -> Vec<&'a Node<'t>> {
    get(node, key).map(merged).unwrap_or_default().into_iter().map(|(_, value)| value).collect()
}

fn merged<'a, 't>(node: &'a Node<'t>) -> Vec<(&'a str, &'a Node<'t>)> {
    let own = node.entries().iter().filter(|entry| entry.key != "<<");
    let mut all: Vec<_> = own.map(|entry| (&*entry.key, &entry.value)).collect();
    for (key, value) in one_or_many(node.get("<<")).flat_map(merged) {
        if all.iter().all(|(own, _)| *own != key) {
            all.push((key, value));
        }
    }
    all
}

/// The items of a list, or the single value.
pub(super) fn one_or_many<'a, 't>(node: Option<&'a Node<'t>>) -> impl Iterator<Item = &'a Node<'t>> {
    let list = node.map(Node::items).unwrap_or_default();
    list.iter().chain(node.filter(|node| !matches!(node.value, Value::Sequence(_))))
}
