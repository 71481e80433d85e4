//! Small pictures of files, asked for once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use baton_protocol::file::{FileHash, FileRef};
use baton_protocol::message::{Answer, ToServer};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// How many are remembered; past it all are asked for anew.
const REMEMBERED: usize = 400;

thread_local! {
    static PICTURES: RefCell<BTreeMap<FileHash, AttrValue>> = RefCell::default();
}

fn remembered(hash: FileHash) -> Option<AttrValue> {
    PICTURES.with_borrow(|pictures| pictures.get(&hash).cloned())
}

fn remember(hash: FileHash, picture: AttrValue) {
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
    let shown = use_state_eq(|| None::<(FileHash, AttrValue)>);
    {
        let set = shown.setter();
        use_effect_with(hash, move |hash| {
            if let Some(hash) = *hash
                && remembered(hash).is_none()
            {
                spawn_local(async move {
                    let answer = backend::ask(ToServer::Thumbnail { file: hash }).await;
                    if let Ok(Answer::Thumbnail(Some(data))) = answer {
                        let picture = AttrValue::from(format!("data:image/jpeg;base64,{data}"));
                        remember(hash, picture.clone());
                        set.set(Some((hash, picture)));
                    }
                });
            }
        });
    }
    let hash = hash?;
    remembered(hash).or_else(|| {
        (*shown)
            .clone()
            .filter(|(of, _)| *of == hash)
            .map(|(_, picture)| picture)
    })
}
