//! Links from outside that lead to a record, or let somebody in.

use baton_locales::t;
use baton_protocol::desktop::{Destination, UiEvent};
use baton_protocol::invitation::{Invitation, NoInvitation};
use baton_protocol::message::{Code, Problem};
use baton_protocol::record_link::{NoRecordLink, RecordLink};

use super::{Core, Effect, Reply};
use crate::address;

impl Core {
    /// Shows the record that a link names, in the window that asks. It opens read-only, and the server in
    /// use stays the same: a link comes from anybody.
    pub(super) fn follow_link(&mut self, link: &str) -> Result<Reply, Problem> {
        if Invitation::is_meant(link) {
            return self.show_invitation(link);
        }
        let link: RecordLink = link
            .parse()
            .map_err(|error: NoRecordLink| Problem::new(Code::Malformed, error.to_string()))?;
        let Some(here) = self.sign_in.server() else {
            let why = t::engine::address_first_then_the_link();
            return Err(Problem::new(Code::Forbidden, why));
        };
        if let Some(there) = link.server.as_deref().filter(|there| !is_same_server(there, here)) {
            let why = t::engine::link_of_another_server(there, here);
            return Err(Problem::new(Code::Forbidden, why));
        }
        let go = UiEvent::Navigate(Destination::Record {
            entity: link.entity,
            record: link.record,
            field: None,
        });
        self.effects.push(Effect::EmitTo(self.window, go));
        Ok(Reply::Done)
    }

    /// Shows whom an invitation is for and where. Nothing is done before the person there accepts it.
    fn show_invitation(&mut self, link: &str) -> Result<Reply, Problem> {
        let mut invitation: Invitation = link
            .parse()
            .map_err(|error: NoInvitation| Problem::new(Code::Malformed, error.to_string()))?;
        if let Some(account) = self.sign_in.account() {
            let why = t::engine::invitation_while_signed_in(&account.person.name, &invitation.email);
            return Err(Problem::new(Code::Forbidden, why));
        }
        if let Some(here) = self.sign_in.server() {
            if is_same_server(&invitation.server, here) {
                here.clone_into(&mut invitation.server);
            } else if self.sign_in.is_server_locked() {
                let why = t::engine::invitation_of_another_server(&invitation.server, here);
                return Err(Problem::new(Code::Forbidden, why));
            }
        }
        self.effects
            .push(Effect::EmitTo(self.window, UiEvent::Invitation(invitation)));
        Ok(Reply::Done)
    }
}

/// Whether two addresses, however they were written, are one server's.
fn is_same_server(one: &str, other: &str) -> bool {
    let full = |written: &str| address::web_socket(&written.to_ascii_lowercase(), true);
    matches!((full(one), full(other)), (Ok(one), Ok(other)) if one == other)
}
