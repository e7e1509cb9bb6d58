//! `scalr exec`, `shell` and `open`.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use super::documents::conforms;
use super::fake::{Fake, container};
use crate::sandbox::Ran;

fn up() -> Fake {
    let fake = Fake::new();
    fake.has(json!([container("a", "/x", "Up 2 minutes"), container("b", "/x", "Exited (3) 1 minute ago")]));
    fake
}

#[test]
fn the_command_gets_input_and_gives_output_and_exit_code() {
    let fake = up();
    fake.up_does("a", "cat; echo oops >&2; exit 42");
    let mut command = fake.command(&["exec", "a", "--", "psql", "-c", "select 1"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"from here\n").unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (42, "from here\n", "oops\n"));
    let call = "--ansi never --progress plain -p a exec --no-TTY web psql -c select 1|COMPOSE_FILE=";
    assert_eq!(fake.calls(), [call]);
    fake.run(&["shell", "apps/a", "web", "--user", "root"]);
    assert!(
        fake.calls()[1].contains("-p a exec --no-TTY --user root web sh -c if command -v bash"),
        "{:?}",
        fake.calls()
    );
}

#[test]
fn what_does_not_run_is_told_with_what_to_type() {
    let fake = up();
    for (code, args, expected) in [
        (1, ["b", "--", "x"].as_slice(), "web of b is failed"),
        (2, &["a", "wev", "--", "x"], "did you mean `web`?"),
        (2, &["aa", "--", "x"], "did you mean `a`?"),
        (2, &["apps", "--", "x"], "`apps` means several: a, b"),
        (2, &["a", "web"], "<CMD>..."),
    ] {
        let ran = fake.run(&[&["exec"], args].concat());
        assert!(ran.code == code && ran.stderr.contains(expected), "{args:?}: {ran:?}");
    }
    fake.has(json!([]));
    let ran = fake.run(&["shell", "a", "--json"]);
    conforms("error", &ran.json());
    assert!(ran.stdout.contains("a is not running") && ran.stdout.contains("scalr up a"), "{ran:?}");
    assert_eq!(fake.calls(), Vec::<String>::new());
}

#[test]
fn an_address_is_printed_where_no_browser_can_be() {
    let fake = Fake::new();
    assert_eq!(fake.run(&["open", "a"]).ok().stdout, "http://a.localhost\n");
    let document = fake.run(&["open", "--json", "apps/a"]).ok().json();
    conforms("open", &document);
    assert_eq!(document["url"], "http://a.localhost");
    fake.sandbox.write(".env.shared", "SCALR_PUBLIC_DOMAIN=example.org\n");
    assert_eq!(fake.run(&["open", "b"]).ok().stdout, "https://b.example.org\n");
    let manifest = fake.sandbox.read("apps/a/app.manifest.yml");
    fake.sandbox.write(
        "apps/a/app.manifest.yml",
        manifest.split("ports:").next().unwrap().to_owned() + "ports: {}\n",
    );
    let ran = fake.run(&["open", "a"]);
    assert!(ran.code == 2 && ran.stderr.contains("a has no address"), "{ran:?}");
}
