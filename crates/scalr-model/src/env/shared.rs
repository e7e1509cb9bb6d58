//! `.env.shared` out of its example.

use super::file::{SyntaxError, parse};
use super::secrets::is_secret_name;
use super::write::set;

/// A text with values for what the example leaves empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// The variables that got a secret.
    pub generated: Vec<String>,
    /// The others that are empty.
    pub empty: Vec<String>,
}

impl Filled {
    /// What was generated and what is left to do, without a value.
    #[must_use]
    pub fn told(&self) -> String {
        let listed =
            |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        format!("generated: {}; left empty: {}", listed(&self.generated), listed(&self.empty))
    }
}

/// Gives every empty variable that is a secret by its name one of its own. Nothing else is touched.
pub fn fill(example: &str, mut secret: impl FnMut() -> String) -> Result<Filled, SyntaxError> {
    let mut filled = Filled { text: example.to_owned(), generated: Vec::new(), empty: Vec::new() };
    for variable in parse(example)?.into_iter().filter(super::Variable::is_empty) {
        if is_secret_name(&variable.key) {
            filled.text = set(&filled.text, &variable.key, &secret())?;
            filled.generated.push(variable.key);
        } else {
            filled.empty.push(variable.key);
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_generated_and_the_rest_stays() {
        let example = "# about it\nPASSWORD=\n#TOKEN=\nDOMAIN=\nAPI_KEY=''\nMODE=dev\n";
        let mut number = 0;
        let filled = fill(example, || {
            number += 1;
            format!("s{number}")
        });
        assert_eq!(
            filled.unwrap(),
            Filled {
                text: "# about it\nPASSWORD=s1\n#TOKEN=\nDOMAIN=\nAPI_KEY=s2\nMODE=dev\n".into(),
                generated: vec!["PASSWORD".into(), "API_KEY".into()],
                empty: vec!["DOMAIN".into()],
            }
        );
        assert!(fill("A='\n", String::new).is_err());
    }
}
