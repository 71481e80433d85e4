//! The viewer's own text that the server does not have (semantics 3.8, 5.4): a notice at the form, and the
//! page where its author decides, field by field: what both began with, mine, theirs.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::desktop::PendingEdit;
use baton_protocol::field::{Field, FieldType, MAX_TEXT_BYTES, Value};
use baton_protocol::form::FormSnapshot;
use baton_protocol::history::SavedVersion;
use baton_protocol::message::Problem;
use patternfly_yew::prelude::*;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::components::{Toast, Toaster, use_toaster, words_added};
use crate::hooks::{FormHandle, Saves};
use crate::{format, words};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BranchNoticeProps {
    /// What happened.
    pub(crate) why: String,
    /// The texts, oldest first.
    pub(crate) texts: Vec<PendingEdit>,
    /// Opens the page where the author decides.
    pub(crate) on_look: Callback<MouseEvent>,
}

/// The notice at the form.
#[component]
pub(crate) fn BranchNotice(props: &BranchNoticeProps) -> Html {
    let (title, label) = match props.texts.iter().filter(|text| !text.auto_merge).count() {
        0 => (
            t::conflicts::your_own_text_is_kept().to_owned(),
            t::conflicts::look_at_it(),
        ),
        fields => (
            t::conflicts::fields_wait_for_you(fields),
            t::conflicts::compare_and_decide(),
        ),
    };
    html! {
        <div class="baton-notice" id="pending">
            <Alert inline=true r#type={AlertType::Warning} {title}>
                <p>{ &props.why }</p>
                <Button id="decide" variant={ButtonVariant::Secondary} onclick={props.on_look.clone()} {label} />
            </Alert>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ConflictsProps {
    /// The texts, oldest first.
    pub(crate) texts: Vec<PendingEdit>,
    /// The form that they were typed into.
    pub(crate) view: Rc<FormSnapshot>,
    /// The way to use and to drop them.
    pub(crate) form: FormHandle,
    /// The saves of the form, once they are read.
    pub(crate) saves: Option<Saves>,
}

/// Who made the field what the form says now, and when: "Ben, 24 Nov, 19:05" (4.4).
fn last_change(view: &FormSnapshot, saves: &[SavedVersion], field: &str) -> Option<String> {
    if let Some(unsaved) = view.draft.fields.get(field) {
        return Some(t::conflicts::by_not_saved_yet(&unsaved.author.name));
    }
    let save = saves
        .iter()
        .find(|save| save.fields.iter().any(|changed| changed.field == field))?;
    Some(format!("{}, {}", save.saved.by.name, format::moment(save.saved.at)))
}

/// The page.
#[component]
pub(crate) fn Conflicts(props: &ConflictsProps) -> Html {
    let order = props.view.fields();
    let place = |text: &PendingEdit| order.iter().position(|field| field.name == text.field);
    let saves = props.saves.clone().and_then(Result::ok).unwrap_or_default();
    let mut texts = props.texts.clone();
    // Fields that the form has no more come last.
    texts.sort_by_key(|text| place(text).unwrap_or(usize::MAX));
    html! {
        <section class="baton-conflicts" aria-label={t::conflicts::your_text_and_the_forms()}>
            <p class="baton-quiet">
                { t::conflicts::nothing_is_lost() }
            </p>
            { for texts.iter().map(|text| html! {
                <Conflict key={format!("{}-{}", text.field, text.value.text())} text={text.clone()}
                    changed={last_change(&props.view, &saves, &text.field)} view={props.view.clone()} form={props.form.clone()} />
            }) }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ConflictProps {
    text: PendingEdit,
    /// Who changed the field in the form, and when.
    changed: Option<String>,
    view: Rc<FormSnapshot>,
    form: FormHandle,
}

/// Theirs, and mine behind it; `None` where one field does not hold both.
fn both(field: &Field, theirs: &Value, mine: &Value) -> Option<Value> {
    let between = match field.field_type {
        FieldType::Text => " ",
        FieldType::Textarea => "\n",
        FieldType::RichText => "",
        FieldType::Email
        | FieldType::Url
        | FieldType::Number
        | FieldType::Boolean
        | FieldType::Date
        | FieldType::DateTime
        | FieldType::Select
        | FieldType::Radio
        | FieldType::Checkboxes
        | FieldType::Relation
        | FieldType::File
        | FieldType::Image => return None,
    };
    if theirs.is_blank() || mine.is_blank() {
        return None;
    }
    let both = format!("{}{between}{}", theirs.text(), mine.text());
    let fits = field.max_length.is_none_or(|most| both.chars().count() <= most);
    (fits && both.len() <= MAX_TEXT_BYTES).then(|| Value::from_text(both))
}

/// Decides, and then offers to take that back. The form says the value, or stays as it is.
#[hook]
fn use_decide(form: &FormHandle, text: &PendingEdit, theirs: &Value, label: &str) -> Callback<Option<Value>> {
    const SUBJECT: &str = "decision";
    let toaster = use_toaster();
    let (form, text, theirs, label) = (form.clone(), text.clone(), theirs.clone(), label.to_owned());
    Callback::from(move |take: Option<Value>| {
        let taken = take.clone().map(|taken| (theirs.clone(), taken));
        let (toaster, label) = (toaster.clone(), label.clone());
        let undo = |toaster: Toaster| {
            let (form, text) = (form.clone(), text.clone());
            Callback::from(move |()| {
                let toaster = toaster.clone();
                let refused =
                    Callback::from(move |problem: Problem| toaster.failed(SUBJECT, problem.message.to_string()));
                form.undo_decision(&text, taken.clone(), refused);
            })
        };
        let undo = toaster.clone().map(undo);
        form.decide(&text, take, move || {
            if let (Some(toaster), Some(undo)) = (toaster, undo) {
                toaster.show(Toast {
                    action: Some((t::common::undo().into(), undo)),
                    ..Toast::new(SUBJECT, AlertType::Info, t::conflicts::decided(&label))
                });
            }
        });
    })
}

/// One field: base, mine, theirs, and what its author can do.
#[component]
fn Conflict(props: &ConflictProps) -> Html {
    let ConflictProps {
        text,
        changed,
        view,
        form,
    } = props;
    let editing = use_state_eq(|| false);
    let field = view.field(&text.field);
    let label = field
        .as_ref()
        .map_or_else(|| text.field.clone(), |field| field.label.clone());
    let theirs = view.value(&text.field).clone();
    let words = |value: &Value| words::form_value(view, &text.field, value);
    let decide = use_decide(form, text, &theirs, &label);
    let drop = decide.reform(|()| None);
    let take = field.clone().filter(|_| view.can_edit()).map(|_| decide.reform(Some));
    let toggle = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(!*editing))
    };
    let mine = text.value.clone();
    let both = field.as_ref().and_then(|field| both(field, &theirs, &mine));
    let theirs_label = if take.is_some() {
        t::conflicts::take_theirs()
    } else {
        t::conflicts::drop_mine()
    };
    html! {
        <article class="baton-conflict" data-conflict={text.field.clone()}>
            <h2 class="pf-v6-c-title pf-m-md">{ label }</h2>
            <div class="baton-sides">
                <Side side="before" title={t::conflicts::before()} text={words(&text.base)} />
                <Side side="mine" title={t::conflicts::mine()} text={words(&text.value)} before={words(&text.base)} />
                <Side side="theirs" title={t::conflicts::theirs()} text={words(&theirs)} before={words(&text.base)} whose={changed.clone().unwrap_or_default()} />
            </div>
            if let (true, Some(take)) = (*editing, &take) {
                <Editor mine={text.value.clone()} field={field.clone()} take={take.clone()} />
            }
            <div class="baton-pending-actions">
                if let Some(take) = &take {
                    <Button class="baton-take-mine" variant={ButtonVariant::Primary} label={t::conflicts::take_mine()}
                        onclick={take.reform(move |_: MouseEvent| mine.clone())} />
                }
                <Button class="baton-take-theirs" variant={ButtonVariant::Secondary} label={theirs_label}
                    onclick={drop.reform(|_: MouseEvent| ())} />
                if let (Some(take), Some(both)) = (&take, both) {
                    <Button class="baton-take-both" variant={ButtonVariant::Secondary} label={t::conflicts::keep_both()}
                        onclick={take.reform(move |_: MouseEvent| both.clone())} />
                }
                if take.is_some() && field.as_ref().is_some_and(|field| field.field_type.info().spliced) {
                    <Button class="baton-take-edited" variant={ButtonVariant::Link} onclick={toggle}
                        label={if *editing { t::conflicts::do_not_edit() } else { t::common::edit() }} />
                }
            </div>
            if field.is_none() {
                <p class="baton-help">{ t::conflicts::no_such_field_any_more() }</p>
            } else if take.is_none() {
                <p class="baton-help">{ t::conflicts::as_soon_as_you_edit() }</p>
            }
        </article>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct KeptWithoutFormProps {
    /// The texts, oldest first.
    pub(crate) texts: Vec<PendingEdit>,
    /// The way to drop them.
    pub(crate) form: FormHandle,
}

/// Texts of a form that cannot be shown any more: to be copied and dropped.
#[component]
pub(crate) fn KeptWithoutForm(props: &KeptWithoutFormProps) -> Html {
    html! {
        <section class="baton-conflicts" id="kept-without-form">
            { for props.texts.iter().map(|text| {
                let drop = {
                    let (form, text) = (props.form.clone(), text.clone());
                    Callback::from(move |_: MouseEvent| form.decide(&text, None, || {}))
                };
                html! {
                    <article class="baton-conflict" key={format!("{}-{}", text.field, text.value.text())}
                        data-conflict={text.field.clone()}>
                        <Side side="mine" title={t::conflicts::mine()} text={words::value(None, &text.value)} />
                        <div class="baton-pending-actions">
                            <Button class="baton-take-theirs" variant={ButtonVariant::Secondary} onclick={drop} label={t::conflicts::drop_mine()} />
                        </div>
                    </article>
                }
            }) }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SideProps {
    title: &'static str,
    /// Which side it is, for tests.
    side: &'static str,
    /// The value in words.
    text: String,
    /// What it is compared with.
    #[prop_or_default]
    before: Option<String>,
    /// Who made it what it is, and when; empty until it is known: its line is there from the start, so that no button
    /// moves away from under the pointer.
    #[prop_or_default]
    whose: Option<String>,
}

#[component]
fn Side(props: &SideProps) -> Html {
    let empty = props.text.is_empty();
    let shown = words_added(props.before.as_ref().unwrap_or(&props.text), &props.text);
    html! {
        <div class="baton-side-text" data-side={props.side}>
            <h3 class="baton-label">{ props.title }</h3>
            if let Some(whose) = &props.whose {
                <span class="baton-quiet baton-whose">{ if whose.is_empty() { "\u{a0}" } else { whose } }</span>
            }
            if empty {
                <p class="baton-quiet">{ t::conflicts::empty() }</p>
            } else {
                <p class="baton-difference">{ shown }</p>
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct EditorProps {
    mine: Value,
    field: Option<Field>,
    take: Callback<Value>,
}

/// Mine, to be brought together with theirs by hand.
#[component]
fn Editor(props: &EditorProps) -> Html {
    let input = use_node_ref();
    let done = {
        let (input, take) = (input.clone(), props.take.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlTextAreaElement>() {
                take.emit(Value::from_text(input.value()));
            }
        })
    };
    let label = props
        .field
        .as_ref()
        .map_or(t::conflicts::text(), |field| field.label.as_str());
    html! {
        <div class="baton-conflict-editor">
            <span class="pf-v6-c-form-control pf-m-textarea">
                <textarea ref={input} rows="4" aria-label={label.to_owned()} value={props.mine.text().to_owned()} />
            </span>
            <Button variant={ButtonVariant::Primary} onclick={done} label={t::conflicts::use_this_text()} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_are_joined_where_one_field_holds_both() {
        let both = |field_type, theirs: &str, mine: &str| {
            let field = Field {
                max_length: Some(12),
                ..Field::new("a", "A", field_type)
            };
            let value = |text: &str| Value::from_text(text.to_owned());
            both(&field, &value(theirs), &value(mine)).map(|both| both.text().to_owned())
        };
        assert_eq!(both(FieldType::Text, "blue", "green").as_deref(), Some("blue green"));
        assert_eq!(
            both(FieldType::Textarea, "blue", "green").as_deref(),
            Some("blue\ngreen")
        );
        assert_eq!(
            both(FieldType::RichText, "<p>a</p>", "").as_deref(),
            None,
            "there is only one"
        );
        assert_eq!(both(FieldType::Text, "turquoise", "green"), None, "it is too long");
        assert_eq!(both(FieldType::Number, "1", "2"), None);
    }
}
