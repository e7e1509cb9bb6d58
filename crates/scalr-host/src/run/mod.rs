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
//! up  down  images                                          the commands that change something
//! logs  ps                                                  the commands that only read; they need none of these
//! ```

mod call;
pub mod down;
pub mod execute;
pub mod health;
pub mod images;
pub mod inputs;
pub mod logs;
pub(crate) mod ports;
pub mod project;
pub mod project_lock;
pub mod ps;
pub mod record;
pub mod session;
pub mod settings;
pub mod survey;
pub mod up;

#[cfg(test)]
mod tests {
    use super::execute::{Emit, Pace};
    use super::session::Session;
    use super::{down, images, survey, up};
    use scalr_model::run::order::Order;
    use scalr_model::run::subproject::Subproject;

    fn send<T: Send>(_: T) {}

    /// A server runs these on many threads.
    #[expect(dead_code, reason = "it is the compiler that tests")]
    fn futures_are_send(
        session: &Session,
        subprojects: &[Subproject],
        survey: &survey::Survey,
        order: &Order,
        pace: Pace,
        emit: Emit<'_>,
    ) {
        let options = survey::UpOptions::default();
        send(survey::gather(session, subprojects, None));
        send(up::up(session, subprojects, survey, order, options, pace, emit));
        send(down::down(session, subprojects, &[], order, down::Volumes::Keep, pace, emit));
        send(down::restart(session, subprojects, order, pace, emit));
        send(images::images(session, subprojects, images::Images::Pull, pace, emit));
    }
}
