//! Formatted text that is about to be saved, cleaned where it holds nobody up.

use super::*;
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
                let why = "The formatted text took too long to be checked. Make it shorter or simpler.";
                Err(Problem::new(Code::TooLarge, why))
            }
        }
    }
}
