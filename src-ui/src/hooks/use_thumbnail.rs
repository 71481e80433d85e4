//! Small pictures of files, asked for once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use baton_protocol::file::{FileHash, FileRef};
use baton_protocol::message::GetThumbnail;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::hooks::use_live;

/// How many are remembered; past it all are asked for anew.
const REMEMBERED: usize = 400;

thread_local! {
    /// Nothing for a file of which there is none.
    static PICTURES: RefCell<BTreeMap<FileHash, Option<AttrValue>>> = RefCell::default();
}

fn remembered(hash: FileHash) -> Option<Option<AttrValue>> {
    PICTURES.with_borrow(|pictures| pictures.get(&hash).cloned())
}

fn remember(hash: FileHash, picture: Option<AttrValue>) {
    PICTURES.with_borrow_mut(|pictures| {
        if pictures.len() >= REMEMBERED {
            pictures.clear();
        }
        pictures.insert(hash, picture);
    });
}

/// The address of a small picture of the file; nothing for what is no picture, and until it is there.
#[hook]
pub(crate) fn use_thumbnail(file: Option<&FileRef>) -> Option<AttrValue> {
    let hash = file.filter(|file| file.is_picture()).map(|file| file.hash);
    // Its own copy: what all remember may be forgotten.
    let shown = use_state_eq(|| hash.and_then(|hash| Some((hash, remembered(hash)?))));
    {
        let set = shown.setter();
        let live = use_live();
        use_effect_with((hash, live), move |(hash, _)| {
            let Some(hash) = *hash else { return };
            if let Some(picture) = remembered(hash) {
                set.set(Some((hash, picture)));
                return;
            }
            spawn_local(async move {
                if let Ok(data) = backend::query(GetThumbnail { file: hash }).await {
                    let picture = data.map(|data| AttrValue::from(format!("data:image/jpeg;base64,{data}")));
                    remember(hash, picture.clone());
                    set.set(Some((hash, picture)));
                }
            });
        });
    }
    let (of, picture) = (*shown).clone()?;
    picture.filter(|_| Some(of) == hash)
}
