//! Skip what has not changed, and nothing else: each input changed alone, against what Compose itself does.
//!
//! After each `scalr up` the real `docker compose up -d --build` runs and must find nothing to do: what scalr
//! has left out would show.

use serde_json::Value;

use crate::testbed::{Testbed, docker, image};

/// scalr sees the change, heals it, and leaves nothing for Compose to do. Gives the reasons.
fn seen(bed: &Testbed, what: &str) -> String {
    let (action, reasons) = bed.planned("a");
    assert_eq!(action, "up", "{what} is not seen");
    bed.run(&["up"]).ok();
    settled(bed, what);
    reasons.join("; ")
}

/// Nothing is left to do, for scalr nor for Compose.
fn settled(bed: &Testbed, what: &str) {
    assert_eq!(bed.planned("a"), ("skip".to_owned(), vec![]), "after {what}");
    let before = bed.running("a");
    bed.compose("a", &["up", "--detach", "--build"]).ok();
    assert_eq!(before, bed.running("a"), "Compose found something to do after {what}");
    // Compose's own build may have moved a tag to an equal image; scalr must not mind.
    assert_eq!(bed.planned("a").0, "skip", "Compose's own up after {what}");
}

#[test]
fn every_input_counts_and_nothing_else() {
    let bed = Testbed::new("mut");
    bed.app("a", "serve", "");
    let of = |file: &str| bed.of("a", file);
    let append = |file: &str, text: &str| bed.write(&of(file), bed.read(&of(file)) + text);
    assert_eq!(seen(&bed, "the beginning"), "it is not up");

    // What no build and no container sees.
    for (file, text) in [("README.md", "x"), ("web/noise.log", "x")] {
        bed.write(&of(file), text);
        settled(&bed, file);
    }
    let same = bed.read(&of("web/data/a.txt"));
    bed.write(&of("web/data/a.txt"), same);
    settled(&bed, "a file written anew with what was in it");

    append("docker-compose.yml", "# a comment\n");
    assert!(seen(&bed, "the compose file").contains("docker-compose.yml changed"));
    append(".env.app", "MORE=1\n");
    assert!(seen(&bed, ".env.app").contains(".env.app changed"));
    bed.write(".env.shared", bed.read(".env.shared") + "MORE=1\n");
    assert!(seen(&bed, ".env.shared").contains(".env.shared changed"));
    append("web.env", "MORE=1\n");
    assert!(seen(&bed, "an env_file").contains("web.env changed"));
    bed.write(&of("docker-compose.override.yml"), "services: {web: {environment: {O: 1}}}\n");
    assert!(seen(&bed, "an override file").contains("docker-compose.override.yml is new"));
    std::fs::remove_file(bed.path(&of("docker-compose.override.yml"))).unwrap();
    assert!(seen(&bed, "an override file that goes").contains("is gone"));
    append("settings.txt", "two\n");
    assert!(seen(&bed, "a config's file").contains("settings.txt changed"));

    append("web/data/a.txt", "more\n");
    assert_eq!(seen(&bed, "a file of the context"), format!("build: {} changed", of("web/data/a.txt")));
    bed.write(&of("web/data/b.txt"), "new\n");
    assert!(seen(&bed, "a new file").contains("b.txt is new"));
    std::fs::remove_file(bed.path(&of("web/data/b.txt"))).unwrap();
    assert!(seen(&bed, "a file that goes").contains("b.txt is gone"));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(bed.path(&of("web/data/a.txt")), mode).unwrap();
    assert!(seen(&bed, "a file's mode").contains("a.txt changed"));
    append("web/Dockerfile", "ENV X=1\n");
    assert!(seen(&bed, "the Dockerfile").contains("Dockerfile changed"));
    append("web/.dockerignore", "data/c.txt\n");
    assert!(seen(&bed, ".dockerignore").contains(".dockerignore changed"));
    bed.write(&of("web/data/c.txt"), "unseen");
    settled(&bed, "a file that .dockerignore hides");
}

#[test]
fn included_and_extended_files_count() {
    let bed = Testbed::new("inc");
    bed.app("a", "serve", "");
    let compose = bed.of("a", "docker-compose.yml");
    bed.write(
        &bed.of("a", "base.yml"),
        format!("services:\n  b:\n    image: {}\n    environment: {{A: 1}}\n", image()),
    );
    bed.write(
        &bed.of("a", "more.yml"),
        "services:\n  more:\n    extends: {file: base.yml, service: b}\n    stop_grace_period: 1s\n",
    );
    bed.write(&compose, bed.read(&compose) + "include: [more.yml]\n");
    seen(&bed, "the beginning");
    let file = bed.of("a", "more.yml");
    bed.write(&file, bed.read(&file) + "    environment: {B: 1}\n");
    assert!(seen(&bed, "an included file").contains("more.yml changed"));
    let file = bed.of("a", "base.yml");
    bed.write(&file, bed.read(&file).replace("A: 1", "A: 2"));
    assert!(seen(&bed, "an extended file").contains("base.yml changed"));
}

#[test]
fn the_shell_counts() {
    let bed = Testbed::new("shell");
    bed.app("a", "serve", "");
    seen(&bed, "the beginning");
    let with = |args: &[&str]| bed.command(args).env("TEST_TAG", "x").output().unwrap();
    let plan = String::from_utf8(with(&["plan"]).stdout).unwrap();
    assert!(plan.contains("the shell's variable TEST_TAG changed"), "{plan}");
    let unused = bed.command(&["plan", "--json"]).env("UNUSED_ELSEWHERE", "x").output().unwrap();
    assert!(String::from_utf8(unused.stdout).unwrap().contains("\"skip\""));
    let before = bed.running("a");
    assert!(with(&["up"]).status.success());
    assert_ne!(before, bed.running("a"));
}

#[test]
fn the_engines_own_state_counts() {
    let bed = Testbed::new("state");
    bed.app("a", "serve", "");
    seen(&bed, "the beginning");
    let container = |service: &str| format!("{}-{service}-1", bed.name("a"));
    docker(&["stop", "--time", "1", &container("web")]);
    assert!(seen(&bed, "a stopped container").contains("web is completed"));
    docker(&["rm", "--force", &container("side")]);
    assert!(seen(&bed, "a removed container").contains("the container of side is gone"));
    // The tag that web was built as comes to mean another image.
    docker(&["tag", image(), &format!("{}-web", bed.name("a"))]);
    assert!(seen(&bed, "a tag that moved").contains("the image of web is another one now"));
    docker(&["network", "disconnect", "--force", &format!("{}_default", bed.name("a")), &container("side")]);
    let (action, reasons) = bed.planned("a");
    assert_eq!(action, "up");
    assert!(reasons.join("; ").contains("the networks of side are others now"), "{reasons:?}");
    docker(&["pause", &container("web")]);
    let (_, reasons) = bed.planned("a");
    assert!(reasons.join("; ").contains("web is paused"), "{reasons:?}");
    docker(&["unpause", &container("web")]);
}

#[test]
fn what_was_taken_down_is_built_again_only_where_it_has_to_be() {
    let bed = Testbed::new("again");
    bed.app("a", "serve", "");
    seen(&bed, "the beginning");
    let down_and_builds = |change: &dyn Fn()| {
        bed.run(&["down"]).ok();
        change();
        let plan: Value = serde_json::from_str(&bed.run(&["plan", "--json"]).ok().stdout).unwrap();
        plan["apps"][0]["build"].as_bool().unwrap()
    };
    assert!(!down_and_builds(&|| {}));
    assert_eq!(seen(&bed, "down"), "it is not up");
    let name = format!("{}-web", bed.name("a"));
    assert!(down_and_builds(&|| _ = docker(&["tag", image(), &name])));
    assert_eq!(seen(&bed, "a tag that moved meanwhile"), "it is not up");
    assert!(down_and_builds(&|| _ = docker(&["image", "rm", &name])));
    assert_eq!(seen(&bed, "an image that went meanwhile"), "it is not up");
    let file = bed.of("a", "web/data/a.txt");
    assert!(down_and_builds(&|| bed.write(&file, "changed\n")));
    assert_eq!(seen(&bed, "a file that changed meanwhile"), format!("build: {file} changed; it is not up"));
}

#[test]
fn a_base_image_that_moves_is_built_on() {
    let bed = Testbed::new("base");
    bed.app("a", "serve", "");
    let base = format!("{}-base:1", bed.prefix);
    docker(&["tag", image(), &base]);
    let dockerfile = bed.of("a", "web/Dockerfile");
    bed.write(&dockerfile, format!("ARG BASE={base}\nFROM ${{BASE}}\nCOPY data /data\n"));
    seen(&bed, "the beginning");
    bed.write("other/Dockerfile", format!("FROM {}\nENV MOVED=1\n", image()));
    docker(&["build", "--quiet", "--tag", &base, bed.path("other").to_str().unwrap()]);
    assert_eq!(seen(&bed, "a base image"), format!("build: the image {base} is another one now"));
}
