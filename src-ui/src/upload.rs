//! Files of this computer on their way to the server, part by part.

use std::cell::Cell;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_locales::t;
use baton_protocol::file::size_text;
use baton_protocol::id::UploadId;
use baton_protocol::job::{MAX_UPLOAD, SENT_PART};
use baton_protocol::message::{Code, Problem, UploadPart};
use gloo_timers::future::TimeoutFuture;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::backend;

/// For how many seconds the server may be away before sending a file is given up.
const TIMEOUT: u32 = 60;

/// Ends what sends a file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Stop(Rc<Cell<bool>>);

impl Stop {
    /// It ends before its next part.
    pub(crate) fn stop(&self) {
        self.0.set(true);
    }

    /// Whether it is to end.
    pub(crate) fn stopped(&self) -> bool {
        self.0.get()
    }
}

/// How many bytes a file has.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of a file")]
pub(crate) fn size_of(file: &File) -> u64 {
    file.size() as u64
}

/// Brings a file to the server; nothing if it was stopped. It goes on where a lost connection stopped it,
/// and so does the same file chosen again.
///
/// # Errors
/// It is too large, it cannot be read, or the server does not take it.
pub(crate) async fn send(file: &File, stop: &Stop, progress: impl Fn(u64, u64)) -> Result<Option<UploadId>, Problem> {
    let size = size_of(file);
    if size > MAX_UPLOAD {
        let why = t::field::file_too_large(size_text(MAX_UPLOAD));
        return Err(Problem::new(Code::TooLarge, why));
    }
    // The same for the same file: whoever chooses it again goes on with it.
    let name = format!("{}|{size}|{}", file.name(), file.last_modified());
    let upload = UploadId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()));
    let mut there = send_part(upload, 0, String::new()).await?;
    while there < size {
        if stop.stopped() {
            return Ok(None);
        }
        progress(there, size);
        let data = STANDARD.encode(part(file, there, size).await?);
        there = send_part(upload, there, data).await?;
    }
    progress(size, size);
    Ok((!stop.stopped()).then_some(upload))
}

/// Sends a part; how much is there then.
async fn send_part(upload: UploadId, offset: u64, data: String) -> Result<u64, Problem> {
    let mut tries = 0;
    loop {
        let data = data.clone();
        match backend::query(UploadPart { upload, offset, data }).await {
            Ok(there) => return Ok(there),
            // It is tried again as soon as the server is back.
            Err(problem) if problem.code == Code::Offline && tries < TIMEOUT => {
                tries += 1;
                TimeoutFuture::new(1000).await;
            }
            Err(problem) => return Err(problem),
        }
    }
}

async fn part(file: &File, from: u64, size: u64) -> Result<Vec<u8>, Problem> {
    let unreadable = |_| Problem::new(Code::Internal, t::field::file_unreadable());
    let to = (from + SENT_PART as u64).min(size);
    let blob: &Blob = file.unchecked_ref();
    #[expect(clippy::cast_precision_loss, reason = "bytes of a file")]
    let slice = blob
        .slice_with_f64_and_f64(from as f64, to as f64)
        .map_err(unreadable)?;
    let buffer = JsFuture::from(slice.array_buffer()).await.map_err(unreadable)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
