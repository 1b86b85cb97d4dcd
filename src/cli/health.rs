//! `health`: one question to a running service, for container health checks.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::{Outcome, say};

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the service that listens there whether it is ready.
pub(super) fn ask(listen: &str) -> Outcome {
    // Who listens on every address is asked on this machine's own.
    let address = listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
    let failed = |cause: std::io::Error| format!("nothing answers at {address}: {cause}. Is it running? See --listen");
    let socket = address.to_socket_addrs().map_err(failed)?.next().ok_or("no such address")?;
    let mut stream = TcpStream::connect_timeout(&socket, PATIENCE).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    match answer.split(' ').nth(1) {
        Some("200") => Ok(say("ready")?),
        status => Err(format!("not ready: {}", status.unwrap_or("no answer")).into()),
    }
}
