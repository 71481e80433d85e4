//! Formatted text that is about to be saved, cleaned where it holds nobody up.

use super::*;
use baton_locales::say;
use baton_protocol::form::FormCommand;

/// Formatted text of more bytes is cleaned on a thread of its own.
const CLEANED_INLINE: usize = 16 * 1024;
/// How long that may take.
const CLEAN_TIMEOUT: Duration = Duration::from_secs(10);

impl Forms {
    /// Formatted text that is about to be saved, cleaned before the form is changed: a long one on a thread of its
    /// own, so that nobody else waits for it.
    pub(super) async fn clean_ahead(
        &self,
        loaded: &Loaded,
        session: SessionId,
        command: &Command,
    ) -> Result<BTreeMap<String, String>, Problem> {
        let owner = loaded.form.queue.owner().map(|owner| owner.session);
        let Command::Form {
            command: FormCommand::Save { .. },
            ..
        } = command
        else {
            return Ok(BTreeMap::new());
        };
        if owner != Some(session) || loaded.form.key.kind == FormKind::Entity {
            return Ok(BTreeMap::new());
        }
        let form = &loaded.form;
        let formatted = loaded
            .entity
            .fields
            .iter()
            .filter(|field| field.field_type == FieldType::RichText);
        let texts: Vec<String> = formatted
            .map(|field| form.draft.value(&form.values, &field.name).text().to_owned())
            .collect();
        if texts.iter().map(String::len).sum::<usize>() <= CLEANED_INLINE {
            return Ok(BTreeMap::new());
        }
        cleaned_in_time(texts, clean).await
    }
}

/// Each text with what is left of it, unless that takes too long.
async fn cleaned_in_time(
    texts: Vec<String>,
    clean: impl Fn(&str) -> String + Send + 'static,
) -> Result<BTreeMap<String, String>, Problem> {
    #[expect(
        clippy::disallowed_methods,
        reason = "no history has formatted text, and this may take long"
    )]
    let cleaning = tokio::task::spawn_blocking(move || {
        let cleaned = texts.into_iter().map(|text| {
            let cleaned = clean(&text);
            (text, cleaned)
        });
        cleaned.collect()
    });
    match tokio::time::timeout(CLEAN_TIMEOUT, cleaning).await {
        Ok(Ok(cleaned)) => Ok(cleaned),
        Ok(Err(_)) | Err(_) => {
            let why = say::server::the_formatted_text_took();
            Err(Problem::new(Code::TooLarge, why))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_text_that_takes_too_long_is_refused_with_a_sentence() {
        let cleaned = cleaned_in_time(vec!["<b>a</b>".into()], clean).await.expect("in time");
        assert_eq!(cleaned["<b>a</b>"], "<b>a</b>");
        let (finish, finished) = mpsc::channel::<()>();
        let stuck = move |text: &str| {
            // Until the test is over.
            finished.recv().ok();
            text.to_owned()
        };
        tokio::time::pause();
        let cleaning = cleaned_in_time(vec!["a".into()], stuck);
        let waited = async {
            tokio::time::advance(Duration::from_secs(20)).await;
            tokio::task::yield_now().await;
        };
        let refused = tokio::select! {
            biased;
            cleaned = cleaning => cleaned.expect_err("too long"),
            () = waited => panic!("it is still being cleaned"),
        };
        drop(finish);
        assert_eq!(refused.code, Code::TooLarge);
    }
}
