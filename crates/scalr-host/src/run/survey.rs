//! Gathers everything that a plan of `scalr up` is made of: what the engine has, what has changed since the last
//! start, and what Compose says about the subprojects that have to start. The plan itself is made in the model.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::available_parallelism;

use futures_util::StreamExt;

use super::session::Session;
use super::{ports, project, record};
use crate::docker::EngineError;
use crate::docker::snapshot::{self, Early};
use scalr_model::compose::config;
use scalr_model::compose::message::plain;
use scalr_model::compose::project::ComposeProject;
use scalr_model::run::containers::{Container, image_id};
use scalr_model::run::engine::EngineSnapshot;
use scalr_model::run::fingerprint::{Decision, InputPaths, Inputs, Reasons, UpRecord, decide};
use scalr_model::run::preflight::{self, HostFacts, TakenPort};
use scalr_model::run::step::Step;
use scalr_model::run::subproject::Subproject;
use scalr_model::run::survey::{ComposeAnswer, Force, Resolved, Survey, SurveyedSubproject, UpOptions};

/// What the engine has, and what has gone into the subprojects.
#[derive(Debug)]
pub struct EngineState {
    pub snapshot: EngineSnapshot,
    /// By the names of the subprojects.
    recorded: BTreeMap<String, RecordedInputs>,
}

/// The record of a subproject's last start, and its inputs as they are now.
#[derive(Debug, Default)]
struct RecordedInputs {
    record: Option<UpRecord>,
    inputs: Inputs,
}

/// Asks the engine, unless that was done `early`, and reads the files at the same time.
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
            None => snapshot::take(&session.engine).await,
        }
    };
    let (snapshot, recorded) = tokio::join!(asking, recorded_inputs(session, subprojects));
    Ok(EngineState { snapshot: snapshot?, recorded })
}

/// Reads records and inputs in threads, at the same time as the engine answers.
async fn recorded_inputs(session: &Session, subprojects: &[Subproject]) -> BTreeMap<String, RecordedInputs> {
    let width = available_parallelism().map_or(1, usize::from).min(8);
    let chunks = subprojects.chunks(subprojects.len().div_ceil(width).max(1)).map(|subprojects| {
        let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
        let (cache, records) = (Arc::clone(&session.cache), session.records.clone());
        let environment = Arc::clone(session.root.environment());
        let read = move |name: String| {
            let record = record::read(&records, &name);
            let inputs = record.as_ref().map(|record| cache.inputs(&record.paths, &environment));
            (name, RecordedInputs { inputs: inputs.unwrap_or_default(), record })
        };
        tokio::task::spawn_blocking(move || names.into_iter().map(read).collect::<Vec<_>>())
    });
    let mut recorded = BTreeMap::new();
    for chunk in chunks.collect::<Vec<_>>() {
        match chunk.await {
            Ok(read) => recorded.extend(read),
            // Without its records everything would seem to have changed.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    recorded
}

/// Finds out what has changed, and asks Compose about that, several subprojects at once.
pub async fn survey(
    session: &Session,
    steps: Vec<Step<()>>,
    options: UpOptions,
    state: EngineState,
) -> Result<Survey, EngineError> {
    let EngineState { snapshot, mut recorded } = state;
    let surveyor = Surveyor { session, options, snapshot: &snapshot };
    let width = available_parallelism().map_or(2, usize::from) + 1;
    let surveys: Vec<_> = steps
        .into_iter()
        .map(|step| {
            let recorded = recorded.remove(step.name()).unwrap_or_default();
            surveyor.subproject(step, recorded)
        })
        .collect();
    let subprojects: Vec<SurveyedSubproject> =
        futures_util::stream::iter(surveys).buffered(width).collect().await;
    // A failure is harmless, since it is only a cache.
    let _ = session.cache.save();
    let starts = subprojects.iter().any(|one| one.compose != ComposeAnswer::NotAsked);
    let pools = if starts { session.engine.pools().await? } else { Vec::new() };
    // Ports and disk are those of this machine, which the engine may not run on.
    let local = session.engine.endpoint().socket().is_some();
    let taken_ports = if local { taken_ports(&subprojects, &snapshot.containers) } else { Vec::new() };
    let free_space = if local { ports::free_space(session.root.path()) } else { None };
    let EngineSnapshot { containers, networks, .. } = snapshot;
    Ok(Survey {
        engine: session.engine.endpoint().shown(),
        front: session.front.clone(),
        options,
        facts: HostFacts { containers, networks, pools, taken_ports, free_space },
        subprojects,
    })
}

/// The ports that the subprojects want, that no container publishes, and that something listens on.
fn taken_ports(subprojects: &[SurveyedSubproject], containers: &[Container]) -> Vec<TakenPort> {
    let resolved = subprojects.iter().filter_map(|one| match &one.compose {
        ComposeAnswer::Resolved(resolved) => Some(resolved),
        ComposeAnswer::NotAsked | ComposeAnswer::Refused { .. } => None,
    });
    let wanted = resolved.flat_map(|resolved| &resolved.config.ports);
    wanted.filter(|port| preflight::publisher(port, containers).is_none()).filter_map(ports::taken).collect()
}

/// What the survey of every subproject has in common.
struct Surveyor<'a> {
    session: &'a Session,
    options: UpOptions,
    snapshot: &'a EngineSnapshot,
}

impl Surveyor<'_> {
    async fn subproject(&self, step: Step<()>, recorded: RecordedInputs) -> SurveyedSubproject {
        let root = &self.session.root;
        let project = project::project(root, &step.subproject, self.session.mode());
        let compose_file = project::compose_file(root, &step.subproject);
        let compose = self.compose(&project, recorded).await;
        SurveyedSubproject { step, project, compose_file, compose }
    }

    async fn compose(&self, project: &ComposeProject, recorded: RecordedInputs) -> ComposeAnswer {
        let RecordedInputs { record, mut inputs } = recorded;
        self.complete(record.as_ref().map(|record| &record.paths), &mut inputs);
        let Decision::Up(reasons) = self.decide(project, record.as_ref(), &inputs) else {
            return ComposeAnswer::NotAsked;
        };
        let answer = match record.filter(|_| reasons.config_holds) {
            Some(record) => Ok((record.config, Vec::new())),
            None => self.ask(project).await,
        };
        let (config, undefined) = match answer {
            Ok(answer) => answer,
            Err(problem) => return ComposeAnswer::Refused { reasons, problem },
        };
        let paths = project::input_paths(project, &config);
        let mut inputs = self.session.cache.inputs(&paths, self.session.root.environment());
        self.complete(Some(&paths), &mut inputs);
        ComposeAnswer::Resolved(Box::new(Resolved { reasons, config, undefined, inputs, paths }))
    }

    fn decide(&self, project: &ComposeProject, record: Option<&UpRecord>, inputs: &Inputs) -> Decision {
        let containers = self.snapshot.containers.iter();
        let own: Vec<&Container> = containers.filter(|one| one.project == project.name).collect();
        let decision = decide(record, inputs, &own, &self.snapshot.images, |path| self.session.shown(path));
        if decision == Decision::Skip && self.options.force == Force::Run {
            return Decision::Up(Reasons::everything("--force"));
        }
        decision
    }

    /// Inputs that are not files: Compose's version, the engine, the options, the images.
    fn complete(&self, paths: Option<&InputPaths>, inputs: &mut Inputs) {
        inputs.compose.clone_from(&self.session.compose.version);
        inputs.engine.clone_from(&self.session.engine.endpoint().host);
        inputs.flags = self.options.flags();
        let bases = paths.map(|paths| paths.bases.iter()).into_iter().flatten();
        let id = |name: &String| (name.clone(), image_id(&self.snapshot.images, name).to_owned());
        inputs.bases = bases.map(id).collect();
    }

    /// What Compose makes of the files, and the variables that nothing sets; the error is its own words.
    async fn ask(&self, project: &ComposeProject) -> Result<(config::ComposeConfig, Vec<String>), String> {
        if project.files.is_empty() {
            let missing =
                if project.folder.is_dir() { "there is no compose file" } else { "the folder is gone" };
            return Err(missing.to_owned());
        }
        let answer = self.session.compose.config(project, &self.session.shutdown).await;
        let (document, undefined) = answer.map_err(|error| self.session.secrets.clean(&plain(&error)))?;
        Ok((config::read(&document), undefined))
    }
}
