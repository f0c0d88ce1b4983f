//! A load client for `tests/speed`: one keep-alive connection to each address, asked in turn, so that both meet the same
//! noise of the machine.
//!
//! `load ROUNDS REQUESTS ADDRESS=PATH …` sends REQUESTS requests to each address, ROUNDS times over, and prints one line for
//! each: `ADDRESS p50_us p99_us`. It fails when an answer is not 200 with the body that was sent.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const BODY: &[u8] = br#"{"key1":"value1"}"#;
const WARM_UP_REQUESTS: usize = 50;
const READ_TIMEOUT: Duration = Duration::from_secs(30);

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds = number(arguments.next())?;
    let requests = number(arguments.next())?;
    let mut targets = arguments
        .map(|argument| Target::connect(&argument))
        .collect::<Result<Vec<_>>>()?;
    for target in &mut targets {
        for _ in 0..WARM_UP_REQUESTS {
            target.ask()?;
        }
        target.latencies.clear();
    }
    for _ in 0..rounds {
        for target in &mut targets {
            for _ in 0..requests {
                target.ask()?;
            }
        }
    }
    for target in &mut targets {
        target.latencies.sort_unstable();
        let p50_us = target.percentile(50).as_secs_f64() * 1e6;
        let p99_us = target.percentile(99).as_secs_f64() * 1e6;
        println!("{} {p50_us:.1} {p99_us:.1}", target.address);
    }
    Ok(())
}

fn number(argument: Option<String>) -> Result<usize> {
    argument
        .and_then(|text| text.parse().ok())
        .filter(|number| *number > 0)
        .ok_or_else(|| Error::other("usage: load ROUNDS REQUESTS ADDRESS=PATH …"))
}

struct Target {
    address: String,
    request: Vec<u8>,
    connection: BufReader<TcpStream>,
    latencies: Vec<Duration>,
}

impl Target {
    fn connect(argument: &str) -> Result<Self> {
        let (address, path) = argument
            .split_once('=')
            .ok_or_else(|| Error::other(format!("{argument} is not ADDRESS=PATH")))?;
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(READ_TIMEOUT))?;
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0\r\n\
             Content-Length: {}\r\n\r\n",
            BODY.len()
        )
        .into_bytes();
        request.extend_from_slice(BODY);
        Ok(Self {
            address: address.to_owned(),
            request,
            connection: BufReader::new(stream),
            latencies: Vec::new(),
        })
    }

    fn ask(&mut self) -> Result<()> {
        let start = Instant::now();
        self.connection.get_mut().write_all(&self.request)?;
        let body = self.answer()?;
        self.latencies.push(start.elapsed());
        let compact: Vec<u8> = body.into_iter().filter(|byte| *byte != b' ').collect();
        if compact != BODY {
            let text = String::from_utf8_lossy(&compact).into_owned();
            return Err(Error::other(format!("{} answered {text}", self.address)));
        }
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<u8>> {
        let mut line = String::new();
        self.connection.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200") {
            return Err(Error::other(format!("{} answered {line}", self.address)));
        }
        let mut length = 0;
        loop {
            line.clear();
            self.connection.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(Error::other)?;
            }
        }
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body)?;
        Ok(body)
    }

    fn percentile(&self, percent: usize) -> Duration {
        let index = (self.latencies.len() - 1) * percent / 100;
        self.latencies[index]
    }
}
