//! What a command answers: one value, which is a text for people and a JSON document for programs.

use serde::Serialize;

/// The answer of a command. [`Printer::show`](super::Printer::show) prints the form that was asked for.
pub trait Answer: Serialize {
    /// The name and version of the JSON document, such as `scalr.list/1`. A file in schemas/ describes it.
    const SCHEMA: &'static str;

    /// The answer for people, on stdout; empty where the notes say everything.
    fn text(&self) -> String;

    /// What people are told besides, on stderr, each on a line of its own.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// An answer behind the name of its schema.
#[derive(Serialize)]
pub(super) struct Document<'a, A> {
    schema: &'static str,
    #[serde(flatten)]
    answer: &'a A,
}

impl<'a, A: Answer> Document<'a, A> {
    pub(super) fn new(answer: &'a A) -> Self {
        Self { schema: A::SCHEMA, answer }
    }
}
