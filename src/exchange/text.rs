//! Text files: the encodings that offices in Japan use, and comma- or tab-separated values.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

use super::sheet::{Cell, MAX_COLUMNS, MAX_ROWS, Sheet, Unreadable};

/// Reads a file of comma- or tab-separated values.
///
/// # Errors
/// [`Unreadable`] where the bytes are text in neither UTF-8 nor CP932, or where there are too many rows.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = decode(bytes)?;
    let first = text.lines().take(20).collect::<String>();
    let delimiter = if first.matches('\t').count() > first.matches(',').count() { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let (mut at, mut line) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|error| {
            Unreadable::new(format!("CSVとして読めません: {error}"), format!("It cannot be read as CSV: {error}"))
        })?;
        // The line on which it begins, as whoever opens the file sees it: quoted line breaks are lines, too.
        let begins = record.position().map_or(at, |position| usize::try_from(position.byte()).unwrap_or(at));
        let begins =
            begins + text.get(begins..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += text.get(at..begins).map_or(0, |passed| passed.matches('\n').count());
        at = begins;
        if line >= MAX_ROWS {
            return Err(too_long());
        }
        for (column, field) in record.iter().take(MAX_COLUMNS).enumerate() {
            let cell = plain(field);
            if !cell.trim().is_empty() {
                sheet.set(line, column, Cell::Text(cell.to_owned()));
            }
        }
    }
    Ok(sheet)
}

/// The refusal of a sheet with too many rows.
pub fn too_long() -> Unreadable {
    Unreadable::new(
        format!("{MAX_ROWS}行を超えています。分けて送ってください。"),
        format!("It has more than {MAX_ROWS} rows. Send it in parts."),
    )
}

/// A field without the mark that keeps a spreadsheet from taking it for a formula.
fn plain(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => field,
    }
}

/// The text of a file in UTF-8, with or without its mark, in UTF-16 with its mark, or in CP932.
///
/// # Errors
/// [`Unreadable`] for bytes that are none of these.
pub fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (SHIFT_JIS, bytes),
    };
    let guessed = || {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        detector.guess(Some(b"jp"), chardetng::Utf8Detection::Deny)
    };
    let decoded = |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = decoded(encoding).or_else(|| decoded(guessed()));
    text.map(|text| text.into_owned()).ok_or_else(|| {
        Unreadable::new(
            "文字コードを判別できません。UTF-8またはShift_JIS（CP932）で保存してください。",
            "The encoding is unknown. Save the file in UTF-8 or Shift_JIS (CP932).",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_with_and_without_its_mark_and_cp932_say_the_same() {
        let text = "番号,指標,実績\r\n1-1,髙齢者①〜②,▲1\r\n";
        let (cp932, _, lost) = SHIFT_JIS.encode("番号,指標,実績\r\n1-1,髙齢者①～②,▲1\r\n");
        assert!(!lost);
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        assert_eq!(read(text.as_bytes()).unwrap(), read(&marked).unwrap());
        let from_cp932 = read(&cp932).unwrap();
        assert_eq!(from_cp932.cell(1, 1), &Cell::Text("髙齢者①～②".to_owned()));
        assert_eq!(from_cp932.cell(1, 2), &Cell::Text("▲1".to_owned()));
        assert!(read(b"a\x80\xFF\xFE\x00b").is_err());
    }

    #[test]
    fn rows_are_lines_of_the_file_and_tabs_are_found() {
        let sheet = read("表題\n\n\"a\nb\"\tc\n'=1\td\n".as_bytes()).unwrap();
        assert_eq!(sheet.cell(2, 1), &Cell::Text("c".to_owned()));
        assert_eq!(sheet.cell(4, 0), &Cell::Text("=1".to_owned()));
    }
}
