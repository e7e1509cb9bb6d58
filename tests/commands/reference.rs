//! docs/reference/ is what the code says of itself.

use super::help::commands;
use crate::sandbox::HOME;

#[test]
fn the_reference_pages_are_up_to_date() {
    for (name, text) in scalr::cli::reference::pages() {
        let path = format!("{HOME}/docs/reference/{name}");
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "docs/reference/{name} is out of date: cargo run -- reference --write");
    }
}

/// The pages name every command, code, variable and key.
#[test]
fn the_pages_are_complete() {
    let pages = scalr::cli::reference::pages();
    let page = |name: &str| pages.iter().find(|(page, _)| *page == name).unwrap().1.as_str();
    for command in commands() {
        assert!(page("cli.md").contains(&format!("\n## scalr {command}\n")), "{command}");
    }
    for code in scalr_model::codes::Code::ALL {
        assert!(page("diagnostics.md").contains(&format!("\n## {code}\n")), "{code}");
    }
    for variable in scalr_host::environment::VARIABLES {
        assert!(page("environment.md").contains(&format!("| `{}` |", variable.name)), "{}", variable.name);
    }
    for key in ["schema_version", "ports.frontend", "links[].url", "auth.groups"] {
        let name = key.rsplit('.').next().unwrap();
        assert!(page("app-manifest.md").contains(&format!("| `{name}` |")), "{key}");
    }
}
