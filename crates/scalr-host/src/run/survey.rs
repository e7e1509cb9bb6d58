//! The look at everything before anything starts: what the engine has, what has changed, what Compose says of
//! those that have to run, and what would go wrong.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::available_parallelism;

use futures_util::StreamExt;

use super::session::Session;
use super::{ports, project, record};
use crate::compose::Project;
use crate::docker::snapshot::{Early, Snapshot};
use crate::docker::{EngineError, Network};
use scalr_model::compose::config::{self, ComposeConfig};
use scalr_model::compose::message::plain;
use scalr_model::diagnostics::{self, Finding, Severity};
use scalr_model::run::containers::{Container, image_id};
use scalr_model::run::fingerprint::{Decision, InputPaths, Inputs, Reasons, UpRecord, decide};
use scalr_model::run::order::Order;
use scalr_model::run::plan::{SCHEMA, Step, UpPlan};
use scalr_model::run::preflight::{self, Candidate, EDGE};
use scalr_model::run::subnets::{self, Neighbour};
use scalr_model::run::subproject::Subproject;

/// What somebody asks of `up`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpOptions {
    /// Whether unchanged subprojects run too.
    pub force: Force,
    /// Whether images are built.
    pub build: Building,
}

/// Whether unchanged subprojects run too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Force {
    /// They are skipped.
    #[default]
    Skip,
    /// They run.
    Run,
}

/// Whether images are built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Building {
    /// Where something that goes into them changed.
    #[default]
    AsNeeded,
    /// Never.
    Never,
}

impl UpOptions {
    /// What of it makes a difference to what is started.
    fn flags(self) -> Vec<String> {
        match self.build {
            Building::AsNeeded => Vec::new(),
            Building::Never => vec!["--no-build".to_owned()],
        }
    }
}

/// What is known of one subproject.
#[derive(Debug)]
pub struct Surveyed {
    /// What Compose is told.
    pub project: Project,
    /// What goes in.
    pub inputs: Inputs,
    /// Where that is.
    pub paths: InputPaths,
    /// What Compose makes of it, and the variables that nobody sets; or what it says instead. Nothing for
    /// those that are skipped.
    pub config: Option<Result<(ComposeConfig, Vec<String>), String>>,
    /// What is to be done.
    pub decision: Decision,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl Surveyed {
    /// How many findings forbid to start it.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// What is known before anything starts.
#[derive(Debug)]
pub struct Survey {
    /// The subprojects, in the order in which they were given.
    pub each: Vec<Surveyed>,
    /// Every container of Compose.
    pub containers: Vec<Container>,
    /// Findings about none of them in particular.
    pub findings: Vec<Finding>,
    /// Shared networks that have to be made.
    pub networks: Vec<String>,
}

/// What there is: in the engine, and below the folders.
#[derive(Debug)]
pub struct EngineState {
    /// In the engine.
    pub snapshot: Snapshot,
    /// Of each subproject: what was recorded, and what goes in now.
    looked: Vec<(Option<UpRecord>, Inputs)>,
}

/// Looks at the engine, unless that was `early`, and beside that at the files.
pub async fn gather(
    session: &Session,
    subprojects: &[Subproject],
    early: Option<Early>,
) -> Result<EngineState, EngineError> {
    let asking = async {
        let early = match early {
            Some(early) => early.get().await,
            None => None,
        };
        match early {
            Some(snapshot) => Ok(snapshot),
            None => Snapshot::take(&session.engine).await,
        }
    };
    let (snapshot, looked) = tokio::join!(asking, in_threads(session, subprojects));
    Ok(EngineState { snapshot: snapshot?, looked })
}

/// Makes out of what there is what is to be done.
pub async fn survey(
    session: &Session,
    subprojects: &[Subproject],
    options: UpOptions,
    state: EngineState,
) -> Result<Survey, EngineError> {
    let EngineState { snapshot: Snapshot { containers, images, networks }, looked } = state;
    let projects: Vec<Project> =
        subprojects.iter().map(|one| project::project(&session.root, one, session.mode())).collect();
    let mut each = Vec::with_capacity(projects.len());
    for (project, (record, mut inputs)) in projects.into_iter().zip(looked) {
        complete(session, options, &images, record.as_ref().map(|record| &record.paths), &mut inputs);
        let own: Vec<&Container> = containers.iter().filter(|one| one.project == project.name).collect();
        let mut decision = decide(record.as_ref(), &inputs, &own, &images, |path| session.shown(path));
        if decision == Decision::Skip && options.force == Force::Run {
            decision = Decision::Up(Reasons::everything("--force"));
        }
        let (paths, config) = match (&decision, record) {
            (Decision::Up(Reasons { config_holds: true, .. }), Some(record)) => {
                // Builds may have changed what they stand on.
                (project::input_paths(&project, &record.config), Some(Ok((record.config, Vec::new()))))
            }
            (_, record) => (record.map(|record| record.paths).unwrap_or_default(), None),
        };
        each.push(Surveyed { project, inputs, paths, config, decision, findings: Vec::new() });
    }
    ask_compose(session, &mut each).await;
    for one in each.iter_mut().filter(|one| one.decision != Decision::Skip) {
        one.inputs = session.cache.inputs(&one.paths, session.root.environment());
        complete(session, options, &images, Some(&one.paths), &mut one.inputs);
    }
    let mut survey = Survey { each, containers, findings: Vec::new(), networks: Vec::new() };
    let starts = survey.each.iter().any(|one| one.decision != Decision::Skip);
    let pools = if starts { session.engine.pools().await? } else { Vec::new() };
    preflight_findings(session, subprojects, options, &networks, &pools, &mut survey);
    // It is only a cache.
    let _ = session.cache.save();
    Ok(survey)
}

/// Reads records and looks at inputs, beside the requests to the engine.
async fn in_threads(session: &Session, subprojects: &[Subproject]) -> Vec<(Option<UpRecord>, Inputs)> {
    let width = available_parallelism().map_or(1, usize::from).min(8);
    let chunks = subprojects.chunks(subprojects.len().div_ceil(width).max(1)).map(|subprojects| {
        let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
        let (cache, records) = (Arc::clone(&session.cache), session.records.clone());
        let environment = Arc::clone(session.root.environment());
        let look = move |name: &String| {
            let record = record::read(&records, name);
            let inputs = record.as_ref().map(|record| cache.inputs(&record.paths, &environment));
            let inputs = inputs.unwrap_or_default();
            (record, inputs)
        };
        tokio::task::spawn_blocking(move || names.iter().map(look).collect::<Vec<_>>())
    });
    let mut looked = Vec::with_capacity(subprojects.len());
    for chunk in chunks.collect::<Vec<_>>() {
        match chunk.await {
            Ok(found) => looked.extend(found),
            // Without its answers the others would be taken for those of other subprojects.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    looked
}

/// What is no file: Compose's version, the engine, the options, the images.
fn complete(
    session: &Session,
    options: UpOptions,
    images: &BTreeMap<String, String>,
    paths: Option<&InputPaths>,
    inputs: &mut Inputs,
) {
    inputs.compose.clone_from(&session.compose.version);
    inputs.engine.clone_from(&session.engine.endpoint().host);
    inputs.flags = options.flags();
    let bases = paths.map(|paths| paths.bases.iter()).into_iter().flatten();
    inputs.bases = bases.map(|name| (name.clone(), image_id(images, name).to_owned())).collect();
}

/// What Compose makes of those whose files have changed, many at once.
async fn ask_compose(session: &Session, each: &mut [Surveyed]) {
    let width = available_parallelism().map_or(2, usize::from) + 1;
    let open: Vec<usize> = (0..each.len())
        .filter(|at| each[*at].decision != Decision::Skip && each[*at].config.is_none())
        .collect();
    let calls = open.into_iter().map(|at| {
        let project = each[at].project.clone();
        async move {
            if project.files.is_empty() {
                let missing =
                    if project.folder.is_dir() { "there is no compose file" } else { "the folder is gone" };
                return (at, Err(missing.to_owned()));
            }
            let config = session.compose.config(&project, &session.shutdown).await;
            (at, config.map_err(|error| session.secrets.clean(&plain(&error))))
        }
    });
    let mut answers = futures_util::stream::iter(calls.collect::<Vec<_>>()).buffer_unordered(width);
    let mut configs = Vec::new();
    while let Some(answer) = answers.next().await {
        configs.push(answer);
    }
    drop(answers);
    for (at, answer) in configs {
        let one = &mut each[at];
        let config = answer.map(|(document, undefined)| (config::read(&document), undefined));
        if let Ok((config, _)) = &config {
            one.paths = project::input_paths(&one.project, config);
        }
        one.config = Some(config);
    }
}

/// Everything that would go wrong, and the networks that are to be made.
fn preflight_findings(
    session: &Session,
    subprojects: &[Subproject],
    options: UpOptions,
    networks: &[Network],
    pools: &[(u32, u32)],
    survey: &mut Survey,
) {
    let starting: Vec<usize> =
        (0..subprojects.len()).filter(|at| survey.each[*at].decision != Decision::Skip).collect();
    let names: Vec<String> = networks.iter().map(|network| network.name.clone()).collect();
    let candidates: Vec<Candidate<'_>> = starting
        .iter()
        .map(|at| Candidate {
            subproject: &subprojects[*at],
            file: project::compose_file(&session.root, &subprojects[*at]),
            config: match &survey.each[*at].config {
                Some(Ok((config, undefined))) => Ok((config, undefined.as_slice())),
                Some(Err(problem)) => Err(problem.as_str()),
                None => Err("docker compose config was not asked"),
            },
        })
        .collect();
    let local = session.engine.endpoint().socket().is_some();
    let holder = |port: &config::HostPort| if local { ports::holder(port) } else { None };
    let mut found: Vec<(usize, Finding)> =
        preflight::candidates(&candidates, &survey.containers, &names, holder)
            .into_iter()
            .map(|(at, finding)| (starting[at], finding))
            .collect();
    let neighbours: Vec<Neighbour<'_>> = networks
        .iter()
        // An overlay's addresses are its own.
        .filter(|network| network.driver != "overlay")
        .map(|network| Neighbour { name: &network.name, subnets: &network.subnets })
        .collect();
    let taken = subnets::taken(&candidates, &neighbours);
    found.extend(taken.into_iter().map(|(at, finding)| (starting[at], finding)));
    if options.force == Force::Skip {
        let folders = survey
            .each
            .iter()
            .map(|one| (one.project.name.clone(), one.project.folder.to_string_lossy().into_owned()));
        let all: Vec<&Subproject> = subprojects.iter().collect();
        found.extend(preflight::elsewhere(&all, &folders.collect(), &survey.containers));
    }
    let edge = candidates
        .iter()
        .any(|one| matches!(one.config, Ok((config, _)) if config.external_networks.contains(EDGE)));
    let new_networks = candidates
        .iter()
        .filter(|one| {
            !networks.iter().any(|network| network.project.as_deref() == Some(&one.subproject.name))
        })
        .filter_map(|one| one.config.ok())
        .map(|(config, _)| config.pool_networks)
        .sum::<usize>();
    drop(candidates);
    if edge && !names.iter().any(|name| name == EDGE) {
        survey.networks.push(EDGE.to_owned());
    }
    let bridges = networks.iter().filter(|network| network.is_from_pools(pools)).count();
    survey.findings.extend(
        preflight::subnets(bridges, new_networks + survey.networks.len(), preflight::capacity(pools))
            .filter(|_| new_networks > 0),
    );
    if local {
        survey.findings.extend(ports::free_space(session.root.path()).and_then(preflight::disk));
    }
    for (at, finding) in found {
        survey.each[at].findings.push(finding);
    }
}

impl Survey {
    /// The plan.
    #[must_use]
    pub fn plan(
        &self,
        session: &Session,
        subprojects: &[Subproject],
        order: &Order,
        more: &[Finding],
    ) -> UpPlan {
        let mut findings: Vec<Finding> = more.iter().chain(&self.findings).cloned().collect();
        findings.extend(self.each.iter().flat_map(|one| one.findings.iter().cloned()));
        diagnostics::sort(&mut findings);
        let apps = order.sorted().into_iter().map(|at| {
            let (one, subproject) = (&self.each[at], &subprojects[at]);
            let (action, build, reasons) = Step::action(&one.decision, one.errors());
            Step {
                app: subproject.name.clone(),
                path: subproject.folder.clone(),
                action,
                build: build && matches!(&one.config, Some(Ok((config, _))) if !config.builds.is_empty()),
                reasons,
                waits_for: order.waits(at).keys().map(|other| subprojects[*other].name.clone()).collect(),
                url: subproject.url(&session.front),
            }
        });
        UpPlan {
            schema: SCHEMA,
            engine: session.engine.endpoint().shown(),
            networks: self.networks.clone(),
            apps: apps.collect(),
            findings,
        }
    }
}
