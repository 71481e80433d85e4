//! A picture as large as the window allows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_locales::t;
use baton_protocol::file::{FileRef, Source, size_text};
use baton_protocol::message::{DownloadPart, FilePart, Problem};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::{Dialog, Loading};

/// The largest file that is shown; of a larger one a copy is saved.
const MAX_SHOWN: u64 = 32 * 1024 * 1024;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ImageDialogProps {
    pub(super) file: FileRef,
    pub(super) on_close: Callback<()>,
}

/// The picture, over everything else.
#[component]
pub(super) fn ImageDialog(props: &ImageDialogProps) -> Html {
    let ImageDialogProps { file, on_close } = props;
    let shown = use_state_eq(|| None::<Result<AttrValue, String>>);
    {
        let shown = shown.setter();
        use_effect_with(file.clone(), move |file| {
            let file = file.clone();
            spawn_local(async move {
                let bytes = fetch(&file).await;
                shown.set(Some(bytes.map(|bytes| {
                    let media = &file.media;
                    format!("data:{media};base64,{}", STANDARD.encode(bytes)).into()
                })));
            });
        });
    }
    html! {
        <Dialog title={file.name.clone()} on_cancel={on_close.clone()}>
            { match &*shown {
                None => html! { <Loading /> },
                Some(Err(why)) => html! { <p class="baton-error">{ why }</p> },
                Some(Ok(src)) => html! { <img class="baton-whole-picture" id="whole-picture" src={src.clone()} alt={file.name.clone()} /> },
            } }
            <div class="baton-actions">
                <Button id="picture-close" variant={ButtonVariant::Primary} label={t::common::close()} onclick={on_close.reform(|_: MouseEvent| ())} />
            </div>
        </Dialog>
    }
}

async fn fetch(file: &FileRef) -> Result<Vec<u8>, String> {
    if file.size > MAX_SHOWN {
        return Err(t::field::too_large_to_show(size_text(file.size)));
    }
    let source = Source::File(file.hash);
    let mut bytes = Vec::new();
    loop {
        let offset = bytes.len() as u64;
        let part = backend::query(DownloadPart { source, offset }).await;
        let FilePart { data, size } = part.map_err(|problem| problem.message.to_string())?;
        let part = STANDARD
            .decode(data)
            .map_err(|_| Problem::unexpected_answer().message.to_string())?;
        let is_empty = part.is_empty();
        bytes.extend(part);
        if bytes.len() as u64 >= size {
            return Ok(bytes);
        }
        if is_empty {
            return Err(Problem::unexpected_answer().message.to_string());
        }
    }
}
