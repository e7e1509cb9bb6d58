//! The arguments of Compose for a subproject, and all inputs that decide what Compose would do.

use std::path::{Path, PathBuf};

use crate::compose_files::{self, Mode};
use crate::root::Root;
use scalr_model::compose::config::{Build, ComposeConfig};
use scalr_model::compose::dockerfile;
use scalr_model::compose::file::{
    COMPOSE_FILES, COMPOSE_OVERRIDES, ComposeFile, PRODUCTION_COMPOSE_FILE, Undecided, follow, words,
};
use scalr_model::compose::project::ComposeProject;
use scalr_model::rel_path::RelPath;
use scalr_model::run::fingerprint::{BuildContext, InputPaths};
use scalr_model::run::subproject::Subproject;
use scalr_model::workspace::{ENV_FILE, SHARED_ENV_FILE};

/// The arguments of Compose.
#[must_use]
pub(crate) fn project(root: &Root, subproject: &Subproject, mode: Mode) -> ComposeProject {
    let folder = root.join(&subproject.folder);
    let files = compose_files::of(root, &subproject.folder, mode);
    let files = files.iter().map(|file| root.join(file)).collect();
    let own = folder.join(ENV_FILE);
    let mut env_files = vec![root.path().join(SHARED_ENV_FILE)];
    if own.is_file() {
        env_files.push(own);
    }
    ComposeProject { name: subproject.name.clone(), folder, files, env_files }
}

/// The compose file that findings about a subproject point at.
#[must_use]
pub(crate) fn compose_file(root: &Root, subproject: &Subproject) -> RelPath {
    let there = COMPOSE_FILES.iter().find(|name| root.join(&subproject.folder.join(name)).is_file());
    subproject.folder.join(there.unwrap_or(&COMPOSE_FILES[2]))
}

/// All inputs that decide what Compose would do, computed once after the files have changed. The base
/// images of the builds in `config` are filled in.
#[must_use]
pub(crate) fn input_paths(project: &ComposeProject, config: &ComposeConfig) -> InputPaths {
    let mut paths = InputPaths::default();
    // Files that would be used if they existed.
    let possible =
        COMPOSE_FILES.iter().chain(&COMPOSE_OVERRIDES).chain([&PRODUCTION_COMPOSE_FILE, &ENV_FILE]);
    paths.files.extend(possible.map(|name| text(&project.folder.join(name))));
    paths.files.extend(project.env_files.iter().map(|file| text(file)));
    compose_file_inputs(project, &mut paths);
    for file in &project.env_files {
        add_words(file, &mut paths);
    }
    paths.build_files.extend(config.files.iter().cloned());
    for build in &config.builds {
        build_inputs(build, &mut paths);
    }
    paths
}

fn compose_file_inputs(project: &ComposeProject, paths: &mut InputPaths) {
    let given: Vec<String> = project.files.iter().map(|file| text(file)).collect();
    paths.files.extend(given.iter().cloned());
    let taken = follow(&given, &text(&project.folder), |file| {
        let Ok(content) = std::fs::read(file) else { return Vec::new() };
        paths.words.extend(words(&String::from_utf8_lossy(&content)).into_iter().map(str::to_owned));
        match ComposeFile::parse(&RelPath::root(), &content) {
            Ok(read) => read.references,
            Err(_) => {
                paths.unknowable.push(format!("{file} can't be read to its end"));
                Vec::new()
            }
        }
    });
    paths.files.extend(taken.compose);
    for path in taken.env_files.into_iter().chain(taken.others) {
        add_words(Path::new(&path), paths);
        paths.files.insert(path);
    }
    for Undecided { file, name, reason } in taken.undecided {
        let reason = reason.as_str();
        paths.unknowable.push(format!("`{name}` of {file} {reason}, so a change of it can't be seen"));
    }
}

fn add_words(file: &Path, paths: &mut InputPaths) {
    if let Ok(content) = std::fs::read_to_string(file) {
        paths.words.extend(words(&content).into_iter().map(str::to_owned));
    }
}

fn build_inputs(build: &Build, paths: &mut InputPaths) {
    let folder = PathBuf::from(&build.context);
    if !folder.is_absolute() || !folder.is_dir() {
        let what = format!("{} is built from {}, whose contents are unknown", build.service, build.context);
        paths.unknowable.push(what);
        return;
    }
    let dockerfile = normal(&folder.join(&build.dockerfile));
    // BuildKit prefers the Dockerfile's own ignore file.
    let own = PathBuf::from(format!("{}.dockerignore", dockerfile.display()));
    let common = folder.join(".dockerignore");
    let ignore = [&own, &common].into_iter().find(|file| file.is_file()).map(|file| text(file));
    paths.build_files.extend([text(&own), text(&common)]);
    let content = match &build.inline {
        Some(inline) => Some(inline.clone()),
        None => {
            paths.build_files.insert(text(&dockerfile));
            std::fs::read_to_string(&dockerfile).ok()
        }
    };
    paths.contexts.insert(BuildContext { folder: text(&folder), ignore });
    let bases = dockerfile::bases(&content.unwrap_or_default(), &build.args);
    paths.bases.extend(bases.images);
    if bases.unknown {
        paths.unknowable.push(format!("an image that {} is built on is computed", build.service));
    }
    for (name, place) in &build.additional {
        if let Some(image) = place.strip_prefix("docker-image://") {
            paths.bases.insert(image.to_owned());
        } else if place.starts_with("service:") {
            // It is built here too, so its inputs are recorded separately.
        } else if Path::new(place).is_dir() {
            paths.contexts.insert(BuildContext { folder: place.clone(), ignore: None });
        } else {
            paths.unknowable.push(format!(
                "the context {name} of {} is {place}, whose contents are unknown",
                build.service
            ));
        }
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A path without `.` and `..`, as text alone: links are not followed, as in Compose.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_compose_file_names_is_watched() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, content: &str| {
            std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            std::fs::write(at(name), content).unwrap();
        };
        let services = "{w: {env_file: [no.env]}, v: {env_file: *f}, r: {extends: {file: '$X.yml'}}}";
        let content = format!("include: [sub/more.yml]\nx-files: &f [alias.env]\nservices: {services}\n");
        write("a/docker-compose.yml", &content);
        write("a/sub/more.yml", "services: {x: {extends: {file: base.yml}}}\n");
        write("a/sub/base.yml", "services: {y: {environment: [FROM_BASE]}}\n");
        write("a/web/Dockerfile", "FROM alpine\n");
        write("a/web/Dockerfile.dockerignore", "*\n");
        let project = ComposeProject {
            folder: at("a"),
            files: vec![at("a/docker-compose.yml")],
            env_files: vec![at(".env.shared")],
            ..ComposeProject::default()
        };
        let config = ComposeConfig {
            builds: vec![
                Build { context: text(&at("a")), dockerfile: "web/Dockerfile".into(), ..Build::default() },
                Build { context: "https://example.org/x.git".into(), ..Build::default() },
            ],
            ..ComposeConfig::default()
        };
        let paths = input_paths(&project, &config);
        for name in [
            ".env.shared",
            "a/docker-compose.yml",
            "a/sub/more.yml",
            "a/sub/base.yml",
            "a/no.env",
            "a/alias.env",
            "a/sub/.env",
            "a/compose.yaml",
        ] {
            assert!(paths.files.contains(&text(&at(name))), "{name}: {:#?}", paths.files);
        }
        assert!(paths.words.contains("FROM_BASE"));
        assert!(paths.bases.contains("alpine"));
        assert_eq!(paths.contexts.first().unwrap().ignore, Some(text(&at("a/web/Dockerfile.dockerignore"))));
        let computed = format!(
            "`$X.yml` of {} is computed, so a change of it can't be seen",
            text(&at("a/docker-compose.yml"))
        );
        assert_eq!((paths.unknowable.len(), &paths.unknowable[0]), (2, &computed));
    }
}
