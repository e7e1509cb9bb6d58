//! The plan of `scalr up`, made out of a survey: `scalr plan` shows it, `scalr up` carries it out and decides nothing
//! besides.

use serde::Serialize;

use super::event::RunFailure;
use super::fingerprint::{InputPaths, Inputs};
use super::order;
use super::preflight::{self, Candidate, Claims, EDGE, HostFacts};
use super::step::Step;
use super::subproject::Front;
use super::survey::{Building, ComposeAnswer, Force, Resolved, Survey, SurveyedSubproject, UpOptions};
use crate::compose::config::ComposeConfig;
use crate::compose::project::ComposeProject;
use crate::diagnostics::{self, Finding, Severity};
use crate::rel_path::RelPath;

/// The version of the document of `scalr plan --json`, described by schemas/plan.schema.json.
pub(crate) const SCHEMA: &str = "scalr.plan/1";

/// What `scalr up` does.
#[derive(Debug, Clone, PartialEq)]
pub struct UpPlan {
    /// The engine's address, as people read it.
    pub engine: String,
    pub front: Front,
    /// What was asked for, for a step that has to be planned again.
    pub options: UpOptions,
    /// Shared networks that are created first.
    pub networks: Vec<String>,
    /// In an order in which they could be carried out one after the other.
    pub steps: Vec<Step<UpAction>>,
    /// What is wrong, or may go wrong, apart from the steps.
    pub findings: Vec<Finding>,
}

/// The action for a subproject.
#[derive(Debug, Clone, PartialEq)]
pub enum UpAction {
    /// `docker compose up` would do nothing.
    Skip,
    Start(Box<Start>),
    /// It can't work. The reasons say why it would have to start.
    Refuse {
        reasons: Vec<String>,
        failure: RunFailure,
    },
}

/// Everything that a start needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    pub project: ComposeProject,
    /// Why it has to start.
    pub reasons: Vec<String>,
    pub images: ImageBuild,
    pub config: ComposeConfig,
    /// What is recorded after a success.
    pub inputs: Inputs,
    pub paths: InputPaths,
}

/// Which images a start builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageBuild {
    /// All that it has a build for.
    All,
    /// Those that the engine does not have.
    Missing,
    None,
}

impl UpPlan {
    /// Makes the plan. `findings` are those that were known before the survey.
    #[must_use]
    pub fn new(survey: Survey, mut findings: Vec<Finding>) -> Self {
        let Survey { engine, front, options, facts, subprojects } = survey;
        let networks = missing_networks(&subprojects, &facts);
        findings.extend(shortages(&subprojects, &facts, networks.len()));
        let mut claims = Claims::default();
        let steps = subprojects.into_iter().map(|one| step(one, options, &facts, &mut claims)).collect();
        Self { engine, front, options, networks, steps: order::sorted(steps), findings }
    }

    /// Everything that is wrong, or may go wrong.
    #[must_use]
    pub fn all_findings(&self) -> Vec<Finding> {
        let of_steps = self.steps.iter().flat_map(|step| &step.findings);
        let mut findings: Vec<Finding> = self.findings.iter().chain(of_steps).cloned().collect();
        diagnostics::sort(&mut findings);
        findings
    }

    /// Whether it can't do everything that was requested.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.all_findings().iter().any(|finding| finding.severity == Severity::Error)
    }

    #[must_use]
    pub fn document(&self) -> PlanDocument<'_> {
        PlanDocument {
            schema: SCHEMA,
            engine: &self.engine,
            networks: &self.networks,
            apps: self.steps.iter().map(|step| PlannedApp::of(step, &self.front)).collect(),
            findings: self.all_findings(),
        }
    }
}

fn step(
    surveyed: SurveyedSubproject,
    options: UpOptions,
    facts: &HostFacts,
    claims: &mut Claims,
) -> Step<UpAction> {
    let SurveyedSubproject { mut step, project, compose_file: file, compose } = surveyed;
    step.findings = match &compose {
        ComposeAnswer::NotAsked => Vec::new(),
        ComposeAnswer::Refused { problem, .. } => vec![preflight::compose_refuses(&file, problem)],
        ComposeAnswer::Resolved(resolved) => {
            let Resolved { config, undefined, .. } = &**resolved;
            let candidate = Candidate { subproject: &step.subproject, file: &file, config, undefined };
            preflight::check(candidate, facts, claims)
        }
    };
    if options.force == Force::Skip {
        step.findings.extend(preflight::elsewhere(&step.subproject, &project.folder, &facts.containers));
    }
    let error = step.findings.iter().find(|finding| finding.severity == Severity::Error);
    let error =
        error.map(|finding| RunFailure { hint: finding.help.clone(), ..RunFailure::new(&finding.message) });
    let action = match (compose, error) {
        (ComposeAnswer::NotAsked, _) => UpAction::Skip,
        (ComposeAnswer::Resolved(resolved), None) => {
            UpAction::Start(Box::new(start(project, *resolved, options)))
        }
        (ComposeAnswer::Resolved(resolved), Some(failure)) => {
            UpAction::Refuse { reasons: resolved.reasons.texts, failure }
        }
        (ComposeAnswer::Refused { reasons, problem }, failure) => UpAction::Refuse {
            reasons: reasons.texts,
            failure: failure.unwrap_or_else(|| RunFailure::new(problem)),
        },
    };
    step.with(action)
}

fn start(project: ComposeProject, resolved: Resolved, options: UpOptions) -> Start {
    let Resolved { reasons, config, inputs, paths, .. } = resolved;
    let images = match options.build {
        Building::Never => ImageBuild::None,
        Building::AsNeeded if reasons.build && !config.builds.is_empty() => ImageBuild::All,
        Building::AsNeeded => ImageBuild::Missing,
    };
    Start { project, reasons: reasons.texts, images, config, inputs, paths }
}

/// The subprojects that Compose resolved.
fn resolved(subprojects: &[SurveyedSubproject]) -> impl Iterator<Item = (&str, &ComposeConfig)> {
    subprojects.iter().filter_map(|one| match &one.compose {
        ComposeAnswer::Resolved(resolved) => Some((one.step.name(), &resolved.config)),
        ComposeAnswer::NotAsked | ComposeAnswer::Refused { .. } => None,
    })
}

/// The shared networks that have to be made.
fn missing_networks(subprojects: &[SurveyedSubproject], facts: &HostFacts) -> Vec<String> {
    let wanted = resolved(subprojects).any(|(_, config)| config.external_networks.contains(EDGE));
    let exists = facts.networks.iter().any(|network| network.name == EDGE);
    if wanted && !exists { vec![EDGE.to_owned()] } else { Vec::new() }
}

/// Whether the engine's address pools or the disk are nearly used up. `shared` networks are made, too.
fn shortages(subprojects: &[SurveyedSubproject], facts: &HostFacts, shared: usize) -> Vec<Finding> {
    let has_networks =
        |name: &str| facts.networks.iter().any(|network| network.project.as_deref() == Some(name));
    let new = resolved(subprojects).filter(|(name, _)| !has_networks(name));
    let new: usize = new.map(|(_, config)| config.pool_networks).sum();
    let bridges = facts.networks.iter().filter(|network| network.is_from_pools(&facts.pools)).count();
    let low = preflight::pools_low(bridges, new + shared, preflight::capacity(&facts.pools));
    let disk = facts.free_space.and_then(preflight::disk);
    low.filter(|_| new > 0).into_iter().chain(disk).collect()
}

/// The plan, as `scalr plan` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanDocument<'a> {
    pub(crate) schema: &'static str,
    pub engine: &'a str,
    pub networks: &'a [String],
    pub apps: Vec<PlannedApp<'a>>,
    pub findings: Vec<Finding>,
}

/// One step of the plan, as `scalr plan` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedApp<'a> {
    pub app: &'a str,
    pub(crate) path: &'a RelPath,
    pub action: PlannedAction,
    pub build: bool,
    pub reasons: &'a [String],
    pub waits_for: Vec<&'a str>,
    pub(crate) url: Option<String>,
}

/// What is done with a subproject, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlannedAction {
    Up,
    Skip,
    Refuse,
}

impl<'a> PlannedApp<'a> {
    fn of(step: &'a Step<UpAction>, front: &Front) -> Self {
        let (action, images, reasons) = match &step.action {
            UpAction::Skip => (PlannedAction::Skip, ImageBuild::None, &[][..]),
            UpAction::Start(start) => (PlannedAction::Up, start.images, &start.reasons[..]),
            UpAction::Refuse { reasons, .. } => (PlannedAction::Refuse, ImageBuild::None, &reasons[..]),
        };
        Self {
            app: step.name(),
            path: &step.subproject.folder,
            action,
            build: images == ImageBuild::All,
            reasons,
            waits_for: step.waits_for.iter().map(|wait| wait.app.as_str()).collect(),
            url: step.subproject.url(front),
        }
    }
}

#[cfg(test)]
mod tests;
