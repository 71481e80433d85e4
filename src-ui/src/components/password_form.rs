//! Choosing a password of one's own.

use baton_locales::t;
use baton_protocol::desktop::ChangePassword;
use baton_protocol::password;
use baton_protocol::person::{Account, Secret};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::state::submission::Submission;

/// How the present password is known.
#[derive(Clone, PartialEq)]
pub(crate) enum PresentPassword {
    /// Its person enters it; it is called this.
    Asked(&'static str),
    /// It stood in the invitation that they followed.
    Known(Secret),
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PasswordFormProps {
    /// Whose.
    pub(crate) account: Account,
    /// The present password.
    pub(crate) current: PresentPassword,
    /// Whether the server is reached.
    pub(crate) live: bool,
    /// It was changed.
    #[prop_or_default]
    pub(crate) on_changed: Callback<()>,
}

/// What is wrong with the new password, before the server is asked.
fn checked(new: &str, again: &str, account: &Account) -> Result<(), String> {
    password::check(new, &account.email, &account.person.name).map_err(|weak| weak.to_string())?;
    if new == again {
        Ok(())
    } else {
        Err(t::people::new_passwords_differ().into())
    }
}

/// Changes the password to what the inputs hold: the present one, the new one, and that again.
fn submit(
    props: &PasswordFormProps,
    [current, new, again]: [&NodeRef; 3],
    submission: &UseStateHandle<Submission>,
) -> Callback<SubmitEvent> {
    let (fields, account) = ([new.clone(), again.clone()], props.account.clone());
    let (asked, known) = (current.clone(), props.current.clone());
    let (submission, changed) = (submission.setter(), props.on_changed.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let inputs = fields.each_ref().map(|field| field.cast::<HtmlInputElement>());
        let [Some(new), Some(again)] = inputs else {
            return;
        };
        let asked = asked.cast::<HtmlInputElement>();
        let current = match (&known, &asked) {
            (PresentPassword::Known(password), _) => password.0.clone(),
            (PresentPassword::Asked(_), Some(input)) => input.value(),
            (PresentPassword::Asked(_), None) => return,
        };
        if let Err(why) = checked(&new.value(), &again.value(), &account) {
            submission.set(Submission::Refused(why));
            new.focus().ok();
            return;
        }
        let call = ChangePassword {
            current,
            new: new.value(),
        };
        let (submission, changed) = (submission.clone(), changed.clone());
        submission.set(Submission::Sending);
        spawn_local(async move {
            let outcome = backend::call(call).await;
            submission.set(Submission::ended(&outcome));
            match outcome {
                Ok(_) => {
                    for input in [&new, &again].into_iter().chain(&asked) {
                        input.set_value("");
                    }
                    changed.emit(());
                }
                Err(_) => {
                    asked.as_ref().unwrap_or(&new).focus().ok();
                }
            }
        });
    })
}

/// The form.
#[component]
pub(crate) fn PasswordForm(props: &PasswordFormProps) -> Html {
    let (current, new, again) = (use_node_ref(), use_node_ref(), use_node_ref());
    let submission = use_state_eq(Submission::default);
    let onsubmit = submit(props, [&current, &new, &again], &submission);
    let row = |id: &'static str, label: AttrValue, input: &NodeRef, completes: &'static str| {
        html! {
            <div class="pf-v6-c-form__group">
                <label class="baton-label" for={id}>{ label }</label>
                <span class="pf-v6-c-form-control">
                    <input {id} type="password" ref={input.clone()} autocomplete={completes} required=true />
                </span>
            </div>
        }
    };
    html! {
        <form class="pf-v6-c-form" {onsubmit}>
            if let Some(problem) = submission.problem() {
                <div id="password-problem"><Alert inline=true r#type={AlertType::Danger} title={problem.to_owned()} /></div>
            }
            if let PresentPassword::Asked(label) = props.current {
                { row("current-password", label.into(), &current, "current-password") }
            }
            { row("new-password", t::people::new_password().into(), &new, "new-password") }
            { row("new-password-again", t::people::new_password_again().into(), &again, "new-password") }
            <p class="baton-help">{ t::people::password_advice() }</p>
            <div class="baton-actions">
                <Button id="change-password" r#type={ButtonType::Submit} variant={ButtonVariant::Primary}
                    label={t::people::change_password()} disabled={!props.live || submission.is_sending()} loading={submission.is_sending()} />
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::id::UserId;
    use baton_protocol::person::{AccountState, Person, PlaceVisibility, UserRole};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_new_password_is_long_enough_and_typed_twice() {
        let account = Account {
            person: Person {
                id: UserId(Uuid::nil()),
                name: "Anna".into(),
            },
            email: "anna@example.test".into(),
            role: UserRole::Editor,
            state: AccountState::PasswordGiven,
            second_factor: false,
            place: PlaceVisibility::Shown,
        };
        assert!(checked("short", "short", &account).is_err_and(|why| why.contains("10")));
        assert!(checked("four brown socks", "four brown sock", &account).is_err_and(|why| why.contains("differ")));
        assert_eq!(checked("four brown socks", "four brown socks", &account), Ok(()));
    }
}
