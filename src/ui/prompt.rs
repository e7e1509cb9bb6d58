//! Questions at a terminal. The caller's validator checks every answer at once.

use std::io;

use console::Term;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Select};

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// Ctrl-C, Ctrl-D or Escape.
    Interrupted,
    /// The terminal failed.
    Io(io::Error),
}

impl From<dialoguer::Error> for NoAnswer {
    fn from(error: dialoguer::Error) -> Self {
        let dialoguer::Error::IO(error) = error;
        // A question hides the cursor, which must be shown again after an interrupt.
        let _ = Term::stderr().show_cursor();
        match error.kind() {
            io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => Self::Interrupted,
            _ => Self::Io(error),
        }
    }
}

/// Restores the terminal, for a process that ends during a question.
pub(crate) fn leave() {
    let terminal = Term::stderr();
    let _ = terminal.show_cursor();
    let _ = terminal.write_line("\nerror: interrupted; nothing was changed");
}

/// Asks for a text until `check` accepts it.
pub(crate) fn text(
    question: &str,
    initial: Option<&str>,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<String, NoAnswer> {
    let theme = ColorfulTheme::default();
    let mut input = Input::<String>::with_theme(&theme).with_prompt(question).report(true);
    if let Some(initial) = initial {
        input = input.default(initial.to_owned());
    }
    let given = input.validate_with(|given: &String| check(given)).interact_text_on(&Term::stderr())?;
    Ok(given)
}

/// Asks for one of several options, each a word and its meaning; returns its position.
pub(crate) fn choose(question: &str, options: &[(&str, String)]) -> Result<usize, NoAnswer> {
    let theme = ColorfulTheme::default();
    let width = options.iter().map(|(word, _)| word.len()).max().unwrap_or_default();
    let lines: Vec<String> =
        options.iter().map(|(word, meaning)| format!("{word:<width$}  {meaning}")).collect();
    let chosen = Select::with_theme(&theme)
        .with_prompt(question)
        .items(&lines)
        .default(0)
        .report(false)
        .interact_on_opt(&Term::stderr())?
        .ok_or(NoAnswer::Interrupted)?;
    // Only the answer, without its meaning, stays on the screen.
    let mut line = String::new();
    let _ = dialoguer::theme::Theme::format_select_prompt_selection(
        &theme,
        &mut line,
        question,
        options[chosen].0,
    );
    let _ = Term::stderr().write_line(&line);
    Ok(chosen)
}

/// Asks yes or no.
pub(crate) fn confirm(question: &str) -> Result<bool, NoAnswer> {
    let theme = ColorfulTheme::default();
    let answer =
        Confirm::with_theme(&theme).with_prompt(question).default(true).interact_on_opt(&Term::stderr())?;
    answer.ok_or(NoAnswer::Interrupted)
}
