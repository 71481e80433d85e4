//! Releases over HTTP: desktops ask for them before anybody signs in, and whatever version they speak.

use std::io::SeekFrom;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use baton_protocol::release::Offer;
use bytes::Bytes;
use futures_util::stream;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::app::App;
use crate::releases::{Entry, Releases};

/// So much of a file is in memory at once, for each who fetches it.
const PART: usize = 32 * 1024;

/// The newest release of a channel for a target.
pub(crate) async fn offer(State(app): State<App>, Path((channel, target)): Path<(String, String)>) -> Response {
    let releases = app.releases.clone();
    match in_background(move || releases.newest(&channel, &target)).await {
        Ok(release) => Json(Offer { release }).into_response(),
        Err(status) => status.into_response(),
    }
}

/// A release's file, from where the desktop asks for it.
pub(crate) async fn file(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match open(&app.releases, name, &headers).await {
        Ok(response) => response,
        Err(status) => status.into_response(),
    }
}

async fn open(releases: &Releases, name: String, headers: &HeaderMap) -> Result<Response, StatusCode> {
    let all = releases.clone();
    let entries = in_background(move || all.all()).await?;
    // Only what the index names is a file here.
    let entry = entries.into_iter().find(|entry: &Entry| entry.file() == name);
    let entry = entry.ok_or(StatusCode::NOT_FOUND)?;
    let mut file = File::open(releases.directory.join(entry.file()))
        .await
        .map_err(|_| StatusCode::NOT_FOUND)?;
    let from = headers
        .get(header::RANGE)
        .and_then(|range| first_byte(range.to_str().ok()?));
    let (status, from) = match from {
        Some(from) if from >= entry.size => return Err(StatusCode::RANGE_NOT_SATISFIABLE),
        Some(from) => (StatusCode::PARTIAL_CONTENT, from),
        None => (StatusCode::OK, 0),
    };
    file.seek(SeekFrom::Start(from))
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let parts = stream::try_unfold(file, |mut file| async move {
        let mut part = vec![0; PART];
        let count = file.read(&mut part).await?;
        part.truncate(count);
        Ok::<_, std::io::Error>((count > 0).then(|| (Bytes::from(part), file)))
    });
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::CONTENT_LENGTH, entry.size - from);
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{}", entry.size - 1, entry.size);
        response = response.header(header::CONTENT_RANGE, range);
    }
    response
        .body(Body::from_stream(parts))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// The byte that a range begins with: `bytes=100-`. Other ranges are not served, and the whole file is.
fn first_byte(range: &str) -> Option<u64> {
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

async fn in_background<T: Send + 'static>(
    read: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, StatusCode> {
    let read = tokio::task::spawn_blocking(read).await;
    let read = read.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    read.map_err(|error| {
        tracing::error!(%error, "releases cannot be served");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

#[cfg(test)]
mod tests {
    use super::first_byte;

    #[test]
    fn a_range_to_the_end_is_read() {
        assert_eq!(first_byte("bytes=100-"), Some(100));
        for other in ["bytes=100-200", "bytes=-5", "bytes=a-", "100-", "bytes=1-,5-"] {
            assert_eq!(first_byte(other), None, "{other}");
        }
    }
}
