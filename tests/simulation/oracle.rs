//! The oracle: watches every commit, every acknowledgement and every picture, and knows nothing of how
//! the server works. It reads what is stored as plain JSON.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_protocol::codec;
use baton_protocol::form::Form;
use baton_protocol::id::{FormKey, Seq};
use baton_protocol::message::{Event, Topic};
use baton_server::store::FormWrite;
use serde_json::Value as Json;

/// How long the place of a broken connection is held in these histories.
pub(crate) const GRACE: Duration = Duration::from_secs(2);

/// Shared by the disk, the desktops and the world.
pub(crate) type SharedOracle = Arc<Mutex<Oracle>>;

/// What histories covered.
#[derive(Default, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Covered {
    pub(crate) commits: u64,
    pub(crate) accepted: u64,
    pub(crate) pictures: u64,
    pub(crate) passings: u64,
    pub(crate) saves: u64,
    pub(crate) events: u64,
    /// Sentences about what somebody did that were found true.
    pub(crate) claims: u64,
    pub(crate) faults: BTreeMap<&'static str, u64>,
    /// A digest of everything that was committed and when.
    pub(crate) history: u64,
}

impl Covered {
    pub(crate) fn add(&mut self, other: &Self) {
        self.commits += other.commits;
        self.accepted += other.accepted;
        self.pictures += other.pictures;
        self.passings += other.passings;
        self.saves += other.saves;
        self.events += other.events;
        self.claims += other.claims;
        for (fault, count) in &other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
    }
}

impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            commits,
            accepted,
            pictures,
            passings,
            saves,
            events,
            claims,
            faults,
            ..
        } = self;
        write!(
            f,
            "{commits} commits, {accepted} acknowledged changes, {pictures} pictures compared, {passings} changes of \
             owner, {saves} saves, {events} events to lists, {claims} sentences about others; faults {faults:?}"
        )
    }
}

/// An editor as it is stored.
#[derive(Clone, PartialEq, Debug)]
struct Editor {
    ticket: u64,
    session: String,
    person: String,
    held: bool,
}

#[derive(Clone, Default, Debug)]
struct Stored {
    rev: u64,
    fence: u64,
    version: u64,
    /// What the form shows: the draft's text, or the saved one.
    text: String,
    saved: String,
    editors: Vec<Editor>,
    /// Whose unsaved changes there are.
    authors: Vec<String>,
}

/// Everything that was seen of one form.
#[derive(Default, Debug)]
struct Seen {
    now: Stored,
    /// The text at each rev.
    texts: BTreeMap<u64, String>,
    /// Tokens that were in a discarded draft.
    discarded: BTreeSet<String>,
    /// Tokens whose change was acknowledged to their author.
    acknowledged: BTreeSet<String>,
    /// Everybody who owned it so far, and everybody whose change was accepted.
    owned: BTreeSet<String>,
    typed: BTreeSet<String>,
}

/// What is known of the desktops and lines, to judge promptness.
#[derive(Default, Debug)]
pub(crate) struct Oracle {
    forms: BTreeMap<FormKey, Seen>,
    /// Sessions that will not come back: since when, and whether they said goodbye.
    gone: BTreeMap<String, (Duration, bool)>,
    /// The event at each place of the log.
    log: BTreeMap<u64, (Topic, String)>,
    pub(crate) now: Duration,
    /// Nothing that could delay a promotion has been wrong since then.
    pub(crate) calm_since: Duration,
    pub(crate) covered: Covered,
    digest: DefaultHasher,
}

/// The tokens of a text, in its order. Each keystroke of a history is one, like `<b12>`.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let ends: Vec<&str> = text.split('>').collect();
    let all = ends.iter().take(ends.len() - 1);
    all.map(|piece| format!("{}>", piece.trim())).collect()
}

impl Oracle {
    /// A form's beginning.
    pub(crate) fn begins(&mut self, form: FormKey, version: u64) {
        let seen = self.forms.entry(form).or_default();
        seen.now.version = version;
        seen.texts.insert(0, String::new());
    }

    /// Something was committed, and this is what is stored of the form now; the disk calls this at the moment
    /// when it is.
    pub(crate) fn committed(&mut self, write: &FormWrite, state: &Form) {
        let seen = self.forms.get_mut(&write.key).expect("a form of the history");
        let before = seen.now.clone();
        let now = stored(write, state, &before);
        self.covered.commits += 1;
        (self.now, &now.rev, &now.fence, &now.version, &now.text).hash(&mut self.digest);

        check_numbers(&before, &now);
        let mut added = check_text(&before, &now);
        // What the undo of a discard brings back is nobody's new change.
        added.retain(|token| !seen.discarded.contains(token));
        if !added.is_empty() {
            // G1: only who owned the form before this commit may have added to it.
            let owner = before.editors.first().expect("G1: a change without an owner");
            for token in &added {
                assert!(
                    token[1..].starts_with(&owner.person),
                    "G1: {token} was accepted while {} owned",
                    owner.person
                );
            }
        }
        check_order(&before, &now);
        if now.fence != before.fence {
            self.covered.passings += 1;
        }
        if now.version != before.version {
            self.covered.saves += 1;
        }
        seen.owned.extend(now.editors.first().map(|owner| owner.person.clone()));
        seen.typed.extend(now.authors.iter().cloned());
        let lost: BTreeSet<_> = tokens(&before.text).into_iter().collect();
        let kept: BTreeSet<_> = tokens(&now.text).into_iter().collect();
        if now.rev != before.rev && added.is_empty() {
            seen.discarded.extend(lost.difference(&kept).cloned());
        }
        let missing = seen
            .acknowledged
            .iter()
            .find(|token| !kept.contains(*token) && !seen.discarded.contains(*token));
        assert_eq!(missing, None, "G3: an acknowledged change is gone from {}", write.key);
        seen.texts.insert(now.rev, now.text.clone());
        seen.now = now;
    }

    /// A change was acknowledged to its author.
    pub(crate) fn acknowledged(&mut self, form: FormKey, typed: Vec<String>) {
        let seen = self.forms.get_mut(&form).expect("a form of the history");
        let kept: BTreeSet<_> = tokens(&seen.now.text).into_iter().collect();
        for token in typed {
            let durable = kept.contains(&token) || seen.discarded.contains(&token);
            assert!(durable, "G3: {token} was acknowledged before it was durable");
            seen.acknowledged.insert(token);
            self.covered.accepted += 1;
        }
    }

    /// A desktop shows this, with nothing of its own unsent in it.
    pub(crate) fn shown(&mut self, who: &str, form: FormKey, rev: u64, text: &str) {
        self.covered.pictures += 1;
        let seen = self.forms.get(&form).expect("a form of the history");
        let truth = seen.texts.get(&rev);
        assert_eq!(
            truth.map(String::as_str),
            Some(text),
            "G4: what {who} sees at rev {rev}"
        );
    }

    /// A sentence about a form that names somebody, or says what was done to it: it must be true, and what is said
    /// of somebody else is never said of the reader (semantics 3.7).
    pub(crate) fn claimed(&mut self, reader: &str, form: FormKey, sentence: &str) {
        let seen = self.forms.get(&form).expect("a form of the history");
        let claims = [
            (" took over while you were away.", &seen.owned),
            (" is editing.", &seen.owned),
            (" changed the same.", &seen.typed),
        ];
        for (claim, who) in claims {
            if let Some((name, _)) = sentence.split_once(claim) {
                assert_ne!(name, reader, "untrue of the reader: {sentence}");
                assert!(who.contains(name), "{reader} read about {form}: {sentence}");
                self.covered.claims += 1;
            }
        }
    }

    /// A sentence that says with whose changes something was not saved.
    pub(crate) fn claimed_unsaved(&mut self, reader: &str, sentence: &str) {
        let Some((_, names)) = sentence.split_once("it has unsaved changes of ") else {
            return;
        };
        let names = names.split(" too.").next().unwrap_or_default();
        assert!(!names.is_empty(), "nobody is named to {reader}: {sentence}");
        for name in names.split(" and ") {
            assert_ne!(name, reader, "untrue of the reader: {sentence}");
            let typed = self.forms.values().any(|seen| seen.typed.contains(name));
            assert!(typed, "{reader} read: {sentence}");
        }
        self.covered.claims += 1;
    }

    /// An entry of the change log.
    pub(crate) fn logged(&mut self, seq: Seq, topic: Topic, event: &Event) {
        self.covered.events += 1;
        self.log.insert(seq.0, (topic, format!("{event:?}")));
    }

    /// A session that will never come back.
    pub(crate) fn gone(&mut self, session: &str, politely: bool) {
        self.gone.entry(session.into()).or_insert((self.now, politely));
    }

    /// After every step: whoever waits behind somebody who is gone is promoted in time (G6).
    pub(crate) fn step(&self) {
        for (form, seen) in &self.forms {
            let Some((owner, waiting)) = seen.now.editors.split_first() else {
                continue;
            };
            let Some((since, politely)) = self.gone.get(&owner.session) else {
                continue;
            };
            let somebody = waiting
                .iter()
                .any(|editor| !editor.held && !self.gone.contains_key(&editor.session));
            let grace = if *politely { Duration::ZERO } else { GRACE };
            let due = (*since).max(self.calm_since) + grace + Duration::from_millis(1500);
            assert!(
                !somebody || self.now < due,
                "G6: {} is gone from {form} since {since:?} ({politely}) and still owns it at {:?}",
                owner.person,
                self.now
            );
        }
    }

    /// At the end: what a desktop shows must be all there is.
    pub(crate) fn finally_shown(&mut self, who: &str, form: FormKey, rev: u64, text: &str) {
        self.shown(who, form, rev, text);
        assert_eq!(self.forms[&form].now.rev, rev, "G4: {who} is behind at the end");
    }

    /// At the end: where a token that was typed may be.
    pub(crate) fn arrived(&self, form: FormKey, token: &str) -> bool {
        let seen = &self.forms[&form];
        seen.discarded.contains(token) || tokens(&seen.now.text).iter().any(|kept| kept == token)
    }

    /// Who is stored as the owner.
    pub(crate) fn owner(&self, form: FormKey) -> Option<String> {
        self.forms[&form].now.editors.first().map(|owner| owner.person.clone())
    }

    /// What was covered, with the digest.
    pub(crate) fn finish(&self) -> Covered {
        Covered {
            history: self.digest.finish(),
            ..self.covered.clone()
        }
    }
}

fn stored(write: &FormWrite, state: &Form, before: &Stored) -> Stored {
    let state = serde_json::to_value(state).expect("a state is JSON");
    let number = |path: &str| state.pointer(path).and_then(Json::as_u64).expect("a number");
    let word = |json: &Json, path: &str| json.pointer(path).and_then(Json::as_str).map(str::to_owned);
    let editors = state
        .pointer("/queue/editors")
        .and_then(Json::as_array)
        .expect("a queue");
    let record = write.record.as_ref().map(|write| {
        let values: HashMap<String, Json> =
            serde_json::from_str(&codec::encode(&write.record.record.values)).expect("values are JSON");
        let text = values.get("text").and_then(Json::as_str).unwrap_or_default().to_owned();
        (write.record.record.version.0, text)
    });
    let (version, saved) = record.unwrap_or((before.version, before.saved.clone()));
    let drafted = state.pointer("/draft/fields").and_then(Json::as_object);
    let authors = drafted.into_iter().flat_map(|fields| fields.values());
    Stored {
        authors: authors.filter_map(|field| word(field, "/author/name")).collect(),
        rev: number("/rev"),
        fence: number("/fence"),
        version,
        text: match state.pointer("/draft/fields/text/value") {
            Some(value) => value.as_str().unwrap_or_default().to_owned(),
            None => saved.clone(),
        },
        saved,
        editors: editors
            .iter()
            .map(|editor| Editor {
                ticket: editor.pointer("/ticket").and_then(Json::as_u64).expect("a ticket"),
                session: word(editor, "/session").expect("a session"),
                person: word(editor, "/person/name").expect("a name"),
                held: editor.pointer("/reserved_until").is_some(),
            })
            .collect(),
    }
}

/// Counters only grow, and by one where they count.
fn check_numbers(before: &Stored, now: &Stored) {
    assert!(
        now.rev == before.rev || now.rev == before.rev + 1,
        "rev went from {} to {}",
        before.rev,
        now.rev
    );
    assert!(
        now.version == before.version || now.version == before.version + 1,
        "a version is missing"
    );
    assert!(now.fence >= before.fence, "the fence went back");
    let (old, new) = (before.editors.first(), now.editors.first());
    if let (Some(old), Some(new)) = (old, new)
        && old.ticket != new.ticket
    {
        assert!(now.fence > before.fence, "G1: another owner under the same fence");
    }
}

/// What the text gained. Nothing may be in it twice (G8).
fn check_text(before: &Stored, now: &Stored) -> Vec<String> {
    let old: BTreeSet<_> = tokens(&before.text).into_iter().collect();
    let all = tokens(&now.text);
    let new: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(new.len(), all.len(), "G8: something is there twice: {}", now.text);
    if now.text != before.text {
        assert_eq!(now.rev, before.rev + 1, "a text changed without a new rev");
    }
    new.difference(&old).cloned().collect()
}

/// G2: the queue keeps its order; only an explicit passing puts somebody first.
fn check_order(before: &Stored, now: &Stored) {
    let rest: Vec<_> = now.editors.iter().skip(1).map(|editor| editor.ticket).collect();
    assert!(rest.is_sorted(), "G2: behind the owner, tickets are in order");
    let (Some(old), Some(new)) = (before.editors.first(), now.editors.first()) else {
        return;
    };
    if old.ticket == new.ticket || now.editors.iter().any(|editor| editor.ticket == old.ticket) {
        // Nothing passed on, or explicitly: then the former owner still stands in the queue.
        return;
    }
    let next = before
        .editors
        .iter()
        .skip(1)
        .find(|editor| now.editors.iter().any(|still| still.ticket == editor.ticket));
    let expected = next.map_or(new.ticket, |next| next.ticket);
    assert_eq!(new.ticket, expected, "G2: somebody was skipped");
}
