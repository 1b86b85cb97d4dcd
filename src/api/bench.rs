//! For benchmarks only, and only with the setting `bench`: the answer to a path as it was given once, from memory.
//!
//! What it costs is what every answer costs: the protocol, the middlewares, the bytes. So a route's own cost is the
//! difference.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::problem::{Code, Problem};

const PATIENCE: Duration = Duration::from_secs(30);

/// The headers that are given again; all others come from the middlewares, each time.
const KEPT: [HeaderName; 3] = [ETAG, CACHE_CONTROL, CONTENT_TYPE];

/// What was answered, by path.
#[derive(Default)]
pub(super) struct Memory(RwLock<HashMap<String, Captured>>);

#[derive(Clone)]
struct Captured {
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

#[derive(Deserialize)]
struct Wanted {
    path: String,
}

/// The route, which no document describes.
pub(super) fn routes(config: &mut web::ServiceConfig, memory: web::Data<Memory>) {
    config.app_data(memory).route("/bench/memory", web::get().to(serve));
}

async fn serve(
    request: HttpRequest,
    memory: web::Data<Memory>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let path = wanted.into_inner().path;
    let known = memory.0.read().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
    let captured = match known {
        Some(captured) => captured,
        None => {
            let (address, asked) = (request.app_config().local_addr(), path.clone());
            let captured = web::block(move || capture(address, &asked)).await;
            let captured = captured.ok().flatten().ok_or_else(|| Problem::new(Code::NotFound))?;
            memory.0.write().unwrap_or_else(PoisonError::into_inner).insert(path, captured.clone());
            captured
        }
    };
    let mut response = HttpResponse::Ok();
    for header in captured.headers {
        response.insert_header(header);
    }
    Ok(response.body(captured.body))
}

/// Asks this very server over a connection of its own. `None` for all but a whole answer with status 200.
fn capture(address: SocketAddr, path: &str) -> Option<Captured> {
    if !path.starts_with("/api/v1/") || !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    read_answer(&answer)
}

fn read_answer(answer: &[u8]) -> Option<Captured> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = answer.split_at_checked(end + 4)?;
    let mut lines = std::str::from_utf8(head).ok()?.lines();
    if lines.next()?.split(' ').nth(1) != Some("200") {
        return None;
    }
    let mut headers = Vec::new();
    let mut length = None;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok();
        }
        if let Some(kept) = KEPT.iter().find(|kept| name.eq_ignore_ascii_case(kept.as_str())) {
            headers.push((kept.clone(), HeaderValue::from_str(value).ok()?));
        }
    }
    (length == Some(body.len())).then(|| Captured { headers, body: Bytes::copy_from_slice(body) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_answer_with_status_200_is_kept() {
        let whole = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nETag: \"a\"\r\nx-request-id: 1\r\n\r\n{}";
        let captured = read_answer(whole).unwrap();
        assert_eq!(captured.headers, [(ETAG, HeaderValue::from_static("\"a\""))]);
        assert_eq!(&captured.body[..], b"{}");
        assert!(read_answer(&whole[..whole.len() - 1]).is_none());
        assert!(read_answer(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").is_none());
    }
}
