//! The form of a submission (様式): a department gets it filled with what is known, fills in the rest, and sends it back to
//! `POST /imports`.

mod content;
mod estimate;
mod merge;
mod returned;
mod taker;
mod wording;

use actix_web::http::header::{CONTENT_LANGUAGE, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, get};

use self::content::Source;
pub use self::returned::{FormReceipt, Manner, carry_out};
use super::extract::Id;
use super::imports::XLSX;
use super::language::Language;
use super::problem::{Code, Problem};
use super::representation::{self, hash};
use super::routes::Routes;
use super::session::Session;
use crate::db::submissions::Submission;
use crate::db::{Connection, access};
use crate::exchange::form::{self, Tongue};

/// The route.
pub(super) fn routes(config: &mut impl Routes) {
    config.service(get_submission_form);
}

impl From<Language> for Tongue {
    fn from(language: Language) -> Self {
        match language {
            Language::Ja => Self::Ja,
            Language::En => Self::En,
        }
    }
}

/// Get the form to fill in
///
/// An Excel workbook with what the submission speaks of: the figures that are asked for, the reviews and the activities of the
/// department's initiatives, filled with what is known. Its sheets are protected without a password; the coloured cells are to be
/// filled in. Sent back to `POST /imports` it reports what was filled in; unchanged it changes nothing. Labels in Japanese or
/// English, by `Accept-Language`.
#[utoipa::path(tag = "submissions", params(("id" = String, Path, description = "The submission's id")),
    responses((status = 200, description = "The form", body = String,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers(("ETag" = String, description = "The strong ETag"),
            ("Content-Disposition" = String, description = "The name of the file (RFC 6266)"),
            ("Content-Language" = String, description = "The language of its labels")))))]
#[get("/submissions/{id}/form.xlsx")]
async fn get_submission_form(session: Session, request: HttpRequest, id: Id) -> Result<HttpResponse, Problem> {
    let language = Language::asked(request.headers());
    let write = move |c: &mut Connection| {
        let row = access::find::<Submission>(c, &id.0)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let source = Source::load(c, &row, language.into())?;
        let (form, names) = (source.form(), source.file_names());
        let file = form::write(&form).map_err(|error| Problem::new(Code::Internal).cause(error))?;
        Ok::<_, Problem>((names, file))
    };
    let (names, file) = session.read(write).await?;
    let tag = format!("\"{}-{}\"", hash(&file), language.tag());
    let mut response = representation::file(&request, &tag, file, XLSX, &attachment(&names));
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    Ok(response)
}

/// How a file is named: in ASCII for those who know nothing else, and as it is (RFC 6266, section 4.3; RFC 8187).
fn attachment((plain, full): &(String, String)) -> String {
    let encoded: String = full
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_in_ascii_and_as_it_is() {
        let names = ("form-2021.xlsx".to_owned(), "様式 \"a\".xlsx".to_owned());
        let expected = "attachment; filename=\"form-2021.xlsx\"; filename*=UTF-8''%E6%A7%98%E5%BC%8F%20%22a%22.xlsx";
        assert_eq!(attachment(&names), expected);
    }
}
