//! Locks that outlive a panic: what they guard is changed in steps that each leave it whole.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks the mutex, also after a thread panicked while it held the lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
