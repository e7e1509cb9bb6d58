//! What may start next: as wide as allowed, each behind those it waits for. It decides; whoever runs
//! the work tells it how each piece ended.

use super::order::{Edge, Order};

/// How one piece of work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    /// As it should.
    Succeeded,
    /// Not as it should; who needs it does not start.
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StepState {
    Waiting,
    Running,
    Ended(StepEnd),
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Start this one.
    Start(usize),
    /// This one can't start, since the second one, which it needs, failed.
    Blocked(usize, usize),
    /// This one is not started any more.
    Dropped(usize),
}

/// The state of all work.
#[derive(Debug)]
pub struct Schedule<'a> {
    order: &'a Order,
    states: Vec<StepState>,
    width: usize,
    open: bool,
}

impl<'a> Schedule<'a> {
    /// Nothing has started; at most `width` pieces run at once.
    #[must_use]
    pub fn new(order: &'a Order, width: usize) -> Self {
        Self { order, states: vec![StepState::Waiting; order.len()], width: width.max(1), open: true }
    }

    /// Starts nothing any more.
    pub fn close(&mut self) {
        self.open = false;
    }

    /// One piece of work ended.
    pub fn ended(&mut self, at: usize, ended: StepEnd) {
        self.states[at] = StepState::Ended(ended);
    }

    /// Whether all work has ended.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.states.iter().all(|state| matches!(state, StepState::Ended(_)))
    }

    /// What to do now, or nothing before something ends. Each piece of work is given out once.
    pub fn step(&mut self) -> Option<NextStep> {
        let running = self.states.iter().filter(|state| **state == StepState::Running).count();
        for at in
            (0..self.states.len()).filter(|at| self.states[*at] == StepState::Waiting).collect::<Vec<_>>()
        {
            let waits = self.order.waits(at);
            let failed = waits.iter().find(|(other, edge)| {
                **edge == Edge::Needs && self.states[**other] == StepState::Ended(StepEnd::Failed)
            });
            if let Some((other, _)) = failed {
                self.states[at] = StepState::Ended(StepEnd::Failed);
                return Some(NextStep::Blocked(at, *other));
            }
            if !self.open {
                self.states[at] = StepState::Ended(StepEnd::Failed);
                return Some(NextStep::Dropped(at));
            }
            let ready = waits.keys().all(|other| matches!(self.states[*other], StepState::Ended(_)));
            if ready && running < self.width {
                self.states[at] = StepState::Running;
                return Some(NextStep::Start(at));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rel_path::RelPath;
    use crate::run::subproject::Subproject;

    fn order(edges: &[&[&str]]) -> Order {
        let all: Vec<Subproject> = edges
            .iter()
            .enumerate()
            .map(|(at, needs)| Subproject {
                name: at.to_string(),
                folder: RelPath::new(&at.to_string()).unwrap(),
                depends_on: needs.iter().map(|slug| (*slug).to_owned()).collect(),
                ..Subproject::default()
            })
            .collect();
        Order::up(&all).unwrap()
    }

    #[test]
    fn runs_as_wide_as_allowed_and_behind_dependencies() {
        let order = order(&[&[], &["0"], &[], &[]]);
        let mut schedule = Schedule::new(&order, 2);
        assert_eq!(schedule.step(), Some(NextStep::Start(0)));
        assert_eq!(schedule.step(), Some(NextStep::Start(2)));
        assert_eq!(schedule.step(), None);
        schedule.ended(0, StepEnd::Succeeded);
        assert_eq!(schedule.step(), Some(NextStep::Start(1)));
        schedule.ended(1, StepEnd::Succeeded);
        schedule.ended(2, StepEnd::Failed);
        assert_eq!(schedule.step(), Some(NextStep::Start(3)));
        schedule.ended(3, StepEnd::Succeeded);
        assert!(schedule.finished());
    }

    #[test]
    fn who_needs_what_failed_is_blocked_and_a_closed_schedule_drops_the_rest() {
        let order = order(&[&[], &["0"], &["1"], &[]]);
        let mut schedule = Schedule::new(&order, 1);
        assert_eq!(schedule.step(), Some(NextStep::Start(0)));
        schedule.ended(0, StepEnd::Failed);
        assert_eq!(schedule.step(), Some(NextStep::Blocked(1, 0)));
        assert_eq!(schedule.step(), Some(NextStep::Blocked(2, 1)));
        schedule.close();
        assert_eq!(schedule.step(), Some(NextStep::Dropped(3)));
        assert_eq!((schedule.step(), schedule.finished()), (None, true));
    }
}
