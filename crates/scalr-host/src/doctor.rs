//! The checks and repairs of `scalr doctor`.

use super::compose::{self, Compose};
use super::docker::{Endpoint, Engine, EngineError};
use super::lock::{self, Lock};
use super::root::Root;
use super::run::session::{self, Session, SharedEnv};
use super::run::survey::{gather, survey};
use super::run::{ports, project_lock, record};
use super::shutdown::Shutdown;
use super::template::{self, TemplateError};
use super::{FileError, fresh, gather, journal, shared_env};
use scalr_model::answers::Answers;
use scalr_model::codes::Code;
use scalr_model::diagnostics::{Counts, Finding, Location, Severity};
use scalr_model::doctor::{self, Check, Repair};
use scalr_model::env;
use scalr_model::kind::Kind;
use scalr_model::plan;
use scalr_model::registry;
use scalr_model::rel_path::RelPath;
use scalr_model::run::order;
use scalr_model::run::plan::UpPlan;
use scalr_model::run::preflight::{self, EDGE};
use scalr_model::run::subproject::Subproject;
use scalr_model::run::survey::UpOptions;
use scalr_model::scaffold::{self, ScaffoldError};
use scalr_model::schema::Schema;
use scalr_model::slug::Slug;
use scalr_model::template::FILE_NAME;
use scalr_model::validate::{self, Scope};
use scalr_model::workspace::{EnvFile, SHARED_ENV_EXAMPLE, SHARED_ENV_FILE, TEMPLATE, Workspace};

/// The inputs of the checks.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub root: &'a Root,
    pub workspace: &'a Workspace,
    /// The schema of its manifests.
    pub schema: &'a Schema,
    /// The subprojects that run there.
    pub subprojects: &'a [Subproject],
    /// The engine from the command line.
    pub context: Option<&'a str>,
    /// Ends what takes long.
    pub shutdown: &'a Shutdown,
}

/// Why a repair failed.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// A file could not be written.
    #[error("failed to {0}")]
    File(#[from] FileError),
    /// The engine refused.
    #[error("{0}")]
    Engine(#[from] EngineError),
}

/// Every check.
pub async fn checks(place: Place<'_>) -> Vec<Check> {
    let endpoint = Endpoint::find(place.context, place.root.environment());
    let local = endpoint.as_ref().is_ok_and(|endpoint| endpoint.socket().is_some());
    let engine = match endpoint {
        Ok(endpoint) => Engine::connect(endpoint).await,
        Err(error) => Err(error),
    };
    let mut checks = vec![
        engine_check(engine.as_ref()).await,
        compose_check(place.root, engine.as_ref().ok()),
        buildx(place.root),
    ];
    checks.push(shared_env_check(place));
    checks.push(state(place.root));
    checks.push(registered(place.workspace));
    checks.push(manifests(place.workspace));
    checks.push(template_check(place));
    let plan = match &engine {
        Ok(_) => up_plan(place).await,
        Err(_) => None,
    };
    checks.extend(running(plan.as_ref()));
    checks.extend(engine_room(engine.as_ref().ok(), plan.as_ref()).await);
    if local && engine.is_ok() {
        let free = ports::free_space(place.root.path());
        let summary = free.map_or_else(String::new, |free| format!("{} GB free", free / 1_000_000_000));
        checks.push(Check::new("disk", summary, free.and_then(preflight::disk).into_iter().collect()));
    }
    checks
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

async fn engine_check(engine: Result<&Engine, &EngineError>) -> Check {
    match engine {
        Ok(engine) => {
            let version = engine.version().await.unwrap_or_default();
            Check::new("engine", format!("Docker {version} at {}", engine.endpoint().shown()), Vec::new())
        }
        Err(error) => Check::new("engine", "none answers", vec![session::unreachable(error)]),
    }
}

fn compose_check(root: &Root, engine: Option<&Engine>) -> Check {
    let endpoint = engine
        .map_or_else(|| Endpoint { context: None, host: String::new() }, |engine| engine.endpoint().clone());
    let found = lock::state_folder(root).map(|state| Compose::find(&state, &endpoint, root.environment()));
    match found {
        Ok(Ok(compose)) => {
            let old = preflight::compose_version(&compose.version);
            Check::new("compose", format!("Docker Compose {}", compose.version), old.into_iter().collect())
        }
        Ok(Err(error)) => Check::new("compose", "it is not installed", vec![session::no_compose(&error)]),
        Err(error) => Check::skipped("compose", format!("failed to {error}")),
    }
}

fn buildx(root: &Root) -> Check {
    match compose::plugin("docker-buildx", root.environment()) {
        Some(_) => Check::new("buildx", "it is installed", Vec::new()),
        None => Check::new("buildx", "it is not installed", vec![doctor::no_buildx()]),
    }
}

fn shared_env_check(place: Place<'_>) -> Check {
    let path = RelPath::root().join(SHARED_ENV_FILE);
    let (mut findings, mut repairs) = (Vec::new(), Vec::new());
    let summary = match gather::env_file(place.root, &path) {
        EnvFile::Missing => {
            findings.push(preflight::no_shared_env());
            repairs.push(Repair::MakeSharedEnv);
            "it is missing".to_owned()
        }
        EnvFile::Broken(finding) => {
            findings.push(*finding);
            "it can't be read".to_owned()
        }
        EnvFile::Read(variables) => {
            findings.extend(env::check(&path, &variables));
            let example = gather::env_file(place.root, &RelPath::root().join(SHARED_ENV_EXAMPLE));
            if let EnvFile::Read(example) = example {
                findings.extend(doctor::incomplete(&variables, &example));
            }
            counted(variables.len(), "variable")
        }
    };
    if let Some(mode) = shared_env::open_to_others(place.root) {
        findings.push(doctor::readable_by_others(mode));
        repairs.push(Repair::CloseSharedEnv);
    }
    Check::new(SHARED_ENV_FILE, summary, findings).repairs(repairs)
}

/// scalr's own folder: whether it is writable, and which locks are held.
fn state(root: &Root) -> Check {
    let folder = match lock::state_folder(root) {
        Ok(folder) => folder,
        Err(error) => {
            let at = Location::file(&RelPath::root().join(lock::STATE));
            let finding = Finding::new(Code::FileUnreadable, at, format!("failed to {error}"));
            return Check::new("state", "it can't be written", vec![finding]);
        }
    };
    let held = project_lock::held(&record::folder(&folder));
    let mut findings: Vec<Finding> = held.iter().map(|(name, holder)| doctor::busy(name, holder)).collect();
    // Opening the repository completes the work of a killed scalr, if possible.
    findings.extend(journal::is_left(root).then(|| {
        let at = Location::file(&RelPath::root().join(lock::STATE));
        Finding::new(Code::FileUnreadable, at, "an interrupted change waits to be finished")
            .help("any scalr command finishes it, or says why it can't")
    }));
    let summary = if findings.is_empty() { "no other scalr holds a lock" } else { "locks are held" };
    Check::new("state", summary, findings)
}

/// registered-apps.txt: lines that lead nowhere, occur twice or leave the repository.
fn registered(workspace: &Workspace) -> Check {
    let file = RelPath::root().join(registry::FILE_NAME);
    let entries = registry::parse(&workspace.registry);
    let findings = registry::check(&file, &entries, |folder| !workspace.absent.contains(folder));
    let repairs = plan::edits(findings.iter().filter_map(|finding| finding.fix.clone()));
    let repairs: Vec<Repair> = repairs.into_iter().map(Repair::Edit).collect();
    Check::new(registry::FILE_NAME, counted(entries.len(), "line"), findings).repairs(repairs)
}

fn manifests(workspace: &Workspace) -> Check {
    let mut findings = validate::all(workspace, &Scope::everything());
    // They have separate checks.
    findings
        .retain(|finding| ![registry::FILE_NAME, SHARED_ENV_FILE].contains(&finding.location.path.as_str()));
    let Counts { errors, warnings } = Counts::of(&findings);
    let summary = match (errors, warnings) {
        (0, 0) => format!("{} checked", workspace.manifests),
        _ => format!("{} checked; scalr validate shows the places", workspace.manifests),
    };
    Check::new("manifests", summary, findings)
}

/// Whether an app can be made from the template, by making only the plan.
fn template_check(place: Place<'_>) -> Check {
    if !place.root.path().join(TEMPLATE).is_dir() {
        return Check::skipped("template", format!("there is no {TEMPLATE}/"));
    }
    let Some(slug) = free_slug(place.workspace) else { return Check::skipped("template", "no slug is free") };
    let at = Location::file(&RelPath::root().join(TEMPLATE).join(FILE_NAME));
    let broken = |message: String| Finding::new(Code::TemplateRules, at.clone(), message);
    let read = template::read(place.root, place.workspace.template.clone());
    let planned = read.map(|template| {
        let answers = Answers {
            name: "Check".to_owned(),
            slug,
            description: "Is not made.".to_owned(),
            kind: Kind::Internal,
        };
        let (ports, subnets) = (place.workspace.held_ports(), place.workspace.held_subnets());
        scaffold::scaffold(&answers, &fresh::fresh(), &template, (&ports, &subnets), None, place.schema)
    });
    let findings = match planned {
        Ok(Ok(scaffold)) => {
            return Check::new(
                "template",
                format!("makes an app of {} files", scaffold.files.len()),
                Vec::new(),
            );
        }
        Err(TemplateError::Rules(findings))
        | Ok(Err(ScaffoldError::Rules(findings) | ScaffoldError::Manifest(findings))) => findings,
        Err(error) => vec![broken(error.to_string())],
        Ok(Err(ScaffoldError::Ports(error))) => vec![broken(error.to_string())],
        Ok(Err(ScaffoldError::Subnets(error))) => vec![broken(error.to_string())],
        Ok(Err(ScaffoldError::Blueprint(error))) => vec![broken(error.to_string())],
        Ok(Err(ScaffoldError::Render(errors))) => {
            errors.iter().map(|error| broken(error.to_string())).collect()
        }
        Ok(Err(ScaffoldError::Violations(all))) => all.iter().map(|one| broken(one.to_string())).collect(),
    };
    Check::new("template", "no app can be made from it", findings)
}

/// A free slug: among one more candidate than there are apps, one is free.
fn free_slug(workspace: &Workspace) -> Option<Slug> {
    let mut slugs =
        (0..=workspace.apps.len()).filter_map(|number| Slug::parse(&format!("check-{number}")).ok());
    slugs.find(|slug| workspace.app(slug.as_str()).is_none())
}

/// What `scalr up` would do; nothing where it would not get so far.
async fn up_plan(place: Place<'_>) -> Option<Result<UpPlan, EngineError>> {
    let session =
        Session::open(place.root, place.context, place.subprojects, SharedEnv::Needed, place.shutdown)
            .await
            .ok()?;
    let planned = async {
        let state = gather(&session, place.subprojects, None).await?;
        let steps = order::none(place.subprojects);
        Ok(UpPlan::new(survey(&session, steps, UpOptions::default(), state).await?, Vec::new()))
    };
    Some(planned.await)
}

/// Findings that would prevent subprojects from starting.
fn running(plan: Option<&Result<UpPlan, EngineError>>) -> Vec<Check> {
    let names = ["compose files", "ports", "checkouts"];
    let plan = match plan {
        None => {
            let why = format!("needs the engine, Compose and {SHARED_ENV_FILE}");
            return names.map(|name| Check::skipped(name, why.clone())).into();
        }
        Some(Err(error)) => return names.map(|name| Check::skipped(name, error.to_string())).into(),
        Some(Ok(plan)) => plan,
    };
    let of = |codes: &[Code]| -> Vec<Finding> {
        let all = plan.steps.iter().flat_map(|step| &step.findings);
        all.filter(|finding| codes.contains(&finding.code)).cloned().collect()
    };
    let count = plan.steps.len();
    let summary = format!("of {}", counted(count, "subproject"));
    let codes: [&[Code]; 3] =
        [&[Code::ComposeInvalid, Code::VariableUndefined], &[Code::HostPortTaken], &[Code::ProjectElsewhere]];
    names.into_iter().zip(codes).map(|(name, codes)| Check::new(name, summary.clone(), of(codes))).collect()
}

/// The engine's networks, and how many more it can have.
async fn engine_room(engine: Option<&Engine>, plan: Option<&Result<UpPlan, EngineError>>) -> Vec<Check> {
    let names = ["networks", "subnets"];
    let Some(engine) = engine else {
        return names.map(|name| Check::skipped(name, "needs the engine")).into();
    };
    let (networks, pools) = tokio::join!(engine.networks(), engine.pools());
    let (networks, pools) = match (networks, pools) {
        (Ok(networks), Ok(pools)) => (networks, pools),
        (Err(error), _) | (_, Err(error)) => {
            return names.map(|name| Check::skipped(name, error.to_string())).into();
        }
    };
    let plan = plan.and_then(|plan| plan.as_ref().ok());
    let wanted = plan.is_some_and(|plan| plan.networks.iter().any(|name| name == EDGE));
    let mut findings: Vec<Finding> = plan
        .into_iter()
        .flat_map(|plan| plan.steps.iter().flat_map(|step| &step.findings))
        .filter(|finding| matches!(finding.code, Code::NetworkMissing | Code::SubnetTaken))
        .cloned()
        .collect();
    let edge = doctor::edge(networks.iter().filter(|network| network.name == EDGE).count(), wanted);
    let missing = edge.as_ref().is_some_and(|edge| edge.severity == Severity::Warning);
    findings.extend(edge);
    let bridges = networks.iter().filter(|network| network.is_from_pools(&pools)).count();
    let capacity = preflight::capacity(&pools);
    let low = plan.into_iter().flat_map(|plan| &plan.findings);
    let low = low.filter(|finding| finding.code == Code::SubnetsLow).cloned().collect();
    vec![
        Check::new(names[0], counted(networks.len(), "network"), findings)
            .repairs(missing.then(|| Repair::MakeNetwork { name: EDGE.to_owned() })),
        Check::new(names[1], format!("{bridges} of about {capacity} in use"), low),
    ]
}

/// Makes one repair; returns notes about it.
pub async fn repair(
    root: &Root,
    lock: &Lock,
    context: Option<&str>,
    repair: &Repair,
) -> Result<Option<String>, RepairError> {
    match repair {
        Repair::MakeSharedEnv => return Ok(Some(shared_env::make(root, lock)?.told())),
        Repair::CloseSharedEnv => shared_env::close(root)?,
        Repair::MakeNetwork { name } => {
            Engine::connect(Endpoint::find(context, root.environment())?).await?.create_network(name).await?;
        }
        Repair::Edit(edit) => journal::edit(root, lock, edit)?,
    }
    Ok(None)
}
