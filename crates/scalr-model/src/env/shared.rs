//! Creates `.env.shared` from its example.

use super::file::{SyntaxError, parse};
use super::secrets::is_secret_name;
use super::write::set;

/// The example's text with generated values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub text: String,
    /// The variables with a generated secret.
    pub(crate) generated: Vec<String>,
    /// The other empty variables.
    pub(crate) empty: Vec<String>,
}

impl Filled {
    /// The generated variables and those that are left empty, without values.
    #[must_use]
    pub fn told(&self) -> String {
        let listed =
            |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        format!("generated: {}; left empty: {}", listed(&self.generated), listed(&self.empty))
    }
}

/// Generates a value for every empty variable with a secret's name, and changes nothing else.
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
