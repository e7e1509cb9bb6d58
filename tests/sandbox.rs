//! A repository in a temporary folder, and the real binary to drive in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The repository that these tests are part of.
pub(crate) const HOME: &str = env!("CARGO_MANIFEST_DIR");

/// A throw-away repository.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// What the binary did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// A root without template and without apps.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::Builder::new().prefix("scalr-test-").tempdir().unwrap();
        let sandbox = Self { folder };
        sandbox.write("registered-apps.txt", "# apps\n");
        fs::create_dir_all(sandbox.path("schemas")).unwrap();
        sandbox
    }

    /// A root with this repository's own template, schemas and packages, as they are committed or
    /// about to be.
    pub(crate) fn with_template() -> Self {
        let sandbox = Self::empty();
        let listed = Command::new("git")
            .args([
                "ls-files",
                "-co",
                "--exclude-standard",
                "-z",
                "template-app",
                "packages",
                "schemas",
                ".gitignore",
            ])
            .current_dir(HOME)
            .output()
            .unwrap();
        assert!(listed.status.success(), "these tests need a git checkout");
        for file in String::from_utf8(listed.stdout).unwrap().split_terminator('\0') {
            let from = Path::new(HOME).join(file);
            if from.symlink_metadata().is_ok() {
                let to = sandbox.path(file);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(from, to).unwrap();
            }
        }
        sandbox
    }

    /// A valid app with compose file, `.env.app` and a line in registered-apps.txt.
    pub(crate) fn app(&self, folder: &str, slug: &str, kind: &str, number: u16) -> &Self {
        let (frontend, backend, db) = (20000 + number * 10, 30000 + number * 10, 40000 + number);
        self.write(&format!("{folder}/app.manifest.yml"), manifest(slug, kind, number));
        self.write(
            &format!("{folder}/.env.app"),
            format!("APP_SLUG={slug}\nFRONTEND_PORT={frontend}\nBACKEND_PORT={backend}\nDB_PORT={db}\n"),
        );
        self.write(&format!("{folder}/docker-compose.yml"), "services: {}\n");
        let registry = self.read("registered-apps.txt");
        self.write("registered-apps.txt", format!("{registry}{folder}\n"));
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The binary at the root, with a clean environment: no terminal, no colour, no CI.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scalr"));
        command.args(args).current_dir(self.folder.path());
        command
            .env_remove("GITHUB_ACTIONS")
            .env_remove("SCALR_ROOT")
            .env_remove("SCALR_LOG")
            .env("NO_COLOR", "1");
        // libgit2 looks for the configuration of a person in HOME only.
        command.env("HOME", "/nonexistent");
        command.stdin(std::process::Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// Runs git with an identity of its own.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args([
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.com",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(args)
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes the sandbox a git repository with everything committed.
    pub(crate) fn commit_all(&self) -> &Self {
        self.git(&["init", "-q"]);
        self.git(&["config", "user.name", "Test"]);
        self.git(&["config", "user.email", "test@example.com"]);
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "All"]);
        self
    }

    /// Every file of the repository but scalr's own state and git's: path, mode and content.
    pub(crate) fn tree(&self) -> Vec<(String, u32, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files.sort();
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, u32, Vec<u8>)>) {
    use std::os::unix::fs::PermissionsExt;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let metadata = path.symlink_metadata().unwrap();
        if name == ".scalr" || name == ".git" {
            continue;
        }
        if metadata.is_dir() {
            files.push((format!("{name}/"), metadata.permissions().mode(), Vec::new()));
            collect(root, &path, files);
        } else if metadata.is_symlink() {
            files.push((name, 0, fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()));
        } else {
            files.push((name, metadata.permissions().mode(), fs::read(&path).unwrap()));
        }
    }
}

/// A manifest without a finding, in the place that its kind has.
pub(crate) fn manifest(slug: &str, kind: &str, number: u16) -> String {
    format!(
        "schema_version: 1\n\
         id: 00000000-0000-4000-8000-{number:012}\n\
         slug: {slug}\n\
         name: App {number}\n\
         description: An app for tests.\n\
         kind: {kind}\n\
         created: 2026-11-22\n\
         ports:\n  frontend: {}\n  backend: {}\n  db: {}\n",
        20000 + number * 10,
        30000 + number * 10,
        40000 + number,
    )
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The command did what it was asked to.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The answer as JSON, which must be one document and nothing else.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The lines of a stream of `--json`.
    pub(crate) fn events(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}")))
            .collect()
    }
}
