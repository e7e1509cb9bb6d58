//! Running subprojects: gathering what `model::run` decides on, and carrying out what it planned, many at
//! once, with Compose. Everything that happens is an event; nothing is printed, and every future is `Send`.
//!
//! A module imports only from the lines above its own:
//!
//! ```text
//! inputs  ports  project  project_lock  record  settings    facts about files, the host and the env files
//! session                                                   what a run stands on
//! execute  call  health                                     many at once; one call of Compose; waiting for health
//! survey                                                    everything that a plan of `up` is made of
//! up  down  compose_command                                 the commands that change something
//! logs  ps                                                  the commands that only read; they need none of these
//! ```

mod call;
pub mod compose_command;
pub mod down;
pub mod execute;
pub mod health;
pub(crate) mod inputs;
pub mod logs;
pub(crate) mod ports;
pub(crate) mod project;
pub(crate) mod project_lock;
pub mod ps;
pub(crate) mod record;
pub mod session;
pub mod settings;
pub mod survey;
pub mod up;

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::execute::{Emit, Pace};
    use super::logs::{self, LogOptions};
    use super::session::Session;
    use super::{compose_command, down, ps, survey, up};
    use scalr_model::run::compose_plan::ComposePlan;
    use scalr_model::run::down_plan::{DownPlan, Volumes};
    use scalr_model::run::plan::UpPlan;
    use scalr_model::run::survey::UpOptions;

    fn send<T: Send>(_: T) {}

    #[expect(dead_code, reason = "the compiler tests it: a server runs these on many threads")]
    async fn futures_are_send(
        session: &Session,
        plans: (&UpPlan, &DownPlan, &ComposePlan),
        pace: Pace,
        emit: Emit<'_>,
    ) {
        let (up_plan, down_plan, compose_plan) = plans;
        send(survey::gather(session, &[], None));
        if let Ok(state) = survey::gather(session, &[], None).await {
            send(survey::survey(session, Vec::new(), UpOptions::default(), state));
        }
        send(up::up(session, up_plan, pace, emit));
        send(down::plan(session, Vec::new(), Volumes::Keep));
        send(down::down(session, down_plan, pace, emit));
        send(compose_command::run(session, compose_plan, pace, emit));
        send(logs::logs(&session.engine, &[], |_| true, LogOptions::default(), &mut |_| {
            ControlFlow::Continue(())
        }));
        send(ps::running(&session.engine, ps::Measure::Stats, |_| true));
    }
}
