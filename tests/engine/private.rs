//! What only an engine of one's own can show: it dies in the middle, and its disk is full.
//!
//! The engine lives in namespaces of its own (network, mounts, processes), so that it shares no bridge with the one
//! of the other tests, and everything of it ends with its first process. That needs root; elsewhere these tests say so.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::sandbox::Ran;
use crate::testbed::{Testbed, docker, image};

/// The first process of the namespaces. It does what it is told, a word a line, and ends when nobody is left to tell.
const FIRST: &str = r#"
ip link set lo up
[ -z "$SIZE" ] || mount -t tmpfs -o "size=$SIZE" none "$HOME_OF_IT/data"
while read -r word; do
  case $word in
  start)
    dockerd --host "unix://$HOME_OF_IT/engine.sock" --data-root "$HOME_OF_IT/data" --exec-root "$HOME_OF_IT/exec" \
      --pidfile "$HOME_OF_IT/pid" --cgroup-parent "/$GROUP" --iptables=false --ip6tables=false --ip-masq=false >>"$HOME_OF_IT/log" 2>&1 &
    engine=$! ;;
  kill) kill -KILL "$engine"; wait "$engine"; echo "$word" >"$HOME_OF_IT/done" ;;
  stop) kill -TERM "$engine"; wait "$engine"; echo "$word" >"$HOME_OF_IT/done" ;;
  esac
done
kill -KILL -1
find /sys/fs/cgroup -depth -type d -path "*/$GROUP*" -exec rmdir {} \; 2>/dev/null
"#;

/// An engine.
struct Private {
    folder: TempDir,
    first: Child,
}

impl Private {
    /// Starts one, with the image of the tests; `size` bounds its disk.
    fn start(size: Option<&str>) -> Option<Self> {
        let tools = ["unshare", "dockerd", "ip"].iter().all(|tool| {
            let found = std::env::var_os("PATH")
                .map(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()));
            found == Some(true)
        });
        if !tools || !rustix::process::geteuid().is_root() {
            assert!(
                std::env::var_os("CI").is_none_or(|ci| ci != "true"),
                "CI has root, unshare, ip and dockerd"
            );
            eprintln!("skipped: an engine of one's own needs root, unshare, ip and dockerd");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("zt-engine-").tempdir().unwrap();
        for name in ["data", "exec"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let first = Command::new("unshare")
            .args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", FIRST])
            .env("HOME_OF_IT", folder.path())
            .env("GROUP", format!("scalr-test-{}", folder.path().file_name().unwrap().to_string_lossy()))
            .env("SIZE", size.unwrap_or_default())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut private = Self { folder, first };
        private.tell("start");
        private.until_it_answers();
        let archive = private.path("image.tar");
        docker(&["save", "--output", archive.to_str().unwrap(), image()]);
        let loaded = private.docker(&["load", "--input", archive.to_str().unwrap()]);
        assert!(loaded.stdout.contains("Loaded image"), "{loaded:?}");
        Some(private)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tell(&mut self, word: &str) {
        writeln!(self.first.stdin.as_mut().unwrap(), "{word}").unwrap();
    }

    fn host(&self) -> String {
        format!("unix://{}", self.path("engine.sock").display())
    }

    fn docker(&self, args: &[&str]) -> Ran {
        Ran::from(Command::new("docker").arg("--host").arg(self.host()).args(args).output().unwrap())
    }

    /// Starts it again after it was killed or stopped.
    fn revive(&mut self) {
        let done = self.path("done");
        until(&|| "it is not dead".to_owned(), || done.exists());
        std::fs::remove_file(&done).unwrap();
        self.tell("start");
        self.until_it_answers();
    }

    fn until_it_answers(&self) {
        let log = || std::fs::read_to_string(self.path("log")).unwrap_or_default();
        until(&log, || self.docker(&["version"]).code == 0);
    }

    fn command(&self, bed: &Testbed, args: &[&str]) -> Command {
        let mut command = bed.command(args);
        command.env("DOCKER_HOST", self.host());
        command
    }

    fn run(&self, bed: &Testbed, args: &[&str]) -> Ran {
        Ran::from(self.command(bed, args).output().unwrap())
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // Politely first, so that no control group of a container is left.
        self.tell("stop");
        drop(self.first.stdin.take());
        let _ = self.first.wait();
    }
}

fn until(what: &dyn Fn() -> String, mut happens: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !happens() {
        assert!(begin.elapsed() < Duration::from_mins(1), "{}", what());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// `scalr up`, and the engine dies as soon as that many containers run. Everything has a clear end.
fn dies_at(private: &mut Private, bed: &Testbed, containers: usize) {
    let up = private.command(bed, &["up", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let up = up.unwrap();
    let running = || private.docker(&["ps", "--quiet"]).stdout.lines().count();
    until(&|| "nothing runs".to_owned(), || running() >= containers);
    private.tell("kill");
    let begin = Instant::now();
    let ran = Ran::from(up.wait_with_output().unwrap());
    assert!(begin.elapsed() < Duration::from_secs(30), "it took {:?}", begin.elapsed());
    assert_eq!(ran.code, 1, "{ran:?}");
    for short in ["a", "b", "c"] {
        let finish = ran.finish(&bed.name(short));
        assert_eq!(finish["outcome"], "failed", "{finish}");
        let failure = finish["failure"].to_string().to_lowercase();
        assert!(
            ["daemon", "engine", "connect", "eof", "socket"].iter().any(|word| failure.contains(word)),
            "it does not say that the engine is gone: {finish}"
        );
    }
    let gone = private.run(bed, &["ps"]);
    assert!(gone.code == 3 && gone.stderr.contains("no Docker engine answers"), "{gone:?}");
    private.revive();
}

#[test]
fn an_engine_that_dies_in_the_middle_ends_everything_clearly_and_the_next_up_heals() {
    let Some(mut private) = Private::start(None) else { return };
    let bed = Testbed::new("dies");
    for short in ["a", "b", "c"] {
        bed.app(short, "sick", "");
    }
    // While scalr waits for health, which is not to come too soon.
    dies_at(&mut private, &bed, 6);
    for short in ["a", "b", "c"] {
        let compose = bed.of(short, "docker-compose.yml");
        bed.write(&compose, bed.read(&compose).replace("[/app, sick]", "[/app, serve]"));
    }
    private.run(&bed, &["up"]).ok();
    let ps = private.run(&bed, &["ps", "--json"]).ok().stdout;
    assert_eq!(ps.matches("\"standing\": \"up\"").count(), 3, "{ps}");
    // Logs that are followed end with it, too.
    let following =
        private.command(&bed, &["logs", "-f"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let following = following.unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    private.tell("kill");
    let ran = Ran::from(following.wait_with_output().unwrap());
    assert!(ran.code == 3 && ran.stderr.contains("the Docker engine has gone away"), "{ran:?}");
    private.revive();
    private.run(&bed, &["down"]).ok();
    // While Compose starts containers. Engine 20.10 itself may then take ports of those that it had not started yet for taken,
    // or their tasks for running, which no client can mend: it says so, and is well after down and a clean start.
    dies_at(&mut private, &bed, 1);
    let again = private.run(&bed, &["up"]);
    if again.code != 0 {
        assert!(again.stderr.contains("Error response from daemon"), "{again:?}");
        private.run(&bed, &["down"]).ok();
        private.tell("stop");
        private.revive();
        private.run(&bed, &["up"]).ok();
    }
    private.run(&bed, &["down"]).ok();
}

#[test]
fn a_full_disk_is_the_failure_of_those_that_need_it() {
    let Some(private) = Private::start(Some("48m")) else { return };
    let bed = Testbed::new("full");
    bed.app("a", "serve", "");
    bed.app("well", "serve", "");
    private.run(&bed, &["up", &bed.name("well")]).ok();
    let mut noise = vec![0_u8; 60 * 1024 * 1024];
    for (at, byte) in noise.iter_mut().enumerate() {
        *byte = u8::try_from(at % 251).unwrap();
    }
    let large = bed.of("a", "web/data/large");
    bed.write(&large, &noise);
    let up = private.run(&bed, &["up", "--json"]);
    assert_eq!(up.code, 1, "{up:?}");
    assert_eq!(up.finish(&bed.name("well"))["outcome"], "unchanged");
    let finish = up.finish(&bed.name("a"));
    assert!(finish["failure"].to_string().contains("no space left on device"), "{finish}");
    std::fs::remove_file(bed.path(&large)).unwrap();
    private.docker(&["builder", "prune", "--all", "--force"]);
    private.run(&bed, &["up"]).ok();
    private.run(&bed, &["down"]).ok();
}

#[test]
fn a_repository_on_a_full_disk_is_told_and_nothing_is_left_half_done() {
    let bed = Testbed::new("quota");
    bed.app("a", "serve", "");
    let folder = bed.path(".scalr");
    std::fs::create_dir(&folder).unwrap();
    let Some(full) = FullDisk::at(&folder) else { return };
    let up = bed.run(&["up", "--json"]);
    assert_ne!(up.code, 0, "{up:?}");
    assert!(up.stdout.contains("the disk is full"), "{up:?}");
    assert!(bed.running("a").is_empty());
    drop(full);
    bed.run(&["up"]).ok();
    assert_eq!(bed.running("a").len(), 2);
}

/// A tiny file system without a free byte.
struct FullDisk(PathBuf);

impl FullDisk {
    fn at(folder: &Path) -> Option<Self> {
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=4k", "none"]).arg(folder).status();
        if !mounted.is_ok_and(|status| status.success()) {
            eprintln!("skipped: a full disk needs the permission to mount");
            return None;
        }
        let full = Self(folder.to_owned());
        let _ = std::fs::write(folder.join("filler"), [0; 4096]);
        Some(full)
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
