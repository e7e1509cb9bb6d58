//! Explanations of codes: one in full, or all of them in a line each.

use serde::Serialize;

use super::Answer;
use super::styles::{self, paint};
use scalr_model::codes::{Code, Explanation};

#[derive(Debug, Serialize)]
pub(crate) struct Explanations {
    codes: Vec<Explanation>,
}

impl Explanations {
    #[must_use]
    pub(crate) fn of(codes: &[Code]) -> Self {
        Self { codes: codes.iter().map(|code| code.explanation()).collect() }
    }
}

impl Answer for Explanations {
    const SCHEMA: &'static str = "scalr.explain/1";

    fn text(&self) -> String {
        match self.codes.as_slice() {
            [code] => in_full(code),
            codes => codes.iter().map(in_a_line).collect(),
        }
    }
}

fn in_full(code: &Explanation) -> String {
    let head = format!("{}[{}]: {}", code.severity.as_str(), code.name, code.summary);
    format!("{}\n\n{}\n", paint(styles::STRONG, head), code.detail)
}

fn in_a_line(code: &Explanation) -> String {
    format!("{} {}\n", paint(styles::NAME, format!("{:<21}", code.name)), code.summary)
}
