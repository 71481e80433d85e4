//! Files: chosen or let go over the field, brought with progress, shown by what they are.

use baton_locales::t;
use baton_protocol::desktop::SaveDownload;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::file::{FileHash, FileRef, PICTURES, Source, name_of, size_text};
use baton_protocol::id::OpId;
use baton_protocol::message::{CommitUpload, Problem};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::FieldInputProps;
use super::image_dialog::ImageDialog;
use crate::backend;
use crate::components::use_toaster;
use crate::hooks::use_thumbnail;
use crate::upload::{Stop, send, size_of};

/// What stands for a file that is no picture, or whose picture is not there yet.
fn icon_of(file: &FileRef) -> &'static str {
    match (file.media.split('/').next().unwrap_or_default(), file.ending().as_str()) {
        ("image", _) => "fas fa-file-image",
        ("audio", _) => "fas fa-file-audio",
        ("video", _) => "fas fa-file-video",
        (_, "pdf") => "fas fa-file-pdf",
        (_, "doc" | "docx" | "odt") => "fas fa-file-word",
        (_, "xls" | "xlsx" | "ods" | "csv") => "fas fa-file-excel",
        (_, "ppt" | "pptx" | "odp") => "fas fa-file-powerpoint",
        (_, "zip" | "gz" | "7z") => "fas fa-file-archive",
        ("text", _) => "fas fa-file-alt",
        _ => "fas fa-file",
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FileNameProps {
    /// The file.
    pub(crate) file: FileRef,
}

/// A file in a list's cell: a small picture or an icon, and its name.
#[component]
pub(crate) fn FileName(props: &FileNameProps) -> Html {
    let FileNameProps { file } = props;
    let thumbnail = use_thumbnail(Some(file));
    html! {
        <span class="baton-file-name">
            { image(file, thumbnail) }
            <span>{ &file.name }</span>
        </span>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct CardImageProps {
    /// The file, if there is one.
    pub(crate) file: Option<FileRef>,
}

/// The image on a card of a gallery.
#[component]
pub(crate) fn CardImage(props: &CardImageProps) -> Html {
    let CardImageProps { file } = props;
    let thumbnail = use_thumbnail(file.as_ref());
    html! {
        <div class="baton-card-image">
            { match (file, thumbnail) {
                (Some(file), Some(src)) => html! { <img {src} alt={file.name.clone()} /> },
                (Some(file), None) => html! { <i class={icon_of(file)} aria-label={file.name.clone()} role="img" /> },
                (None, _) => html! { <i class="fas fa-image" aria-hidden="true" /> },
            } }
        </div>
    }
}

fn image(file: &FileRef, thumbnail: Option<AttrValue>) -> Html {
    match thumbnail {
        // Its name stands beside it.
        Some(src) => html! { <img class="baton-thumbnail" {src} alt="" /> },
        None => html! { <i class={classes!("baton-file-icon", icon_of(file))} aria-hidden="true" /> },
    }
}

/// What the file dialog offers.
fn accepted(field: &Field) -> String {
    if field.field_type == FieldType::Image {
        return PICTURES.join(",");
    }
    let endings = field.allowed_extensions().into_iter();
    endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(",")
}

/// Whether the field would take the file, before it is sent anywhere.
fn fits(field: &Field, file: &File) -> Result<(), String> {
    let media = match file.type_() {
        unknown if unknown.is_empty() => "application/octet-stream".to_owned(),
        media => media,
    };
    let named = FileRef {
        hash: FileHash([0; 32]),
        size: size_of(file),
        media,
        name: name_of(&file.name()),
    };
    let checked = field.check(&Value::from_text(named.to_string()), false);
    checked.map_err(|why| why.to_string())
}

async fn commit(file: &File, stop: &Stop, progress: impl Fn(u64, u64)) -> Result<Option<FileRef>, Problem> {
    let Some(upload) = send(file, stop, progress).await? else {
        return Ok(None);
    };
    let name = file.name();
    let op = OpId(Uuid::now_v7());
    Ok(Some(backend::query(CommitUpload { op, upload, name }).await?))
}

/// The input.
#[component]
pub(super) fn FileField(props: &FieldInputProps) -> Html {
    let file = FileRef::parse(props.value.text());
    let Sending {
        sending,
        problem,
        take,
        cancel,
    } = use_sending(props);
    let choose = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                take.emit(file);
            }
            // The same file can be chosen again.
            input.set_value("");
        })
    };
    let let_go = {
        let (take, can_edit) = (take, props.can_edit);
        Callback::from(move |event: DragEvent| {
            let files = event.data_transfer().and_then(|data| data.files());
            if let Some(file) = files.and_then(|files| files.get(0)).filter(|_| can_edit) {
                event.prevent_default();
                take.emit(file);
            }
        })
    };
    let remove = props.on_input.reform(|_: MouseEvent| Value::Empty);
    let described = props.described.clone();
    html! {
        <div class="baton-file" data-file={props.field.name.clone()} ondrop={let_go}>
            if let Some(file) = &file {
                <FileCard file={file.clone()} label={props.field.label.clone()} on_remove={props.can_edit.then_some(remove)} />
            } else if !props.can_edit {
                <p class="baton-quiet">{ t::field::no_file() }</p>
            } else if !props.value.is_blank() {
                <p class="baton-quiet">{ props.value.text().to_owned() }</p>
            }
            if let Some((there, size)) = *sending {
                <div class="baton-file-sending" role="status">
                    <progress max={size.max(1).to_string()} value={there.to_string()} aria-label={t::field::sending_the_file()} />
                    <span>{ t::field::sent_of(size_text(there), size_text(size)) }</span>
                    <button type="button" class="baton-tool" onclick={cancel}>{ t::common::cancel() }</button>
                </div>
            } else if props.can_edit {
                <label class={classes!("baton-tool", "baton-file-choose", props.invalid.then_some("baton-wrong"))}>
                    <i class="fas fa-upload" aria-hidden="true" />
                    { if file.is_some() { t::field::choose_another_file() } else { t::field::choose_a_file() } }
                    <input type="file" id={props.id.clone()} data-field={props.field.name.clone()}
                        accept={accepted(&props.field)} aria-label={props.field.label.clone()}
                        aria-describedby={described} onchange={choose} />
                </label>
            }
            if let Some(problem) = &*problem {
                <p class="baton-error" role="alert" data-file-problem={props.field.name.clone()}>{ problem }</p>
            }
        </div>
    }
}

/// A file on its way into the field.
struct Sending {
    /// How much of it is there, and of how much.
    sending: UseStateHandle<Option<(u64, u64)>>,
    problem: UseStateHandle<Option<String>>,
    take: Callback<File>,
    cancel: Callback<MouseEvent>,
}

#[hook]
fn use_sending(props: &FieldInputProps) -> Sending {
    let sending = use_state_eq(|| None::<(u64, u64)>);
    let problem = use_state_eq(|| None::<String>);
    let stop = use_mut_ref(Stop::default);
    // What holds when the file is there may not be what held when it was chosen.
    let latest = use_mut_ref(|| props.clone());
    *latest.borrow_mut() = props.clone();
    {
        let stop = stop.clone();
        use_effect_with((), move |()| move || stop.borrow().stop());
    }
    let take = {
        let (sending, problem, stop, latest) = (sending.setter(), problem.setter(), stop.clone(), latest.clone());
        Callback::from(move |file: File| {
            if let Err(why) = fits(&latest.borrow().field, &file) {
                problem.set(Some(why));
                return;
            }
            stop.borrow().stop();
            let mine = Stop::default();
            *stop.borrow_mut() = mine.clone();
            problem.set(None);
            sending.set(Some((0, size_of(&file))));
            let (sending, problem, latest) = (sending.clone(), problem.clone(), latest.clone());
            spawn_local(async move {
                let progress = {
                    let (sending, mine) = (sending.clone(), mine.clone());
                    move |there, size| {
                        if !mine.stopped() {
                            sending.set(Some((there, size)));
                        }
                    }
                };
                let outcome = commit(&file, &mine, progress).await;
                if mine.stopped() {
                    return;
                }
                sending.set(None);
                let props = latest.borrow().clone();
                match outcome {
                    Ok(Some(file)) if props.can_edit => props.on_input.emit(Value::from_text(file.to_string())),
                    Ok(Some(file)) => problem.set(Some(t::field::not_put_in(&file.name))),
                    Ok(None) => {}
                    Err(why) => problem.set(Some(why.message.to_string())),
                }
            });
        })
    };
    let cancel = {
        let (stop, sending) = (stop.clone(), sending.setter());
        Callback::from(move |_: MouseEvent| {
            stop.borrow().stop();
            sending.set(None);
        })
    };
    Sending {
        sending,
        problem,
        take,
        cancel,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FileCardProps {
    file: FileRef,
    /// What the field is called.
    label: String,
    on_remove: Option<Callback<MouseEvent>>,
}

/// A file that the field has, with what can be done with it.
#[component]
fn FileCard(props: &FileCardProps) -> Html {
    let FileCardProps { file, label, .. } = props;
    let thumbnail = use_thumbnail(Some(file));
    let toaster = use_toaster();
    let save = {
        let file = file.clone();
        Callback::from(move |_: MouseEvent| {
            let (toaster, call) = (
                toaster.clone(),
                SaveDownload {
                    source: Source::File(file.hash),
                    name: file.name.clone(),
                },
            );
            spawn_local(async move {
                let kept = backend::call(call).await;
                if let Some(toaster) = toaster {
                    toaster.saved("copy", kept.as_deref());
                }
            });
        })
    };
    let enlarged = use_state_eq(|| false);
    let enlarge = |to: bool| {
        let enlarged = enlarged.setter();
        Callback::from(move |()| enlarged.set(to))
    };
    let shown = image(file, thumbnail);
    html! {
        <div class="baton-file-card" data-kept={file.name.clone()}>
            if file.is_picture() {
                <button type="button" class="baton-enlarge" data-enlarge={file.name.clone()} title={t::field::show_it_large()}
                    aria-label={t::field::show_file_large(&file.name)} onclick={enlarge(true).reform(|_: MouseEvent| ())}>
                    { shown }
                </button>
            } else {
                { shown }
            }
            if *enlarged {
                <ImageDialog file={file.clone()} on_close={enlarge(false)} />
            }
            <div class="baton-file-about">
                <strong>{ &file.name }</strong>
                <span class="baton-quiet">{ size_text(file.size) }</span>
            </div>
            <span class="baton-push" />
            <button type="button" class="baton-tool" onclick={save} data-save-copy={file.name.clone()}
                aria-label={t::field::save_a_copy_of(&file.name)}>
                <i class="fas fa-download" aria-hidden="true" />
                { t::field::save_a_copy() }
            </button>
            if let Some(onclick) = props.on_remove.clone() {
                <button type="button" class="baton-tool" {onclick} aria-label={t::field::take_file_out_of(&file.name, label)}>
                    <i class="fas fa-trash" aria-hidden="true" />
                </button>
            }
        </div>
    }
}
