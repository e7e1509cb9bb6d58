//! Env files and interpolation, as scalr reads them and as the installed Compose does.
//!
//! `docker compose config` needs no engine. It prints a service's environment, in which a name without a value is
//! resolved from the environment that Compose made of shell and env files: exactly what `scalr env` computes. One call
//! costs a tenth of a second, so hundreds of statements go into one; where the two disagree, the statements are taken
//! apart until one is left. What has to fail is tried by itself, since Compose stops at the first error.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use scalr_model::compose::version::{ComposeRules, ComposeVersion};
use scalr_model::env::expand::{Variables, expand};
use scalr_model::env::{self, EnvSource, Environment, Shell};
use scalr_model::rel_path::RelPath;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// The installed Compose in an empty folder.
struct Compose {
    program: PathBuf,
    rules: ComposeRules,
    folder: TempDir,
}

type Values = BTreeMap<String, Option<String>>;

impl Compose {
    fn new() -> Self {
        let own = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from);
        let own = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".docker")));
        let system = ["/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec"];
        let folders = own.into_iter().chain(system.map(|folder| PathBuf::from(folder).join("docker")));
        let mut programs = folders.map(|folder| folder.join("cli-plugins/docker-compose"));
        let program = programs
            .find(|program| program.is_file())
            .unwrap_or_else(|| panic!("the plugin docker-compose is not installed"));
        let output = Command::new(&program).args(["version", "--short"]).output().unwrap();
        let version = String::from_utf8(output.stdout).unwrap();
        let rules = ComposeRules::of(
            ComposeVersion::parse(&version).unwrap_or_else(|| panic!("a version: {version}")),
        );
        let folder = tempfile::Builder::new().prefix("scalr-env-").tempdir().unwrap();
        Self { program, rules, folder }
    }

    /// The environment of a service as Compose resolves it; the error is Compose's own.
    fn environment(
        &self,
        shell: &Shell,
        files: &[String],
        asked: &Map<String, Value>,
    ) -> Result<Values, String> {
        let document = json!({"services": {"s": {"image": "x", "environment": asked}}});
        let path = |name: &str| self.folder.path().join(name);
        std::fs::write(path("compose.json"), ascii(&document.to_string())).unwrap();
        let mut command = Command::new(&self.program);
        command.env_clear().env("HOME", self.folder.path()).envs(shell).current_dir(self.folder.path());
        command.args(["-p", "t", "-f", "compose.json"]);
        for (number, text) in files.iter().enumerate() {
            std::fs::write(path(&format!("{number}.env")), text).unwrap();
            command.args(["--env-file", &format!("{number}.env")]);
        }
        let output = command.args(["config", "--format", "json"]).output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let resolved = &document["services"]["s"]["environment"];
        // Dollar signs are doubled, so that the document can be read by Compose again.
        let value = |key: &str| resolved[key.replace('$', "$$")].as_str().map(|text| text.replace("$$", "$"));
        Ok(asked.keys().map(|key| (key.clone(), value(key))).collect())
    }

    /// What scalr makes of the same files: nothing where Compose has to fail.
    fn ours(&self, shell: &Shell, files: &[String]) -> Option<Environment> {
        let parsed = files.iter().map(|text| env::parse(text).ok()).collect::<Option<Vec<_>>>()?;
        let path = RelPath::root();
        let sources: Vec<_> =
            parsed.iter().map(|variables| EnvSource { path: &path, variables, secret: false }).collect();
        Some(Environment::new(shell.clone(), &sources, self.rules)).filter(|it| it.failures.is_empty())
    }

    /// Where the two disagree about these files.
    fn disagreement(&self, shell: &Shell, files: &[String]) -> Option<String> {
        let ours = self.ours(shell, files);
        let keys: BTreeSet<String> = files
            .iter()
            .filter_map(|text| env::parse(text).ok())
            .flatten()
            .map(|variable| variable.key)
            .chain(shell.keys().cloned())
            // An extension of the compose file's, in Compose's eyes, and not resolved.
            .filter(|key| !key.is_empty() && !key.starts_with("x-"))
            .collect();
        let asked = keys.into_iter().map(|key| (key, Value::Null)).collect();
        match (self.environment(shell, files, &asked), ours) {
            (Err(_), None) => None,
            (Ok(theirs), Some(ours)) => theirs.into_iter().find_map(|(key, theirs)| {
                let ours = ours.value(&key).map(|(value, _)| value.to_owned());
                (ours != theirs).then(|| format!("{key}: Compose {theirs:?}, scalr {ours:?}"))
            }),
            (Ok(theirs), None) => Some(format!("Compose reads it, scalr does not: {theirs:?}")),
            (Err(error), Some(_)) => Some(format!("scalr reads it, Compose does not: {error}")),
        }
    }

    /// Both agree about many statements, each of one of the two files.
    fn agrees(&self, shell: &Shell, statements: &[(bool, String)]) {
        let files = |statements: &[(bool, String)]| {
            [false, true].map(|second| {
                let own = statements.iter().filter(|(of, _)| *of == second);
                own.map(|(_, text)| format!("{text}\n")).collect::<String>()
            })
        };
        if self.disagreement(shell, &files(statements)).is_none() {
            return;
        }
        let left = smallest(statements, &mut |part| self.disagreement(shell, &files(part)).is_some());
        let files = files(&left);
        let said = self.disagreement(shell, &files).unwrap();
        panic!("{said}\nin {files:#?}\nwith {shell:?}");
    }
}

/// JSON that YAML reads alike: to YAML 1.1, U+0085 is a line break.
fn ascii(json: &str) -> String {
    let escaped = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) };
    json.chars().map(escaped).collect()
}

/// The statements without those that are not needed for a disagreement: halves first, then ever smaller parts.
fn smallest<T: Clone>(all: &[T], wrong: &mut impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut left = all.to_vec();
    let mut size = left.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < left.len() {
            let without: Vec<T> = left.iter().take(at).chain(left.iter().skip(at + size)).cloned().collect();
            if wrong(&without) {
                left = without;
            } else {
                at += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    left
}

fn shell() -> Shell {
    [("A", "shell"), ("E", ""), ("S", "$A ${B}")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

/// The same cases in every run.
fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn sample<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// Parts of values and templates that mean something, and some that don't.
#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "$", "$$", "$A", "$B", "$U", "${A}", "${B}", "${E}", "${", "}", "{", "{}", "${}", "${U}", "${U:-", "${U-",
    "${A:-", "${E:-", "${E-", "${A:+", "${A+", "${E:+", "${E+", "${U:+", "${A:?", "${A?", "${E?", "${B:-${A}}",
    "${U:-$B}", "${A:-${U:-x}}", "$\u{17f}", "${\u{212a}-k}", "$1", "$ä", "$-", "$(cmd)", "`cmd`", "\\", "\\\\",
    "\\n", "\\t", "\\a", "\\c", "\\$", "\\\"", "\\'", "\\0", "\\012", "\\0101", "\\0377", "\\0400", "\\09", "\\x41",
    "\\u00e4", "#", " #", " # c", "\t#", " ", "  ", "\t", "\r", "=", ":", "x", "word", "ä", "漢", "\u{a0}", "\u{85}",
    "\u{2003}", "-", "+", "?", ":-", "'", "\"", ";", "&", "|", "*", "~", "!", "%", "1", "0",
];

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned),
        1 => "[ -~]{1,4}",
    ]
}

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..most).prop_map(|parts| parts.concat())
}

/// A statement, in a form that is mostly right.
fn statement() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        6 => "[A-EK-N]",
        4 => "[A-Z_][A-Z0-9_]{0,3}",
        1 => "[a-z0-9_.\\-\\[\\]ä漢١]{1,4}",
    ];
    let before = prop::sample::select(&["", "", "", " ", "\t", "export\t ", "# c\n", "\n\n", "\r\n"][..]);
    let equals = prop::sample::select(&["=", "=", "=", " = ", "= ", "=\t", ":", ": ", " :"][..]);
    let quoted = |quote: &'static str| {
        (text(6), prop::bool::weighted(0.1)).prop_map(move |(text, lines)| {
            let text = if lines { text.replace(' ', "\n") } else { text };
            format!("{quote}{text}{quote}")
        })
    };
    let value = prop_oneof![4 => text(6), 4 => quoted("\""), 2 => quoted("'")];
    let after = prop::sample::select(&["", "", "", "", " ", " # c", "#c", "\r", " K=1", "M"][..]);
    let assignment = (before, key.clone(), equals, value, after)
        .prop_map(|(before, key, equals, value, after)| format!("{before}{key}{equals}{value}{after}"));
    prop_oneof![20 => assignment, 1 => key, 1 => "[ -~]{0,8}"]
}

/// Cases in the manner of compose-go's own, each with one more corner.
#[rustfmt::skip]
const VALID: &[&str] = &[
    "V1=v", "V2 = v # c", "V3=v#c", "V4=#c", "V5= # c", "V6=a #b #c", "V7=a\t#b", "export V8=v", "export\tV9 =\tv",
    "  V10: v", "V11:v=w", "V12==v", "V13=", "V14=   ", "V15=\r", "V16=v\r", "V17=a\rb", "V18=$$x", "V19=a\\nb\\",
    "V20=5$", "V21=$(date) `date`", "V22=a\"b'c", "V23=v \u{2003}", "V24='a $b ${c} \\' \\n \\\\ # \"'",
    "V25=\"a\\nb\\\"c\\\\d'\"", "V26=\"a\nb\r\n# c\"", "V27='a\nb'", "V28=\"\\$x $$y\"",
    "V29=\"\\a\\b\\f\\r\\t\\v\"", "V30=\"\\c\\x\\'\\q\"", "V31=\"\\0101\\0377\\0 \\012\\0400\\08\"",
    "V32=\"\\01234\"", "V33=\"\" # c", "V34=''", "V35= \t\"v\"  ", "V36=${V1:-1}", "V37=\"pre\\t$V1\\$\"",
    "v.b-c[0]_=1", "VÄ١Ⅷ=2", "1V=3", "V\tB=1", "exportV=1", "export\u{b}V=1", "export", "V40=\"1\" V41='2'V42=3",
    "V43=\"x\"V44", "V45", "A", "E", "V46=$A-$B", "V47=${V46:+x}${V46+y}${V46:?z}", "V48=${U:-{\"k\": {\"l\": 1}}}",
    "V49=${U:-{}}", "V50=${U:-{} b", "V51=${U:-a} and ${U:-b} }", "V52=\"${U:-\\$A}\"",
    "V53=$\u{17f}x ${\u{212a}:-k}", "V54=${S}", "V55=$S", "V56='$S'", "V57=${U:-${U:-${A}}}",
    "V58=${E:-empty}${E-set}", "V59=\u{a0}v\u{a0}", "V60=\u{85}v", "V61\u{a0}=v", "   # comment", "#", "V62=a=b:c",
    "V63=$V63", "V63=$V63$V1", "A=file", "V64=$A", "V65=${A}", "A=", "V66=${A:-none}", "V1=again", "V67=$V1",
    "V68=\"\\\n\"", "V69=\\\\", "V70='\\\\'",
];

#[rustfmt::skip]
const INVALID: &[&str] = &[
    "V W=1", "V W", "V/W=1", "V+=1", "\"V\"=1", "{}", "V\u{301}=1", "\u{5b0}=1", "V\u{feff}=1", "V=\"x", "V='x",
    "V='x\\'", "V=\"x\\\"", "V=${", "V=${}", "V=${A", "V=${A B}", "V=${9}", "V=${A:d}", "V=${A:}",
    "V=${A!x}", "V=\"${A:-b\n}\"", "V=${-A}", "V=${U:-${}}", "V=${U:-{}} ${A}", "V=${U?}", "V=${U:?why}",
    "V=${E:?empty}", "V=${U:-${U:?}}", "V=1\nW=\"2\" ?", "X=1\nK=${X:?empty}\nX=", "-----BEGIN KEY-----\nMII+x/y==",
];

#[test]
fn hand_written_cases_are_read_alike() {
    let compose = Compose::new();
    for of in [[false, false], [false, true], [true, false]] {
        let statements: Vec<_> =
            VALID.iter().enumerate().map(|(at, text)| (of[at % 2], (*text).to_owned())).collect();
        compose.agrees(&shell(), &statements);
        compose.agrees(&Shell::new(), &statements);
    }
    // The end of a file, with and without a line end, and its beginning.
    for text in [
        "A",
        "V=1\nV",
        "V=1\nexport V",
        "V=1\nexport ",
        "=x\n",
        " = x\n",
        "\u{feff}V=1\n",
        "\u{feff}\u{feff}V=1\n",
        "V",
        "",
        "\n",
        "#",
        "V=\"\\0000\"",
    ] {
        let said = compose.disagreement(&shell(), &[text.to_owned(), "W=1\n".to_owned()]);
        assert_eq!(said, None, "{text:?}");
    }
    for text in INVALID {
        assert!(compose.ours(&shell(), &[format!("{text}\n")]).is_none(), "scalr reads {text:?}");
        assert_eq!(compose.disagreement(&shell(), &[format!("{text}\n")]), None, "{text:?}");
    }
}

#[test]
fn generated_files_are_read_alike() {
    let compose = Compose::new();
    let mut runner = runner();
    let (statement, second) = (statement(), any::<bool>());
    let (mut read, mut refused) = (0, BTreeSet::new());
    for _ in 0..40 {
        let mut statements = Vec::new();
        while statements.len() < 300 {
            let text = sample(&statement, &mut runner);
            // Alone, above nothing: whether it is one of those that Compose stops at.
            match env::parse(&format!("{text}\n")) {
                Ok(_) => statements.push((sample(&second, &mut runner), text)),
                Err(_) => drop(refused.insert(text)),
            }
        }
        // Statements whose interpolation fails stop the whole file, and depend on those before them.
        loop {
            let files = [false, true].map(|second| {
                let own = statements.iter().filter(|(of, _)| *of == second);
                own.map(|(_, text)| format!("{text}\n")).collect::<String>()
            });
            if compose.ours(&shell(), &files).is_some() {
                break;
            }
            let before = statements.len();
            statements.retain(|(_, text)| {
                let alone = compose.ours(&shell(), &[format!("{text}\n")]).is_some();
                if !alone {
                    refused.insert(text.clone());
                }
                alone
            });
            if statements.len() == before {
                // Valid alone, but not here, such as `${B?}` where another file leaves B empty.
                let needed = smallest(&statements, &mut |part| {
                    let text: String = part.iter().map(|(_, text)| format!("{text}\n")).collect();
                    compose.ours(&shell(), &[text]).is_none()
                });
                assert!(!needed.is_empty());
                statements.retain(|statement| Some(statement) != needed.last());
            }
        }
        read += statements.len();
        compose.agrees(&shell(), &statements);
    }
    assert!(read > 8_000, "{read}");
    // Each by itself, so only some of them.
    assert!(refused.len() > 300, "{}", refused.len());
    let every = refused.len() / 150;
    for text in refused.iter().step_by(every) {
        assert_eq!(compose.disagreement(&shell(), &[format!("{text}\n")]), None, "{text:?}");
    }
}

impl Variables for EnvLookup {
    fn get(&mut self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

struct EnvLookup(Shell);

#[test]
fn generated_values_of_a_compose_file_are_computed_alike() {
    let compose = Compose::new();
    let mut runner = runner();
    let template = text(8);
    let ours = |text: &str| expand(text, compose.rules.eager_words, &mut EnvLookup(shell()));
    let mut refused = BTreeSet::new();
    for _ in 0..20 {
        let mut asked = Map::new();
        while asked.len() < 300 {
            let text = sample(&template, &mut runner);
            if ours(&text).is_ok() {
                asked.insert(format!("V{}", asked.len()), text.into());
            } else {
                refused.insert(text);
            }
        }
        let theirs = compose.environment(&shell(), &[], &asked).unwrap_or_else(|error| {
            let all: Vec<_> = asked.clone().into_iter().collect();
            let left = smallest(&all, &mut |part| {
                compose.environment(&shell(), &[], &part.iter().cloned().collect()).is_err()
            });
            panic!("scalr computes it, Compose does not: {left:?}: {error}");
        });
        for (key, value) in &asked {
            let text = value.as_str().unwrap();
            assert_eq!(theirs[key], ours(text).ok(), "{text:?}");
        }
    }
    assert!(refused.len() > 150, "{}", refused.len());
    let every = refused.len() / 150;
    for text in refused.iter().step_by(every) {
        let asked = Map::from_iter([("V".to_owned(), Value::from(text.as_str()))]);
        let theirs = compose.environment(&shell(), &[], &asked);
        assert!(theirs.is_err(), "Compose computes it, scalr does not: {text:?}: {theirs:?}");
    }
}
