//! Options that take one of a few names: what clap has to know of a value that is not clap's.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// A name that can be typed, its help, and the value that it stands for.
pub(super) type Choice<T> = (&'static str, &'static str, T);

/// A value parser for the names of a table, in whose order the help lists them.
pub(super) fn one_of<T>(choices: &'static [Choice<T>]) -> impl TypedValueParser<Value = T>
where
    T: Clone + Send + Sync + 'static,
{
    let names = choices.iter().map(|(name, help, _)| PossibleValue::new(*name).help(*help));
    PossibleValuesParser::new(names).try_map(|typed| {
        let chosen = choices.iter().find(|(name, ..)| *name == typed);
        chosen.map(|(.., value)| value.clone()).ok_or("is none of these")
    })
}
