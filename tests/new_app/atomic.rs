//! All or nothing: killed at every step, and many at once.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{answers, small};
use crate::sandbox::{Ran, Sandbox};

/// Every system call that changes the world or a file, and those that lead up to it.
const CALLS: &str = "openat,write,pwrite64,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,symlink,symlinkat,\
                     chmod,fchmod,fchmodat,ftruncate,fsync,fdatasync,syncfs,flock,link,linkat,copy_file_range";

type Tree = Vec<(String, u32, Vec<u8>)>;

/// Runs scalr and kills it with SIGKILL before its `nth` call of [`CALLS`]; whether it got that far.
fn killed_at(sandbox: &Sandbox, args: &[&str], nth: usize) -> bool {
    let mut strace = Command::new("strace");
    strace
        .args(["-qq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={CALLS}"))
        .arg("-e")
        .arg(format!("inject={CALLS}:signal=SIGKILL:when={nth}"));
    let scalr = sandbox.command(args);
    strace.arg(scalr.get_program()).args(scalr.get_args()).current_dir(sandbox.path(""));
    for (name, value) in scalr.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    let status = strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = status.expect("strace is needed; scripts/setup installs it");
    assert!(status.success() || status.signal() == Some(9), "at call {nth}: {status}");
    !status.success()
}

/// The tree with the new app's random id made the same in every run.
fn without_id(sandbox: &Sandbox) -> Tree {
    let mut tree = sandbox.tree();
    let id = sandbox.path("apps/products/order-desk/.scaffold.yml").exists().then(|| {
        let text = sandbox.read("apps/products/order-desk/.scaffold.yml");
        text.lines()
            .find_map(|line| line.trim().strip_prefix("id: ").map(str::to_owned))
            .unwrap()
            .trim_matches('"')
            .to_owned()
    });
    if let Some(id) = id {
        for (_, _, content) in &mut tree {
            if let Ok(text) = std::str::from_utf8(content) {
                *content = text.replace(&id, "ID").into_bytes();
            }
        }
    }
    tree
}

fn assert_no_leftovers(sandbox: &Sandbox, nth: usize) {
    let state = sandbox.path(".scalr");
    let mut left = BTreeSet::new();
    for entry in std::fs::read_dir(&state).into_iter().flatten() {
        let entry = entry.unwrap();
        let empty_folder = std::fs::read_dir(entry.path()).is_ok_and(|mut entries| entries.next().is_none());
        if !empty_folder {
            left.insert(entry.file_name().into_string().unwrap());
        }
    }
    left.remove("lock");
    left.remove(".gitignore");
    assert!(left.is_empty(), "call {nth} left {left:?}");
}

#[test]
fn a_kill_at_any_call_leaves_the_repository_before_or_after() {
    let make = [&answers("order-desk")[..], &["--yes"]].concat();
    let before = without_id(&small());
    let after = {
        let sandbox = small();
        sandbox.run(&make).ok();
        without_id(&sandbox)
    };
    assert_ne!(before, after);
    let (mut untouched, mut finished) = (0, 0);
    for nth in 1.. {
        let sandbox = small();
        let killed = killed_at(&sandbox, &make, nth);
        // The next command, whatever it is, finishes or sweeps.
        sandbox.run(&["list"]).ok();
        let tree = without_id(&sandbox);
        match (tree == before, tree == after) {
            (true, _) => untouched += 1,
            (_, true) => finished += 1,
            _ => panic!(
                "killed at call {nth}, the repository is neither before nor after: {:?}",
                difference(&tree, &before, &after)
            ),
        }
        assert_no_leftovers(&sandbox, nth);
        if !killed {
            break;
        }
        // What was interrupted can be typed again.
        let again = sandbox.run(&make);
        assert_eq!(again.code, if tree == before { 0 } else { 4 }, "at call {nth}: {again:?}");
    }
    assert!(untouched > 30 && finished > 5, "{untouched} kills before the decision, {finished} after it");
}

fn difference(tree: &Tree, before: &Tree, after: &Tree) -> Vec<String> {
    let names = |tree: &Tree| tree.iter().map(|(path, ..)| path.clone()).collect::<BTreeSet<_>>();
    let (tree, before, after) = (names(tree), names(before), names(after));
    let mut lines: Vec<_> = tree.difference(&before).map(|path| format!("new: {path}")).collect();
    lines.extend(after.difference(&tree).map(|path| format!("not there: {path}")));
    lines
}

#[test]
fn a_kill_during_fix_leaves_whole_files() {
    let broken = || {
        let sandbox = Sandbox::empty();
        sandbox.app("apps/one", "one", "internal", 1).app("apps/two", "two", "internal", 2);
        sandbox.write("registered-apps.txt", "apps/one\napps/gone\n");
        sandbox
            .write("apps/two/.env.app", "APP_SLUG=two\nFRONTEND_PORT=1\nBACKEND_PORT=30020\nDB_PORT=40002\n");
        sandbox
    };
    let (before, after) = (broken().tree(), {
        let sandbox = broken();
        sandbox.run(&["validate", "--fix"]).ok();
        sandbox.tree()
    });
    for nth in 1.. {
        let sandbox = broken();
        let killed = killed_at(&sandbox, &["validate", "--fix"], nth);
        let tree = sandbox.tree();
        assert_eq!(tree.len(), before.len(), "call {nth} left a file more or less");
        for (now, (was, will)) in tree.iter().zip(before.iter().zip(&after)) {
            assert!(now == was || now == will, "call {nth} left {} half-written", now.0);
        }
        sandbox.run(&["validate", "--fix"]).ok();
        assert_eq!(sandbox.tree(), after, "call {nth}");
        assert_no_leftovers(&sandbox, nth);
        if !killed {
            assert!(nth > 20, "only {nth} calls were interrupted");
            break;
        }
    }
}

#[test]
fn thirty_two_at_once_share_nothing_and_lose_nothing() {
    let sandbox = small();
    let slugs: Vec<String> = (0..32).map(|number| format!("app-{number}")).collect();
    let children: Vec<_> = slugs
        .iter()
        .map(|slug| {
            let args = [&answers(slug)[..], &["--yes", "--json"]].concat();
            sandbox.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut ports = BTreeSet::new();
    for child in children {
        let report = Ran::from(child.wait_with_output().unwrap()).ok().json();
        for role in ["frontend", "backend", "db"] {
            assert!(
                ports.insert(report["app"]["ports"][role].as_u64().unwrap()),
                "a port was given twice: {report}"
            );
        }
    }
    let registry = sandbox.read("registered-apps.txt");
    let lines: BTreeSet<_> = registry.lines().skip(1).collect();
    assert_eq!((lines.len(), registry.lines().count()), (32, 33), "{registry}");
    let report = sandbox.run(&["validate", "--strict", "--json"]).ok().json();
    assert_eq!((&report["manifests"], &report["ok"]), (&33.into(), &true.into()));
}

#[test]
fn one_slug_asked_for_many_times_is_made_once() {
    let sandbox = small();
    let args = [&answers("same")[..], &["--yes"]].concat();
    let children: Vec<_> = (0..8)
        .map(|_| sandbox.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
        .collect();
    let mut codes: Vec<_> =
        children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 4, 4, 4, 4, 4, 4, 4]);
    assert_eq!(sandbox.read("registered-apps.txt"), "# apps\napps/products/same\n");
}

#[test]
fn a_held_lock_is_waited_for_and_then_named() {
    let sandbox = small();
    sandbox.write(".scalr/lock", "process 4711\n");
    let mut holder =
        Command::new("flock").arg(sandbox.path(".scalr/lock")).args(["sleep", "30"]).spawn().unwrap();
    // flock(1) takes the lock before it starts its command.
    let busy = || {
        Command::new("flock").arg("-n").arg(sandbox.path(".scalr/lock")).arg("true").status().unwrap().code()
            == Some(1)
    };
    while !busy() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let args = [&answers("order-desk")[..], &["--yes"]].concat();
    let mut command = sandbox.command(&args);
    let ran = Ran::from(command.env("SCALR_LOCK_TIMEOUT", "1").env("SCALR_LOG", "info").output().unwrap());
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.stderr.contains(" ms lock wait file=lock\n"), "{ran:?}");
    assert!(
        ran.stderr.contains("another scalr is changing this repository (process 4711); waited 1 s"),
        "{ran:?}"
    );
    // Reading does not wait.
    sandbox.run(&["validate"]).ok();
    let _ = holder.kill();
    let _ = holder.wait();
}

#[test]
fn an_interrupt_before_the_decision_leaves_nothing() {
    // SIGTERM is sent at each creation of a file: the run ends with 130 and the tree as it was.
    let before = without_id(&small());
    let make = [&answers("order-desk")[..], &["--yes"]].concat();
    for nth in [1, 2, 4] {
        let sandbox = small();
        let mut strace = Command::new("strace");
        strace
            .args(["-qq", "-o", "/dev/null", "-e", "trace=fchmod,chmod,mkdir", "-e"])
            .arg(format!("inject=mkdir:signal=SIGTERM:when={nth}"));
        let scalr = sandbox.command(&make);
        strace.arg(scalr.get_program()).args(scalr.get_args()).current_dir(sandbox.path(""));
        let ran = Ran::from(strace.stdin(Stdio::null()).output().unwrap());
        assert_eq!(ran.code, 130, "{ran:?}");
        assert!(ran.stderr.contains("interrupted; nothing was changed"), "{ran:?}");
        assert_eq!(without_id(&sandbox), before);
        assert_no_leftovers(&sandbox, nth);
    }
}
