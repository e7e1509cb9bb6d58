//! What the template may hold, and how broken templates and rules are told.

use super::{RULES, answers, mode, set_mode, small};
use crate::sandbox::{Ran, Sandbox};

fn make(sandbox: &Sandbox) -> Ran {
    sandbox.run(&[&answers("order-desk")[..], &["--yes"]].concat())
}

#[test]
fn modes_links_line_ends_and_bytes_are_kept() {
    let sandbox = small();
    sandbox.write("template-app/windows.txt", "template-app\r\n../x\r\nno end");
    sandbox.write("template-app/picture.png", b"\x89PNG\0template-app\xff");
    sandbox.write("template-app/latin1.txt", b"caf\xe9");
    sandbox.write("template-app/empty", "");
    set_mode(&sandbox, "template-app/windows.txt", 0o640);
    std::os::unix::fs::symlink("scripts/run.sh", sandbox.path("template-app/run")).unwrap();
    make(&sandbox).ok();
    let app = "apps/products/order-desk";
    assert_eq!(sandbox.read(&format!("{app}/windows.txt")), "order-desk\r\n../../../x\r\nno end");
    assert_eq!(
        std::fs::read(sandbox.path(&format!("{app}/picture.png"))).unwrap(),
        b"\x89PNG\0template-app\xff"
    );
    assert_eq!(std::fs::read(sandbox.path(&format!("{app}/latin1.txt"))).unwrap(), b"caf\xe9");
    assert_eq!(sandbox.read(&format!("{app}/empty")), "");
    assert_eq!(
        (mode(&sandbox, &format!("{app}/windows.txt")), mode(&sandbox, &format!("{app}/scripts/run.sh"))),
        (0o640, 0o755)
    );
    let link = |name: &str| std::fs::read_link(sandbox.path(&format!("{app}/{name}"))).unwrap();
    assert_eq!(link("run").to_str(), Some("scripts/run.sh"));
    assert_eq!(
        link("ui").to_str(),
        Some("../../../packages/ui"),
        "a link out of the template keeps its target"
    );
}

#[test]
fn cruft_is_not_copied() {
    let sandbox = small();
    sandbox.write(".gitignore", "*.secret\n");
    sandbox.write("template-app/scripts/.gitignore", "*.tmp\n");
    for file in [
        "node_modules/x/y.js",
        "frontend/node_modules/z",
        ".venv/bin/python",
        "a.log",
        "b.secret",
        "__pycache__/c.pyc",
        ".git/config",
        "scripts/run.tmp",
    ] {
        sandbox.write(&format!("template-app/{file}"), "template-app");
    }
    make(&sandbox).ok();
    let copied: Vec<_> = sandbox
        .tree()
        .into_iter()
        .map(|(path, ..)| path)
        .filter(|path| path.starts_with("apps/products/order-desk/"))
        .collect();
    let files: Vec<_> = copied
        .iter()
        .map(|path| path.trim_start_matches("apps/products/order-desk/"))
        .filter(|path| !path.is_empty())
        .collect();
    assert_eq!(
        files,
        [
            ".env.app",
            ".scaffold.yml",
            "app.manifest.yml",
            "docker-compose.yml",
            "scripts/",
            "scripts/.gitignore",
            "scripts/run.sh",
            "ui"
        ]
    );
}

#[test]
fn names_of_files_follow_the_slug() {
    let sandbox = small();
    sandbox.write("template-app/template_app/template-app.conf", "x\n");
    make(&sandbox).ok();
    assert_eq!(sandbox.read("apps/products/order-desk/order_desk/order-desk.conf"), "x\n");
}

/// Each broken template names the rule and the place, with exit code 1 and nothing changed.
#[test]
fn a_broken_template_names_the_rule_and_changes_nothing() {
    let without_paths = RULES.replace("files: ['**']", "files: ['*.yml']");
    for (case, file, content, message) in [
        (
            "token",
            "notes.md",
            "about the Template-App\n",
            "template-app/notes.md:1: no template token is left: `Template-App` is left",
        ),
        ("name", "notes.md", "\nthe Template App\n", "template-app/notes.md:2: no template token is left"),
        (
            "path",
            "deep/notes.md",
            "see ../../packages/ui\n",
            "`../../packages/ui` leaves the template; name this file in a `paths` rule",
        ),
        (
            "root",
            "Containerfile",
            "FROM x\nCOPY template-app/x /y\n",
            "template-app/Containerfile:2: every relative path keeps its target: `template-app/x` is a path from the \
             repository's root; name this file in a `paths` rule with `base: repository`",
        ),
        (
            "set",
            "template.yml",
            &RULES.replace("ports.db: ports.db", "ports.bd: ports.db"),
            "template-app/app.manifest.yml: a `set` rule of template.yml can't be applied: there is no key `ports.bd`",
        ),
        (
            "file",
            "template.yml",
            &RULES.replace("file: .env.app", "file: .env.gone"),
            "template-app/.env.gone: a `set` rule of template.yml names this file, which is not part of the template",
        ),
        (
            "free",
            "template.yml",
            &RULES.replace("replace: slug,", "replace: name,"),
            "free text may be written by `set` only",
        ),
        (
            "expression",
            "template.yml",
            &RULES.replace("replace: slug,", "replace: slug |,"),
            "error[template-rules]",
        ),
        ("unknown", "template.yml", &RULES.replace("replace: slug,", "replace: slgu,"), "it gives nothing"),
        (
            "schema",
            "template.yml",
            &RULES.replace("exclude:", "exlude:"),
            "error[schema-unknown-key]: the key `exlude` is not known",
        ),
        ("yaml", "template.yml", "a: [\n", "error[yaml-syntax]"),
        (
            "manifest",
            "template.yml",
            &RULES.replace("created: created", "created: slug"),
            "error[schema-format]: `created` is no date",
        ),
    ] {
        let sandbox = small();
        if case == "path" {
            sandbox.write("template-app/template.yml", &without_paths);
        }
        sandbox.write(&format!("template-app/{file}"), content);
        let before = sandbox.tree();
        let ran = make(&sandbox);
        assert_eq!(ran.code, 1, "{case}: {ran:?}");
        assert!(ran.stderr.contains(message), "{case}: {}", ran.stderr);
        assert_eq!(sandbox.tree(), before, "{case}");
    }
}

#[test]
fn links_that_can_not_be_kept_are_refused() {
    for (target, message) in
        [("/etc/passwd", "absolute path /etc/passwd"), ("../../../outside", "leaves the repository")]
    {
        let sandbox = small();
        std::os::unix::fs::symlink(target, sandbox.path("template-app/link")).unwrap();
        let ran = make(&sandbox);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stderr.contains(message), "{ran:?}");
    }
    let sandbox = small();
    let fifo = std::process::Command::new("mkfifo").arg(sandbox.path("template-app/pipe")).status().unwrap();
    assert!(fifo.success());
    let ran = make(&sandbox);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("only regular files and symbolic links"), "{ran:?}");
}

#[test]
fn a_full_disk_leaves_nothing() {
    // The staging folder is a tiny file system that is full after the first file.
    let sandbox = small();
    sandbox.write("template-app/big.txt", "x".repeat(300_000));
    sandbox.write(".scalr/staging/.keep", "");
    let staging = sandbox.path(".scalr/staging");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(&staging)
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this user can't mount a tiny file system");
        return;
    }
    let before = sandbox.tree();
    let ran = make(&sandbox);
    let unmounted = std::process::Command::new("umount").arg(&staging).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains("the disk is full"), "{ran:?}");
    assert_eq!(sandbox.tree(), before);
    // A staging folder on another file system can't be moved into place: nothing happens either.
    assert!(!sandbox.path("apps").exists());
}
