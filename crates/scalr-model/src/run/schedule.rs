//! Which step may start next: as many at once as allowed, each behind those it waits for. The caller carries the
//! steps out and reports how each one ended.

use super::step::{Edge, Step};

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    Succeeded,
    /// Those that need it do not start.
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StepState {
    Waiting,
    Running,
    Ended(StepEnd),
}

/// A step of the plan that a schedule was made for, in the order of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepId(usize);

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    Start(StepId),
    /// The first one can't start, since the second one, which it needs, failed.
    Blocked(StepId, StepId),
    /// It is not started any more.
    Dropped(StepId),
}

/// The progress of the steps of a plan.
#[derive(Debug)]
pub struct Schedule<'a, A> {
    steps: Vec<StepProgress<'a, A>>,
    width: usize,
    open: bool,
}

#[derive(Debug)]
struct StepProgress<'a, A> {
    id: StepId,
    step: &'a Step<A>,
    waits_for: Vec<(StepId, Edge)>,
    state: StepState,
}

impl<'a, A> Schedule<'a, A> {
    /// Nothing has started; at most `width` steps run at once.
    #[must_use]
    pub fn new(steps: &'a [Step<A>], width: usize) -> Self {
        let named = |name: &str| {
            let same = steps.iter().enumerate().filter(|(_, step)| step.name() == name);
            same.map(|(at, _)| StepId(at)).collect::<Vec<_>>()
        };
        let waits = |step: &Step<A>| {
            let waits = step.waits_for.iter();
            waits.flat_map(|wait| named(&wait.app).into_iter().map(|id| (id, wait.edge))).collect()
        };
        let steps = steps.iter().enumerate().map(|(at, step)| StepProgress {
            id: StepId(at),
            step,
            waits_for: waits(step),
            state: StepState::Waiting,
        });
        Self { steps: steps.collect(), width: width.max(1), open: true }
    }

    #[must_use]
    pub fn step(&self, id: StepId) -> &'a Step<A> {
        self.steps[id.0].step
    }

    /// From here on no step starts.
    pub fn close(&mut self) {
        self.open = false;
    }

    pub fn ended(&mut self, id: StepId, end: StepEnd) {
        self.steps[id.0].state = StepState::Ended(end);
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.state, StepState::Ended(_)))
    }

    /// What to do now; nothing before a running step ends. Each step is given out once.
    pub fn next_step(&mut self) -> Option<NextStep> {
        let running = self.steps.iter().filter(|step| step.state == StepState::Running).count();
        let mut waiting = self.steps.iter().filter(|step| step.state == StepState::Waiting);
        let next = waiting.find_map(|step| self.may_go(step, running))?;
        match next {
            NextStep::Start(id) => self.steps[id.0].state = StepState::Running,
            NextStep::Blocked(id, _) | NextStep::Dropped(id) => self.ended(id, StepEnd::Failed),
        }
        Some(next)
    }

    fn may_go(&self, step: &StepProgress<'_, A>, running: usize) -> Option<NextStep> {
        let state = |id: StepId| self.steps[id.0].state;
        let failed = |(id, edge): &&(StepId, Edge)| {
            *edge == Edge::Needs && state(*id) == StepState::Ended(StepEnd::Failed)
        };
        if let Some((other, _)) = step.waits_for.iter().find(failed) {
            return Some(NextStep::Blocked(step.id, *other));
        }
        if !self.open {
            return Some(NextStep::Dropped(step.id));
        }
        let ready = step.waits_for.iter().all(|(id, _)| matches!(state(*id), StepState::Ended(_)));
        (ready && running < self.width).then_some(NextStep::Start(step.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rel_path::RelPath;
    use crate::run::order;
    use crate::run::subproject::Subproject;

    fn steps(edges: &[&[&str]]) -> Vec<Step<()>> {
        let all = edges.iter().enumerate().map(|(at, needs)| Subproject {
            name: at.to_string(),
            folder: RelPath::new(&at.to_string()).unwrap(),
            depends_on: needs.iter().map(|slug| (*slug).to_owned()).collect(),
            ..Subproject::default()
        });
        order::start(&all.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn runs_as_wide_as_allowed_and_behind_dependencies() {
        let steps = steps(&[&[], &["0"], &[], &[]]);
        let mut schedule = Schedule::new(&steps, 2);
        assert_eq!(schedule.next_step(), Some(NextStep::Start(StepId(0))));
        assert_eq!(schedule.next_step(), Some(NextStep::Start(StepId(2))));
        assert_eq!(schedule.next_step(), None);
        schedule.ended(StepId(0), StepEnd::Succeeded);
        assert_eq!(schedule.next_step(), Some(NextStep::Start(StepId(1))));
        schedule.ended(StepId(1), StepEnd::Succeeded);
        schedule.ended(StepId(2), StepEnd::Failed);
        assert_eq!(schedule.next_step(), Some(NextStep::Start(StepId(3))));
        schedule.ended(StepId(3), StepEnd::Succeeded);
        assert!(schedule.is_finished());
    }

    #[test]
    fn a_step_that_needs_a_failed_one_is_blocked_and_a_closed_schedule_drops_the_rest() {
        let steps = steps(&[&[], &["0"], &["1"], &[]]);
        let mut schedule = Schedule::new(&steps, 1);
        assert_eq!(schedule.next_step(), Some(NextStep::Start(StepId(0))));
        schedule.ended(StepId(0), StepEnd::Failed);
        assert_eq!(schedule.next_step(), Some(NextStep::Blocked(StepId(1), StepId(0))));
        assert_eq!(schedule.next_step(), Some(NextStep::Blocked(StepId(2), StepId(1))));
        schedule.close();
        assert_eq!(schedule.next_step(), Some(NextStep::Dropped(StepId(3))));
        assert_eq!((schedule.next_step(), schedule.is_finished()), (None, true));
    }
}
