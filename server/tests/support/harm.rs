//! Tables that mean harm.

use std::io::Write as _;

use baton_protocol::values::TITLE;

/// Half a gigabyte of nothing in half a megabyte.
pub(crate) fn zip_bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).expect("a file");
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..512 {
        archive.write_all(&zeros).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

/// A sheet with a name in its first cell, and a value in its very last.
pub(crate) fn sparse_sheet() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, TITLE).expect("written");
    sheet.write_string(1_048_575, 0, "far").expect("written");
    book.save_to_buffer().expect("a sheet")
}
