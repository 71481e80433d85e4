//! What a page watches: subscribe on mount, clean up on unmount.

mod use_chosen;
mod use_first_field;
mod use_first_focus;
mod use_focus_in_sight;
mod use_focus_kept;
mod use_follow;
mod use_form;
mod use_job;
mod use_polled;
mod use_press_outside;
mod use_records;
mod use_rows_in_view;
mod use_session;
mod use_theme;
mod use_thumbnail;
mod use_topic;
mod use_view;

pub(crate) use use_chosen::use_chosen;
pub(crate) use use_first_field::use_first_field;
pub(crate) use use_first_focus::use_first_focus;
pub(crate) use use_focus_in_sight::use_focus_in_sight;
pub(crate) use use_focus_kept::use_focus_kept;
pub(crate) use use_follow::{Follow, use_follow};
pub(crate) use use_form::{FormHandle, Opening, use_form, use_opened_form};
pub(crate) use use_job::{JobHandle, Work, use_job};
pub(crate) use use_polled::use_polled;
pub(crate) use use_press_outside::use_press_outside;
pub(crate) use use_records::{ListHandle, use_records};
pub(crate) use use_rows_in_view::{ROW, use_rows_in_view};
pub(crate) use use_session::{Live, SessionHandle, use_live, use_session, use_session_provider};
pub(crate) use use_theme::{Theme, use_theme};
pub(crate) use use_thumbnail::use_thumbnail;
pub(crate) use use_topic::{use_bin, use_drafts, use_entities};
pub(crate) use use_view::use_view;
