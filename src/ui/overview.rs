//! The output of `scalr` without a command: the repository's state, and the next commands.

use super::Answer;
use super::findings::in_words;
use super::styles::{self, paint};
use scalr_model::diagnostics::Counts;
use scalr_model::overview::Overview;

const NOWHERE: &str = "scalr works inside of a repository whose root holds registered-apps.txt and schemas/, and there is none here.\n\n\
     \x20 cd CLONE && scalr     go to your clone\n\
     \x20 scalr -C CLONE …      or name it\n\
     \x20 scalr help            every command\n";

impl Answer for Overview {
    const SCHEMA: &'static str = "scalr.overview/1";

    fn text(&self) -> String {
        let Some(root) = &self.root else { return NOWHERE.to_owned() };
        let mut text = format!(
            "{} in {}: {} {}, {} registered\n\n",
            paint(styles::STRONG, format!("scalr {}", self.version)),
            root.display(),
            self.apps,
            if self.apps == 1 { "app" } else { "apps" },
            self.registered,
        );
        text += &command("scalr validate", &format!("check every manifest ({})", state(self.counts)));
        if self.template {
            text += &command("scalr new-app", "make a new app from template-app");
        }
        if self.apps > 0 {
            text += &command("scalr list", "show every app");
        }
        if self.registered > 0 {
            text += &command("scalr up", "start what is registered and has changed");
            text += &command("scalr ps", "show what runs");
        }
        text += &command("scalr doctor", "look whether all is ready to run");
        text += &command("scalr ports", "show who holds which host ports");
        text += &command("scalr help", "every command and option");
        text
    }
}

fn command(name: &str, text: &str) -> String {
    format!("  {:<17} {text}\n", paint(styles::NAME, format!("{name:<17}")))
}

fn state(counts: Counts) -> String {
    if counts == Counts::default() { "all are fine".to_owned() } else { in_words(counts) + " now" }
}
