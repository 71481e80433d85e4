//! Commands that have their effect once, however often their answer is lost (G8): what came of the last ones of
//! each person is remembered. Those of forms are remembered with the form.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use baton_protocol::id::{OpId, UserId};
use baton_protocol::message::{AnyReply, Problem};
use tokio::sync::OnceCell;

/// How many operations of one person are remembered.
const REMEMBERED: usize = 64;

type Outcome = Arc<OnceCell<Result<AnyReply, Problem>>>;

/// What came of people's last operations; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Operations(Arc<Mutex<BTreeMap<UserId, Known>>>);

/// A person's latest operations, oldest first.
type Known = VecDeque<(OpId, Outcome)>;

impl Operations {
    /// Does the work, unless it was done, or is being done: then its answer is given again.
    ///
    /// # Errors
    /// Why it was refused.
    pub async fn once(
        &self,
        person: UserId,
        op: OpId,
        work: impl Future<Output = Result<AnyReply, Problem>>,
    ) -> Result<AnyReply, Problem> {
        let outcome = {
            let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let known = people.entry(person).or_default();
            if let Some((_, outcome)) = known.iter().find(|(other, _)| *other == op) {
                Arc::clone(outcome)
            } else {
                if known.len() >= REMEMBERED {
                    known.pop_front();
                }
                let outcome = Outcome::default();
                known.push_back((op, Arc::clone(&outcome)));
                outcome
            }
        };
        outcome.get_or_init(|| work).await.clone()
    }
}
