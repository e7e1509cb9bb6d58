//! `scalr pull` and `scalr build`.

use super::documents::events;
use super::fake::Fake;

#[test]
fn images_are_built_and_fetched_without_starting_anything() {
    let fake = Fake::new();
    let ran = fake.run(&["build", "--no-cache", "-j", "1"]).ok();
    assert!(ran.stdout.contains("built"), "{ran:?}");
    let ends = ["-p a", "-p b"].map(|name| {
        let calls = fake.calls();
        let call = calls.iter().find(|call| call.contains(name)).unwrap();
        call.rsplit_once(".yml ").unwrap().1.to_owned()
    });
    assert_eq!(ends, ["build --no-cache|COMPOSE_FILE=", "build --no-cache|COMPOSE_FILE="]);
    fake.up_does("a", "echo 'denied for hush-hush-hush' >&2; exit 1");
    let ran = fake.run(&["pull"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("pulled") && ran.stderr.contains("denied for ***"), "{ran:?}");
    assert!(fake.calls().iter().any(|call| call.contains("pull --ignore-buildable")));
    let seen = events(&fake, &["pull", "--json"]);
    assert_eq!(seen.iter().filter(|event| *event == "finish").count(), 2);
    let ran = fake.run(&["build", "x"]);
    assert!(ran.code == 2 && ran.stderr.contains("no subproject is called `x`"), "{ran:?}");
}
