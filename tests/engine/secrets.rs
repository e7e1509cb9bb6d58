//! The value of a secret is in nothing that scalr says, and in no process's arguments.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::testbed::{SECRET, Testbed};

struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn no_command_shows_a_secret() {
    let bed = Testbed::new("secret");
    bed.app("a", "serve", "");
    // Its log and Compose's error message hold the secret.
    bed.app("crash", "crash", "");
    bed.app("bad", "serve", "");
    let compose = bed.of("bad", "docker-compose.yml");
    bed.write(&compose, bed.read(&compose).replace("127.0.0.1:${BACKEND_PORT}:80", "${TEST_PASSWORD}:80"));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Also when a test fails, or the scope would wait for ever.
        let end = End(&over);
        let watching = scope.spawn(|| {
            let mut compose_calls = 0;
            while !over.load(Ordering::Relaxed) {
                for entry in std::fs::read_dir("/proc").unwrap().flatten() {
                    let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
                    let line = String::from_utf8_lossy(&line);
                    assert!(!line.contains(SECRET), "{line}");
                    compose_calls += usize::from(line.contains("--project-directory"));
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            compose_calls
        });
        let mut crashed = false;
        for args in [
            &["plan"][..],
            &["plan", "--json"],
            &["plan", "--verbose"],
            &["up", "--verbose"],
            &["up", "--json"],
            &["up"],
            &["ps"],
            &["ps", "--json"],
            &["restart", "--verbose"],
            &["logs"],
            &["logs", "--json"],
            &["env", &bed.name("a")],
            &["env", &bed.name("a"), "--json"],
            &["doctor"],
            &["doctor", "--json"],
            &["build", "--verbose"],
            &["pull", "--json"],
            &["exec", &bed.name("crash"), "web", "--", "/app", "once"],
            &["open", &bed.name("a")],
            &["list", "--json"],
            &["ports"],
            &["validate"],
            &["down", "--verbose"],
        ] {
            let ran = bed.run(args);
            assert!(!ran.stdout.contains(SECRET) && !ran.stderr.contains(SECRET), "{args:?}: {ran:?}");
            crashed |= ran.stderr.contains("password ***") || ran.stdout.contains("password ***");
        }
        assert!(crashed, "a log with a secret was shown, without it");
        drop(end);
        assert!(watching.join().unwrap() > 0, "no call of Compose was watched");
    });
    let mut records = 0;
    for file in std::fs::read_dir(bed.path(".scalr/projects")).unwrap().flatten() {
        let text = std::fs::read(file.path()).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&text).contains(SECRET), "{}", file.path().display());
        records += 1;
    }
    assert!(records > 0, "up has kept no record");
}
