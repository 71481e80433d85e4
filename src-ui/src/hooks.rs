//! What a page watches: subscribe on mount, clean up on unmount.

mod use_chosen;
mod use_comments;
mod use_first_field;
mod use_first_focus;
mod use_focus_in_sight;
mod use_focus_kept;
mod use_follow;
mod use_form;
mod use_job;
mod use_list_page;
mod use_notifications;
mod use_polled;
mod use_popover;
mod use_press_outside;
mod use_reader;
mod use_records;
mod use_rows_in_view;
mod use_saves;
mod use_scroll;
mod use_session;
mod use_shown_later;
mod use_theme;
mod use_thumbnail;
mod use_topic;
mod use_trail;
mod use_wanted_view;

pub(crate) use use_chosen::use_chosen;
pub(crate) use use_comments::{CommentsHandle, use_comments};
pub(crate) use use_first_field::{focus_on, use_first_field};
pub(crate) use use_first_focus::use_first_focus;
pub(crate) use use_focus_in_sight::use_focus_in_sight;
pub(crate) use use_focus_kept::{focus_if_nowhere, use_focus_kept};
pub(crate) use use_follow::{Follow, enter_field, on_show_field, use_follow};
pub(crate) use use_form::{FormHandle, Opening, use_form, use_opened_form};
pub(crate) use use_job::{JobHandle, Work, use_job};
pub(crate) use use_list_page::use_list_page;
pub(crate) use use_notifications::{
    Notifications, use_import_read, use_notifications, use_notifications_provider, use_read_here, use_unread_by_record,
};
pub(crate) use use_polled::use_polled;
pub(crate) use use_popover::{PopoverHandle, use_popover};
pub(crate) use use_press_outside::use_press_outside;
pub(crate) use use_reader::{use_reader, use_today};
pub(crate) use use_records::{ListHandle, use_list, use_records, use_rows};
pub(crate) use use_rows_in_view::{ROW, use_rows_in_view};
pub(crate) use use_saves::{Saves, use_saves};
pub(crate) use use_session::{Live, SessionHandle, use_live, use_session, use_session_provider};
pub(crate) use use_shown_later::{show_later, show_notified_later, use_shown_later};
pub(crate) use use_theme::{Theme, use_theme};
pub(crate) use use_thumbnail::use_thumbnail;
pub(crate) use use_topic::{use_bin, use_drafts, use_entities, use_live_state};
pub(crate) use use_trail::{
    page_shown, use_focus_returned, use_neighbours, use_scroll_restored, use_trail, use_way_back,
};
pub(crate) use use_wanted_view::{VIEWS_CHANGED, WantedView, use_wanted_view, views_changed};
