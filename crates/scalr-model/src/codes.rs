//! Every code that a finding can carry, with its explanation.
//!
//! One table feeds `scalr explain`, docs/reference/diagnostics.md, the rules of the SARIF document
//! and the codes themselves, so that they can't differ.

use serde::{Serialize, Serializer};

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The repository can't be relied on: `validate` exits with 1.
    Error,
    /// Likely a mistake, but everything works.
    Warning,
}

impl Severity {
    /// The word as every format prints it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The description of a code.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Explanation {
    /// The code as it is printed: `port-conflict`.
    #[serde(rename = "code")]
    pub name: &'static str,
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// The reason of the rule and what to do. Markdown.
    pub detail: &'static str,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $summary:literal $detail:literal)*) => {
        /// A rule of the validator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, grouped by what it is about.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The description of this code.
            #[must_use]
            pub const fn explanation(self) -> Explanation {
                match self {
                    $(Self::$variant => Explanation {
                        name: $name,
                        severity: Severity::$severity,
                        summary: $summary,
                        detail: $detail,
                    },)*
                }
            }
        }
    };
}

codes! {
    FileUnreadable "file-unreadable" Error
        "A file that belongs to an app can't be read"
        "The file is there but reading it failed: no permission, or it vanished while scalr walked the tree. \
         Check its owner and mode with `ls -l`, then run `scalr validate` again."
    FileNotRegular "file-not-regular" Error
        "A manifest is not a regular file"
        "Something named `app.manifest.yml` is a folder, a FIFO, a socket, a device or a broken link. \
         scalr never opens it, since that could block forever. Replace it by a regular file."
    FileTooLarge "file-too-large" Error
        "A manifest is larger than 1 MiB"
        "A manifest has about one kilobyte. A file above 1 MiB is not read at all, so that a stray dump can't stall CI."
    FileNotUtf8 "file-not-utf8" Error
        "A file is not UTF-8"
        "YAML and dotenv files are UTF-8 text. Save the file as UTF-8: `iconv -f latin1 -t utf-8 FILE`."
    FileEmpty "file-empty" Error
        "A manifest is empty"
        "The file holds nothing but white space and comments. `scalr schema manifest` prints what belongs into it; \
         `scalr new-app` writes a complete one."
    FileBom "file-bom" Warning
        "A file begins with a byte order mark"
        "UTF-8 needs none, and some tools read it as a part of the first key. \
         Remove it: `sed -i '1s/^\\xEF\\xBB\\xBF//' FILE`."
    FileCrlf "file-crlf" Warning
        "A manifest has CRLF line ends"
        "The repository's files end their lines with LF. scalr reads CRLF, but it causes problems in diffs and shell scripts. \
         Convert it with `sed -i 's/\\r$//' FILE`; `* text=auto eol=lf` in .gitattributes keeps it so."
    YamlSyntax "yaml-syntax" Error
        "A file is not YAML"
        "The parser could not go on at the place that is shown. The usual causes: a tab in the indentation (YAML knows spaces \
         only), a `: ` or ` #` inside of a text without quotes, a quote or bracket that is never closed, two keys at different depths."
    YamlDuplicateKey "yaml-duplicate-key" Error
        "A key is written twice"
        "YAML forbids it, and most tools silently keep one of the two. Remove the one that is not meant."
    YamlAlias "yaml-alias" Error
        "A manifest uses an anchor or an alias"
        "Anchors (`&a`) and aliases (`*a`) are refused: a manifest is read by people and by several tools, and a chain of \
         aliases can grow into gigabytes (the 'billion laughs'). Write the value out."
    YamlTag "yaml-tag" Error
        "A manifest uses a tag"
        "Tags such as `!!python/object` or `!secret` mean something to one tool only. Write the plain value."
    YamlKey "yaml-key" Error
        "A key is not a text"
        "Every key of a manifest is a plain text. A list, a map or nothing as a key has no meaning in JSON, and so none in the schema."
    YamlTooDeep "yaml-too-deep" Error
        "A file nests deeper than 64 levels"
        "A manifest nests two levels deep. More than 64 is a mistake or an attack, and is not read."
    YamlManyDocuments "yaml-many-documents" Error
        "A file holds more than one YAML document"
        "One manifest describes one app. Remove everything from the second `---` on."
    SchemaUnknownKey "schema-unknown-key" Error
        "A key is not known"
        "The schema lists every key, so that typing errors are found. Keys that begin with `x-` are free."
    SchemaMissingKey "schema-missing-key" Error
        "A required key is missing"
        "`scalr schema manifest` prints all keys; docs/reference/app-manifest.md explains them."
    SchemaType "schema-type" Error
        "A value is of the wrong type"
        "Types are those of YAML 1.2: `8080` is a number and `\"8080\"` a text; `true` and `false` are the only two booleans, so \
         that `no` and `on` are texts."
    SchemaValue "schema-value" Error
        "A value is none of those that are possible"
        "The message lists the possible values and names the nearest."
    SchemaPattern "schema-pattern" Error
        "A text has the wrong form"
        "The value must match the pattern that the message shows."
    SchemaRange "schema-range" Error
        "A number is too small or too large"
        "Host ports, for one, lie between 1024 and 65535: lower ones need root."
    SchemaLength "schema-length" Error
        "A text or a list is too short or too long"
        "The message says how long it may be."
    SchemaFormat "schema-format" Error
        "A text is not what its format asks for"
        "`id` is a UUID (`uuidgen` makes one), `created` a date such as 2026-11-22, a link's `url` an absolute URL or URL template."
    SchemaRule "schema-rule" Error
        "A value breaks another rule of the schema"
        "The repository's own schemas/app-manifest.schema.json may hold rules without a better message; the message \
         names the keyword."
    SchemaBroken "schema-broken" Error
        "The repository's manifest schema can't be used"
        "schemas/app-manifest.schema.json wins over the schema inside of scalr, so it must be JSON and a valid schema of draft 2020-12 without remote \
         references. `scalr schema manifest > schemas/app-manifest.schema.json` restores the built-in one."
    SlugConflict "slug-conflict" Error
        "Two apps have one slug"
        "The slug names an app's host, its containers and its database, so two apps with one slug would conflict in all of them. \
         Change the slug of the newer app, together with its folder."
    IdConflict "id-conflict" Error
        "Two apps have one id"
        "The id identifies an app permanently, also after a rename. It was probably copied with a manifest: \
         give the copy a new one (`uuidgen`)."
    PortConflict "port-conflict" Error
        "One host port is taken twice"
        "Two containers can't listen on one host port. `scalr ports` shows every block and the next free one."
    SubnetConflict "subnet-conflict" Error
        "The subnets of two apps overlap"
        "The engine refuses a network whose addresses another one has. `scalr ports` shows every subnet and the next free one; \
         `scalr validate --fix` then writes it into `.env.app`."
    SubnetInvalid "subnet-invalid" Error
        "A subnet can't be used"
        "`subnet` is the app's own network: a private IPv4 network (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16) with \
         the size of /16 to /29, written with its first address. A /28, as the template has it, holds 13 containers."
    PlaceMismatch "place-mismatch" Error
        "An app's folder does not fit its kind and slug"
        "product lives in apps/products/SLUG, client in clients/SLUG, internal in apps/SLUG, platform in services/SLUG. \
         Move the folder or correct the manifest."
    DependsUnknown "depends-unknown" Error
        "An app depends on one that does not exist"
        "`depends_on` lists slugs of other apps of this repository. `scalr list` shows them."
    DependsCycle "depends-cycle" Error
        "Apps depend on each other in a circle"
        "`scalr up` starts an app after those it depends on, so a circle has no beginning. Take one of its edges out; \
         an event (`events_publish`, `events_subscribe`) is often what was meant."
    EventUnpublished "event-unpublished" Warning
        "An app subscribes to an event that no app publishes"
        "Either the name is wrong, or the publisher does not say so yet: add the event to its `events_publish`."
    RegistryMissing "registry-missing" Error
        "registered-apps.txt names a folder that does not exist"
        "`scalr up` would fail on it. `scalr validate --fix` removes the line."
    RegistryDuplicate "registry-duplicate" Error
        "registered-apps.txt names a folder twice"
        "`scalr validate --fix` removes the second line."
    RegistryOutside "registry-outside" Error
        "registered-apps.txt names a path outside of the repository"
        "Lines are paths from the repository's root. Absolute paths, and those whose `..` lead out, would make `scalr up` act \
         on something outside of this repository."
    AppUnregistered "app-unregistered" Warning
        "An app is not registered"
        "registered-apps.txt lists what `scalr up` starts; this app's folder is not in it. `scalr validate --fix` adds it. \
         An app that is unregistered on purpose has `x-unregistered: true` in its manifest."
    EnvMissing "env-missing" Error
        "An app has no .env.app"
        "`scalr up` hands `.env.app` to Compose for the app's ports and names. `scalr new-app` writes one; \
         the reference page of the manifest lists its variables."
    EnvSyntax "env-syntax" Error
        "A line of an env file can't be read"
        "Each line is `NAME=value`, `NAME=\"value\"`, `NAME='value'`, `NAME` alone (the shell's value), a comment or empty, as Docker Compose \
         reads it. A value of several lines needs quotes. Lines of `.env.shared` are not shown, since they hold secrets."
    EnvMismatch "env-mismatch" Error
        ".env.app disagrees with the manifest"
        "FRONTEND_PORT, BACKEND_PORT, DB_PORT, APP_SUBNET and APP_SLUG in `.env.app` repeat what the manifest says, for Compose to read; so do \
         OIDC_CLIENT_ID and AUTH_GROUPS (its groups with commas between them) where they are set. \
         The manifest is right; `scalr validate --fix` writes its values into `.env.app`."
    EnvReserved "env-reserved" Error
        "A variable would redirect Compose itself"
        "COMPOSE_PROJECT_NAME overrides the `name:` of the compose file and COMPOSE_FILE the file itself: set in `.env.shared` or an app's \
         `.env.app`, they would merge apps into one project. Remove the variable."
    EnvInterpolation "env-interpolation" Error
        "A text with `${…}` can't be computed"
        "Compose knows `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+alternate}` and `${NAME:?error}`, each also without the colon, which then \
         lets an empty value pass for one that is set. They stand on one line, and `$$` is a dollar sign. `scalr env APP` shows what \
         each variable is set to, and where."
    EnvUnset "env-unset" Error
        "A variable that a compose or env file needs is set nowhere"
        "Neither the shell nor `.env.shared` nor the app's `.env.app` sets it, and the compose file has no default for it. At \
         `${NAME:?error}` Compose stops; at `$NAME` it goes on with an empty text, which is seldom what was meant. Set the variable, or write \
         a default: `${NAME:-default}`, and `${NAME:-}` for an empty one. Within an env file it is often a password with a dollar sign: \
         `pa$word` without quotes loses everything from the `$` on. Write `$$`, or single quotes."
    ComposeMissing "compose-missing" Error
        "An app has no compose file"
        "Every subproject has a docker-compose.yml (or compose.yml, .yaml), since `scalr up` runs one Compose project per app."
    EngineUnreachable "engine-unreachable" Error
        "No Docker engine answers"
        "scalr drives the engine that `--context`, DOCKER_HOST, DOCKER_CONTEXT or docker's current context names, else /var/run/docker.sock. Start it \
         (`sudo systemctl start docker`, or Docker Desktop), or name another one. Without permission for the socket: become a member of the group \
         `docker`, then log in again."
    ComposeNotInstalled "compose-not-installed" Error
        "Docker Compose is not installed"
        "scalr runs the real Compose: the plugin `docker-compose` of docker's cli-plugins folders, else `docker compose`. \
         https://docs.docker.com/compose/install/ tells how to install it."
    EnvSharedMissing "env-shared-missing" Error
        "The repository has no .env.shared"
        "`.env.shared` holds the secrets that all subprojects share, and git ignores it. `scalr doctor --fix` makes it from `.env.shared.example`, with generated \
         secrets and readable only by its owner; `scalr up` offers that at a terminal. `scalr up` hands it to Compose before each app's own `.env.app`."
    EnvSharedOpen "env-shared-open" Warning
        "Others may read .env.shared"
        "It holds the secrets of every app. `chmod 600 .env.shared`, or `scalr doctor --fix`, restricts it to its owner."
    EnvSharedIncomplete "env-shared-incomplete" Warning
        ".env.shared lacks something that its example has"
        "A variable of `.env.shared.example` is missing, often since the example got a new one, or a secret has no value. Databases that exist keep the \
         password that they were made with."
    VariableUndefined "variable-undefined" Error
        "A compose file uses a variable that is not set"
        "Compose would use the empty text instead and go on. Set the variable in `.env.shared`, in the app's `.env.app` or in the shell, or give \
         it a default: `${NAME:-default}`, `${NAME:-}` for the empty text. `scalr env APP` shows where each value comes from."
    ComposeInvalid "compose-invalid" Error
        "Docker Compose refuses a compose file"
        "The message is Compose's own. `docker compose config` in the app's folder, with both env files, repeats it."
    BuildxMissing "buildx-missing" Warning
        "docker buildx is not installed"
        "Newer versions of Compose build images with it. https://docs.docker.com/build/buildx/install/ tells how to install it."
    ComposeOld "compose-old" Error
        "Docker Compose is too old"
        "scalr runs the real `docker compose` and needs 2.25 or later."
    HostPortTaken "host-port-taken" Error
        "A port of the host is taken already"
        "Something else listens where a container should: a process, a container of another project, or another subproject. Compose would find out only in \
         the middle of starting. `scalr ports` shows every app's ports."
    NetworkMissing "network-missing" Error
        "An external network does not exist"
        "A compose file joins a network that it does not make itself. scalr creates only `scalr-edge`."
    NetworkTwins "network-twins" Error
        "Several networks have one name"
        "Old engines make a second network of the same name when two are asked for at once. Compose then refuses both, and containers may be on either of them. \
         Stop what uses them and remove all but one by its id."
    ProjectBusy "project-busy" Warning
        "Another scalr is at work on a subproject"
        "A lock in `.scalr/projects/` is held: by a scalr that runs, or by a `docker compose` that a killed one left. The lock goes with that process; nothing has \
         to be deleted."
    ProjectElsewhere "project-elsewhere" Error
        "A subproject runs from another checkout"
        "The engine has containers of this project that were started from another folder; starting it here would silently take them over. \
         Stop them first: `scalr down APP`. `scalr up --force APP` takes them over."
    SubnetTaken "subnet-taken" Error
        "A network of the engine has the addresses already"
        "A network that a subproject is going to make has a subnet of its own, which overlaps that of another network: of another project, another checkout, or of \
         a subproject that starts beside it. The engine would refuse it in the middle of starting. Remove the other network, or change `subnet` in \
         app.manifest.yml; `scalr validate --fix` then writes it into `.env.app`."
    SubnetsLow "subnets-low" Warning
        "The engine is about to run out of networks"
        "Docker's default address pools hold about 30 networks, and each Compose project makes at least one. Remove unused ones with `docker network prune`, give \
         networks a small subnet of their own, or widen `default-address-pools` in the engine's daemon.json."
    DiskLow "disk-low" Warning
        "Little disk space is left"
        "Images, build caches and databases grow. `docker system df` shows what Docker holds; `docker system prune` removes unused data."
    TemplateRules "template-rules" Error
        "The scaffolding rules are broken"
        "template-app/template.yml defines what `scalr new-app` changes in a copy. `scalr schema template` prints its schema; \
         docs/reference/template-rules.md explains it."
    AnswersInvalid "answers-invalid" Error
        "An answer for a new app can't be used"
        "`scalr schema answers` prints what each answer may be."
}

impl Code {
    /// The code as it is printed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.explanation().name
    }

    /// The severity of a finding with this code.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.explanation().severity
    }

    /// The code of that name, also as it is copied out of a finding: `error[port-conflict]`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.trim_start_matches("error[").trim_start_matches("warning[").trim_end_matches(']');
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_its_own_kebab_case_name() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(super::super::slug::Slug::parse(code.name()).is_ok(), "{code}");
            assert_eq!(Code::parse(code.name()), Some(*code));
            assert_eq!(Code::parse(&format!("{}[{code}]", code.severity().as_str())), Some(*code));
        }
    }
}
