//! What this machine lacks is told all at once, with what to do.

use super::fake::Fake;
use crate::sandbox::Ran;

#[test]
fn no_engine_no_compose_no_shared_env() {
    let fake = Fake::new();
    std::fs::remove_file(fake.sandbox.path(".env.shared")).unwrap();
    std::fs::remove_file(fake.sandbox.path("docker/cli-plugins/docker-compose")).unwrap();
    let mut command = fake.command(&["up"]);
    command.env("DOCKER_HOST", "unix:///nowhere.sock").env("PATH", "/nowhere");
    let ran = Ran::from(command.output().unwrap());
    assert_eq!(ran.code, 3, "{ran:?}");
    for part in [
        "env-shared-missing",
        "scalr doctor --fix makes it from .env.shared.example",
        "engine-unreachable",
        "unix:///nowhere.sock",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    let ran = Ran::from(fake.command(&["ps"]).env("DOCKER_HOST", "unix:///nowhere.sock").output().unwrap());
    assert!(ran.code == 3 && ran.stderr.contains("systemctl start docker"), "{ran:?}");
    let ran = fake.run(&["ps", "--context", "nobody"]);
    assert!(ran.code == 3 && ran.stderr.contains("there is no Docker context `nobody`"), "{ran:?}");
}

#[test]
fn a_compose_that_is_too_old() {
    let fake = Fake::new();
    fake.sandbox.write("docker/version", "2.17.3\n");
    let ran = fake.run(&["up"]);
    assert!(ran.code == 3 && ran.stderr.contains("scalr needs 2.25 or later"), "{ran:?}");
}

#[test]
fn variables_that_would_fold_everything_into_one_project() {
    let fake = Fake::new();
    fake.sandbox.write(".env.shared", "COMPOSE_PROJECT_NAME=x\nCOMPOSE_FILE=y\n");
    let ran = fake.run(&["up"]);
    assert_eq!((ran.code, ran.stderr.matches("env-reserved").count()), (3, 2), "{ran:?}");
}

#[test]
fn what_concerns_one_subproject_keeps_only_that_one_back() {
    let fake = Fake::new();
    let warning = r#"time="2026" level=warning msg="The \"NOBODY\" variable is not set. Defaulting to a blank string.""#;
    fake.sandbox.write("docker/warnings", warning);
    fake.sandbox.write("registered-apps.txt", "apps/a\napps/gone\n");
    let plan = fake.run(&["plan"]);
    assert_eq!(plan.code, 1);
    for part in ["the variable NOBODY is not set", "can't start", "the folder `apps/gone` does not exist"] {
        assert!(plan.stdout.contains(part), "{part}: {plan:?}");
    }
    let up = fake.run(&["up"]);
    assert_eq!(up.code, 1);
    assert!(!fake.calls().iter().any(|call| call.contains(" up ")), "{:?}", fake.calls());
}
