//! What a file is, found out from its bytes: neither its name nor whoever brings it is believed.

use baton_locales::{Text, say};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read as _};
use std::path::Path;

use baton_protocol::file::{FileHash, PICTURES, ending_of};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, Rgb, RgbImage};
use infer::MatcherType;
use sha2::{Digest as _, Sha256};

use crate::store::StoredFile;

/// How much of a file is looked at.
const HEAD: usize = 8 * 1024;
/// The longer side of a small picture, in pixels.
const SMALL: u32 = 320;
/// How much memory decoding a picture may take, in bytes: some 50 megapixels.
const MAX_PICTURE_BYTES: u64 = 160 * 1024 * 1024;
/// How good a small picture is, of 100.
const QUALITY: u8 = 82;

/// What cannot be made out.
pub(super) const ANYTHING: &str = "application/octet-stream";

/// Endings that say what a file is, and what its bytes then are.
const SAID: [(&str, &[&str]); 10] = [
    ("pdf", &["application/pdf"]),
    ("png", &["image/png"]),
    ("jpg", &["image/jpeg"]),
    ("jpeg", &["image/jpeg"]),
    ("gif", &["image/gif"]),
    ("webp", &["image/webp"]),
    ("zip", &["application/zip"]),
    (
        "docx",
        &[
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/zip",
        ],
    ),
    (
        "xlsx",
        &[
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/zip",
        ],
    ),
    (
        "pptx",
        &[
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/zip",
        ],
    ),
];

/// Endings under which a program is not taken for something else.
const PROGRAMS: [&str; 12] = [
    "exe", "dll", "com", "msi", "so", "bin", "elf", "out", "dylib", "class", "wasm", "deb",
];

/// Why a file is not kept.
#[derive(Debug)]
pub(super) enum Rejected {
    /// It is not what its name says.
    NotAsNamed(Text),
    Unreadable(io::Error),
}

impl From<io::Error> for Rejected {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

/// Reads the whole file: its hash, its size, what it is, and a small picture of a picture.
pub(super) fn inspect(path: &Path, name: &str) -> Result<(StoredFile, Option<Vec<u8>>), Rejected> {
    let mut file = File::open(path)?;
    let mut head = Vec::with_capacity(HEAD);
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut part = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            break;
        }
        hash.update(&part[..read]);
        head.extend(part[..read].iter().take(HEAD - head.len()));
        size += read as u64;
    }
    let found = infer::get(&head);
    let mut media = match &found {
        Some(found) => found.mime_type(),
        None if is_text(&head, size) => "text/plain",
        None => ANYTHING,
    };
    let ending = ending_of(name);
    let said = SAID.iter().find(|(said, _)| *said == ending);
    let program = found.is_some_and(|found| found.matcher_type() == MatcherType::App);
    if said.is_some_and(|(_, media_of)| !media_of.contains(&media)) || (program && !PROGRAMS.contains(&ending.as_str()))
    {
        return Err(Rejected::NotAsNamed(if program {
            say::server::is_a_program(name)
        } else {
            say::server::not_as_named(name, media)
        }));
    }
    let mut small = None;
    if PICTURES.contains(&media) {
        small = thumbnail(path);
        if small.is_none() {
            // Nobody could look at it, so no field takes it for a picture.
            media = ANYTHING;
        }
    }
    let file = StoredFile {
        hash: FileHash(hash.finalize().into()),
        size,
        media: media.into(),
    };
    Ok((file, small))
}

fn is_text(head: &[u8], size: u64) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The end of the head may have cut a letter in two.
        Err(error) if error.error_len().is_none() && size > head.len() as u64 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    size > 0 && !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

/// A small JPEG; nothing for what is damaged, or would take too much memory.
fn thumbnail(path: &Path) -> Option<Vec<u8>> {
    let reader = BufReader::new(File::open(path).ok()?);
    let mut reader = ImageReader::new(reader).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PICTURE_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    if decoder.total_bytes() > MAX_PICTURE_BYTES {
        return None;
    }
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    if image.width() > SMALL || image.height() > SMALL {
        image = image.thumbnail(SMALL, SMALL);
    }
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let mut small = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut small, QUALITY);
    on_white(&image).write_with_encoder(encoder).ok()?;
    Some(small.into_inner())
}

/// What is transparent shows white, as paper would: a JPEG knows no transparency.
fn on_white(image: &DynamicImage) -> RgbImage {
    let image = image.to_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let (colour, alpha) = (u32::from(colour), u32::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}
