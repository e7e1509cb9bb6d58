//! The result of a command: one value, rendered as text for people and as a JSON document for programs.

use serde::Serialize;

/// The result of a command. [`Printer::show`](super::Printer::show) prints it in the requested form.
pub(crate) trait Answer: Serialize {
    /// The name and version of the JSON document, such as `scalr.list/1`. A file in schemas/ describes it.
    const SCHEMA: &'static str;

    /// The result for people, on stdout; empty if the notes say everything.
    fn text(&self) -> String;

    /// Notes for people, on stderr, each on a separate line.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A result with the name of its schema.
#[derive(Serialize)]
pub(super) struct AnswerDocument<'a, A> {
    schema: &'static str,
    #[serde(flatten)]
    answer: &'a A,
}

impl<'a, A: Answer> AnswerDocument<'a, A> {
    pub(super) fn new(answer: &'a A) -> Self {
        Self { schema: A::SCHEMA, answer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Greeting {
        name: Option<&'static str>,
    }

    impl Answer for Greeting {
        const SCHEMA: &'static str = "scalr.greeting/1";

        fn text(&self) -> String {
            String::new()
        }
    }

    #[test]
    fn a_document_begins_with_the_name_of_its_schema() {
        let json = serde_json::to_string(&AnswerDocument::new(&Greeting { name: None })).unwrap();
        assert_eq!(json, r#"{"schema":"scalr.greeting/1","name":null}"#);
    }
}
