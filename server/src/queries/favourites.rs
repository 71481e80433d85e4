//! The records that a person wants at hand.

use baton_locales::say;
use baton_protocol::list::{Favourite, MAX_FAVOURITES};
use baton_protocol::message::{Code, Problem, SetFavourite, ToClient};

use super::comments::entity_of;
use crate::app::App;
use crate::rights::SignedIn;
use crate::store::{RecordMark, Write};

/// The viewer's favourites: of records that they still see.
pub(crate) async fn all(app: &App, viewer: &SignedIn) -> Result<Vec<Favourite>, Problem> {
    let mut favourites = app.store.favourites(viewer.id()).await?;
    favourites.retain(|favourite| {
        let entity = app.bus.definitions().get(favourite.entity);
        entity.is_some_and(|entity| viewer.rights().sees(&entity))
    });
    Ok(favourites)
}

/// A record is one of the viewer's favourites from now on, or no more.
pub(crate) async fn set(app: &App, viewer: &SignedIn, query: SetFavourite) -> Result<(), Problem> {
    let SetFavourite { record, favourite } = query;
    if favourite {
        entity_of(app, viewer, record).await?;
        let others = app.store.favourites(viewer.id()).await?;
        if others.iter().filter(|other| other.record != record).count() >= MAX_FAVOURITES {
            let why = say::server::too_many_favourites(MAX_FAVOURITES);
            return Err(Problem::new(Code::TooLarge, why));
        }
    }
    let write = Write::Mark(viewer.id(), record, RecordMark::Favourite, favourite);
    app.store.write(write).await?;
    app.bus.publish_to_person(viewer.id(), &ToClient::FavouritesChanged);
    Ok(())
}
