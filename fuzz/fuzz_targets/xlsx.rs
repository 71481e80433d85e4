//! Workbooks: any sheet, shared strings and styles inside a whole archive are read or refused. What no archive is, is
//! refused before it gets here.
#![no_main]

use std::io::Write as _;

use baton_protocol::job::Format;
use zip::write::{SimpleFileOptions, ZipWriter};

const WORKBOOK: &[u8] = br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The parts stand one after the other, a zero byte between them.
    let mut parts = bytes.split(|byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (sheet, strings, styles) = (part(), part(), part());
    let file = std::env::temp_dir().join(format!("baton-fuzz-{}", std::process::id()));
    let mut archive = ZipWriter::new(std::fs::File::create(&file).expect("the temporary directory takes it"));
    for (name, content) in [
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ] {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, options).expect("a file begins");
        archive.write_all(content).expect("it is written");
    }
    archive.finish().expect("the archive ends");
    baton_server::read_table(&file, Format::Xlsx);
});
