//! Files that fields hold: kept under their hash, what they are found out and not believed, given to
//! whoever sees the record, and removed when nothing has them any more.

use std::io::{Cursor, Write as _};

use crate::support::{Peer, Server, new_op, new_record, set};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::definition::key;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::file::{FileRef, Source};
use baton_protocol::form::FormSnapshot;
use baton_protocol::form::Notice;
use baton_protocol::id::{EntityId, FormKey, UploadId};
use baton_protocol::message::{Answer, AnyReply, Code, CommitUpload, DownloadPart, GetThumbnail, Problem, UploadPart};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use uuid::Uuid;

impl Peer {
    async fn keep(&mut self, bytes: &[u8], name: &str) -> Result<FileRef, Problem> {
        let upload = self.bring(bytes).await;
        match self
            .ask(CommitUpload {
                op: new_op(),
                upload,
                name: name.into(),
            })
            .await?
        {
            Answer::Reply(AnyReply::CommitUpload(file)) => Ok(file),
            other => panic!("not kept: {other:?}"),
        }
    }

    async fn thumbnail(&mut self, file: &FileRef) -> Option<Vec<u8>> {
        match self.ask(GetThumbnail { file: file.hash }).await {
            Ok(Answer::Reply(AnyReply::GetThumbnail(small))) => {
                small.map(|small| STANDARD.decode(small).expect("base 64"))
            }
            other => panic!("no answer: {other:?}"),
        }
    }

    async fn attach(&mut self, view: &FormSnapshot, field: &str, text: &str) {
        self.edit(view, vec![set(field, text)]).await.expect("accepted");
    }
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, y| {
        Rgba([x.to_le_bytes()[0], y.to_le_bytes()[0], 120, 255])
    });
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::from(DynamicImage::from(picture).to_rgb8());
    picture.write_to(&mut bytes, format).expect("written");
    bytes.into_inner()
}

/// Ada defines documents: a file that must be a PDF of at most 0.01 MB, and a picture.
async fn documents(server: &Server) -> EntityId {
    let mut ada = server.peer("ada").await;
    let entity = EntityId(Uuid::now_v7());
    let view = ada.open(FormKey::entity(entity), None).await;
    let fields = Change {
        field: "fields".into(),
        edit: Edit::Set(Value::from_items(["a", "b"])),
    };
    let changes = vec![
        set("label", "Document"),
        set("label_plural", "Documents"),
        set("status", "published"),
        fields,
        set(&key("a", "label"), "Paper"),
        set(&key("a", "type"), "file"),
        set(&key("a", "endings"), ".PDF, txt"),
        set(&key("a", "max_size"), "0.01"),
        set(&key("b", "label"), "Photo"),
        set(&key("b", "type"), "image"),
    ];
    ada.edit(&view, changes).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    entity
}

async fn document(peer: &mut Peer, entity: EntityId) -> FormSnapshot {
    let view = peer.open(new_record(), Some(entity)).await;
    peer.attach(&view, "title", "Plan").await;
    view
}

#[tokio::test]
async fn a_file_is_kept_seen_by_spectators_and_given_as_it_was() {
    let mut server = Server::start().await;
    let entity = documents(&server).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let view = document(&mut anna, entity).await;
    ben.open(view.form, None).await;
    let photo = picture(1600, 900, ImageFormat::Jpeg);
    let file = anna
        .keep(&photo, "C:\\Users\\anna\\Hall in May.jpg")
        .await
        .expect("kept");
    assert_eq!(
        (file.name.as_str(), file.media.as_str()),
        ("Hall in May.jpg", "image/jpeg")
    );
    assert_eq!(file.size, photo.len() as u64);

    anna.attach(&view, "photo", &file.to_string()).await;
    let seen = ben
        .hear_notice(|notice| match notice {
            Notice::Changed { changes, .. } => changes.iter().find(|change| change.field == "photo").cloned(),
            _ => None,
        })
        .await;
    assert_eq!(seen.edit, Edit::Set(Value::from_text(file.to_string())));
    anna.save(&view).await.expect("saved");

    assert_eq!(ben.fetch(Source::File(file.hash)).await, photo, "byte for byte");
    let small = ben.thumbnail(&file).await.expect("a small picture");
    let small = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((small.width(), small.height()), (320, 180));

    // The same bytes again, also after a kill, are the same file.
    server.kill_and_restart().await;
    let mut anna = server.peer("anna").await;
    let again = anna.keep(&photo, "hall.jpg").await.expect("kept");
    assert_eq!(again.hash, file.hash);
    assert_eq!(anna.fetch(Source::File(file.hash)).await, photo);
}

#[tokio::test]
async fn a_file_is_not_believed_what_its_name_says() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>".as_slice();
    let program = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 200]].concat();
    for (bytes, name, says) in [
        (page, "photo.png", "text/html"),
        (page, "plan.pdf", "text/html"),
        (&program, "notes.txt", "a program"),
        (b"GIF89a not really", "photo.jpg", "image/gif"),
    ] {
        let problem = anna.keep(bytes, name).await.expect_err(name);
        assert_eq!(problem.code, Code::Malformed, "{name}");
        assert!(
            problem.message.english().contains(name) && problem.message.english().contains(says),
            "{problem}"
        );
    }
    let kept = anna
        .keep(&program, "../../../tool.bin")
        .await
        .expect("a program that says so");
    assert_eq!(kept.name, "tool.bin");
    let nothing = CommitUpload {
        op: new_op(),
        upload: UploadId(Uuid::new_v4()),
        name: "a.txt".into(),
    };
    assert_eq!(anna.ask(nothing).await.expect_err("never brought").code, Code::NotFound);
}

/// A PNG whose head says that it is this large, and that has nothing in it.
fn promising(side: u32) -> Vec<u8> {
    let mut head = b"IHDR".to_vec();
    head.extend(side.to_be_bytes());
    head.extend(side.to_be_bytes());
    head.extend([8, 6, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in [head, b"IDAT".to_vec(), b"IEND".to_vec()] {
        let length = u32::try_from(chunk.len() - 4).expect("short");
        png.extend(length.to_be_bytes());
        png.extend(&chunk);
        png.extend(crc(&chunk).to_be_bytes());
    }
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

#[tokio::test]
async fn a_picture_that_nobody_could_look_at_is_no_picture() {
    let server = Server::start().await;
    let entity = documents(&server).await;
    let mut anna = server.peer("anna").await;
    let mut broken = picture(64, 64, ImageFormat::Png);
    broken.truncate(60);
    // 100,000 pixels square would be 40 GB.
    for (bytes, name) in [(promising(100_000), "bomb.png"), (broken, "half.png")] {
        let file = anna.keep(&bytes, name).await.expect("kept, as what it is");
        assert_eq!(file.media, "application/octet-stream", "{name}");
        assert_eq!(anna.thumbnail(&file).await, None);
        let view = document(&mut anna, entity).await;
        anna.attach(&view, "photo", &file.to_string()).await;
        let problem = anna.save(&view).await.expect_err("no picture");
        assert_eq!(problem.fields[0].field, "photo");
        assert!(problem.fields[0].message.english().contains(name), "{problem:?}");
    }
}

#[tokio::test]
async fn a_field_takes_only_what_its_definition_allows_and_the_server_has() {
    let server = Server::start().await;
    let entity = documents(&server).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let view = document(&mut anna, entity).await;
    ben.open(view.form, None).await;
    let small = anna.keep(b"%PDF-1.7 small", "small.pdf").await.expect("kept");
    let large = [b"%PDF-1.7 ".as_slice(), &[b'a'; 20_000]].concat();
    let large = anna.keep(&large, "large.pdf").await.expect("kept");
    let table = anna.keep(b"a,b\n1,2\n", "table.csv").await.expect("kept");
    let foreign = FileRef {
        hash: "ab".repeat(32).parse().expect("a hash"),
        ..small.clone()
    };
    let lying = FileRef {
        size: 3,
        ..small.clone()
    };
    for (text, says) in [
        ("just words".to_owned(), "Choose one"),
        (large.to_string(), "at most 0.01 MB"),
        (table.to_string(), "end in pdf, txt"),
        (foreign.to_string(), "the server does not have"),
        (lying.to_string(), "the server does not have"),
        (small.to_string().replace("small.pdf", "../small.pdf"), "Choose one"),
    ] {
        anna.attach(&view, "paper", &text).await;
        let problem = anna.save(&view).await.expect_err(&text);
        assert_eq!(problem.fields[0].field, "paper");
        assert!(problem.fields[0].message.english().contains(says), "{problem:?}");
        let told = ben.hear_notice(|notice| match notice {
            Notice::Invalid { errors } => Some(errors[0].field.clone()),
            _ => None,
        });
        assert_eq!(told.await, "paper", "spectators see it at its field");
    }
    anna.attach(&view, "paper", &small.to_string()).await;
    anna.save(&view).await.expect("saved");
}

#[tokio::test]
async fn a_lost_connection_does_not_lose_what_was_brought() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let upload = UploadId(Uuid::new_v4());
    let part = |offset: u64, bytes: &[u8]| UploadPart {
        upload,
        offset,
        data: STANDARD.encode(bytes),
    };
    anna.ask(part(0, b"first ")).await.expect("taken");
    anna.cut();
    let mut anna = server.peer("anna").await;
    // Nothing is brought to ask how much is there; what is there already is passed over.
    assert_eq!(anna.ask(part(0, b"")).await, Ok(Answer::Reply(AnyReply::UploadPart(6))));
    assert_eq!(
        anna.ask(part(0, b"first ")).await,
        Ok(Answer::Reply(AnyReply::UploadPart(6)))
    );
    assert_eq!(
        anna.ask(part(6, b"last")).await,
        Ok(Answer::Reply(AnyReply::UploadPart(10)))
    );
    let keep = CommitUpload {
        op: new_op(),
        upload,
        name: "words.txt".into(),
    };
    let file = anna.query(keep).await.expect("not kept");
    assert_eq!(file.media, "text/plain");
    assert_eq!(anna.fetch(Source::File(file.hash)).await, b"first last");
}

#[tokio::test]
async fn only_what_nothing_has_is_removed_and_only_after_a_while() {
    let mut server = Server::start().await;
    let entity = documents(&server).await;
    let mut anna = server.peer("anna").await;
    let mut kept = Vec::new();
    for name in ["history.txt", "draft.txt", "nobody.txt", "new.txt"] {
        kept.push(anna.keep(name.as_bytes(), name).await.expect("kept"));
    }
    // One was in a record once, and its history has it; one is in a draft.
    let view = document(&mut anna, entity).await;
    anna.attach(&view, "paper", &kept[0].to_string()).await;
    anna.save(&view).await.expect("saved");
    let view = anna.again(view.form).await;
    anna.edit(
        &view,
        vec![Change {
            field: "paper".into(),
            edit: Edit::Set(Value::Empty),
        }],
    )
    .await
    .expect("accepted");
    anna.save(&view).await.expect("saved");
    let view = anna.again(view.form).await;
    anna.attach(&view, "paper", &kept[1].to_string()).await;
    server.kill().await;
    for file in &kept[..3] {
        let hash = file.hash.to_string();
        let path = server.directory.path().join("files").join(&hash[..2]).join(&hash);
        let mut bytes = std::fs::File::options().append(true).open(path).expect("the bytes");
        bytes.flush().expect("flushed");
        let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(40 * 24 * 60 * 60);
        bytes.set_modified(long_ago).expect("made old");
    }
    server.restart().await;
    let mut anna = server.peer("anna").await;
    // Polls: the house is kept beside the serving.
    let begun = std::time::Instant::now();
    loop {
        let source = Source::File(kept[2].hash);
        match anna.ask(DownloadPart { source, offset: 0 }).await {
            Err(problem) if problem.code == Code::NotFound => break,
            other => assert!(begun.elapsed() < crate::support::TIMEOUT, "still there: {other:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for file in [&kept[0], &kept[1], &kept[3]] {
        assert_eq!(anna.fetch(Source::File(file.hash)).await, file.name.as_bytes());
    }
}
