//! The running containers, from the engine.

use std::collections::BTreeMap;

use futures_util::StreamExt;

use crate::docker::{Engine, EngineError};
use scalr_model::run::containers::Container;
use scalr_model::run::ps::{ContainerDetails, ContainerStats};

/// How many requests are under way at once.
const WIDTH: usize = 16;

/// The engine's answers.
#[derive(Debug)]
pub struct Running {
    /// Every container of Compose.
    pub containers: Vec<Container>,
    /// Details of those that are shown, by id.
    pub more: BTreeMap<String, ContainerDetails>,
    /// When each image was made.
    pub images: BTreeMap<String, i64>,
    /// Seconds since 1970.
    pub now: i64,
}

/// Whether the resource use is measured, which takes one or two seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// They are.
    Stats,
    /// They are not.
    Nothing,
}

/// Asks the engine; `shown` selects the containers with details.
pub async fn running(
    engine: &Engine,
    measure: Measure,
    shown: impl Fn(&Container) -> bool,
) -> Result<Running, EngineError> {
    let (containers, images) = tokio::join!(inspected(engine, measure, shown), engine.image_ages());
    let (containers, more) = containers?;
    Ok(Running { containers, more, images: images?, now: jiff::Timestamp::now().as_second() })
}

/// Every container of Compose, and details of those that are shown.
async fn inspected(
    engine: &Engine,
    measure: Measure,
    shown: impl Fn(&Container) -> bool,
) -> Result<(Vec<Container>, BTreeMap<String, ContainerDetails>), EngineError> {
    let containers = engine.containers().await?;
    let ids: Vec<String> = containers.iter().filter(|one| shown(one)).map(|one| one.id.clone()).collect();
    let details: Vec<_> = ids.into_iter().map(|id| details(engine, id, measure)).collect();
    let details = futures_util::stream::iter(details).buffer_unordered(WIDTH).collect::<Vec<_>>().await;
    Ok((containers, details.into_iter().collect()))
}

/// The details of one container, behind its id; none where it has gone meanwhile.
async fn details(engine: &Engine, id: String, measure: Measure) -> (String, ContainerDetails) {
    let (found, stats) = tokio::join!(engine.inspect(&id), stats(engine, &id, measure));
    let details = found.map(|found| ContainerDetails {
        started: found
            .started_at
            .and_then(|at| at.parse::<jiff::Timestamp>().ok())
            .map(jiff::Timestamp::as_second),
        restarts: Some(found.restarts),
        stats,
    });
    (id, details.unwrap_or_default())
}

async fn stats(engine: &Engine, id: &str, measure: Measure) -> Option<ContainerStats> {
    match measure {
        Measure::Stats => engine.stats(id).await,
        Measure::Nothing => None,
    }
}
