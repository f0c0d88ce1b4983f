//! Turns what a sandbox writes into lines with a time, within bounds.
//!
//! Bytes are split at newlines. A `logging` record may hold newlines and must stay one line, so the runtime sends it escaped: `DLE STX`
//! starts it, `DLE n` is a newline in it, `DLE DLE` a DLE. Escapes cannot break the framing, whoever writes between them.

use std::time::SystemTime;

use crate::{OutputLine, OutputSink};

/// The longest line, bytes; a longer one becomes several.
pub(crate) const MAX_LINE_BYTES: usize = 256 * 1024;
/// The most output of one call, bytes; the rest is counted and thrown away.
pub(crate) const MAX_CALL_BYTES: u64 = 10 * 1024 * 1024;

const DLE: u8 = 0x10;
const RECORD_START: [u8; 2] = [DLE, 0x02];

/// The output of one sandbox.
#[derive(Debug)]
pub(crate) struct Output {
    limit_bytes: u64,
    partial: Vec<u8>,
    call_bytes: u64,
    dropped_lines: u64,
    dropped_bytes: u64,
}

impl Output {
    /// Of which one call may write so much.
    pub(crate) fn new(limit_bytes: u64) -> Self {
        Self {
            limit_bytes,
            partial: Vec::new(),
            call_bytes: 0,
            dropped_lines: 0,
            dropped_bytes: 0,
        }
    }

    /// Takes bytes that were read and hands on the lines that they complete.
    pub(crate) fn take(&mut self, mut bytes: &[u8], sink: &dyn OutputSink) {
        while !bytes.is_empty() {
            let room = MAX_LINE_BYTES - self.partial.len();
            match bytes.iter().take(room).position(|byte| *byte == b'\n') {
                Some(end) => {
                    self.partial.extend_from_slice(&bytes[..end]);
                    bytes = &bytes[end + 1..];
                    self.complete(sink);
                }
                None => {
                    let count = room.min(bytes.len());
                    self.partial.extend_from_slice(&bytes[..count]);
                    bytes = &bytes[count..];
                    if self.partial.len() == MAX_LINE_BYTES {
                        self.complete(sink);
                    }
                }
            }
        }
    }

    /// A call is over: hands on the line without an end, and tells what was thrown away.
    pub(crate) fn end_call(&mut self, sink: &dyn OutputSink) {
        if !self.partial.is_empty() {
            self.complete(sink);
        }
        if self.dropped_lines > 0 {
            sink.dropped(self.dropped_lines, self.dropped_bytes);
        }
        *self = Self::new(self.limit_bytes);
    }

    fn complete(&mut self, sink: &dyn OutputSink) {
        let line = std::mem::take(&mut self.partial);
        let start = line.windows(2).position(|pair| pair == RECORD_START);
        match start {
            None => self.emit(&line, sink),
            Some(start) => {
                if start > 0 {
                    self.emit(&line[..start], sink);
                }
                self.emit(&unescape(&line[start + 2..]), sink);
            }
        }
    }

    fn emit(&mut self, line: &[u8], sink: &dyn OutputSink) {
        // With its newline.
        let size = line.len() as u64 + 1;
        if self.call_bytes + size > self.limit_bytes {
            self.dropped_lines += 1;
            self.dropped_bytes += size;
            return;
        }
        self.call_bytes += size;
        sink.line(OutputLine {
            time: SystemTime::now(),
            text: String::from_utf8_lossy(line).into_owned(),
        });
    }
}

fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        match (byte, if byte == DLE { rest.next() } else { None }) {
            (DLE, Some(b'n')) => out.push(b'\n'),
            (DLE, Some(other)) => out.push(other),
            (byte, _) => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Lines(Mutex<(Vec<String>, u64)>);
    impl OutputSink for Lines {
        fn started(&self, _: &str, _: bool) {}
        fn line(&self, line: OutputLine) {
            self.0.lock().expect("no panic").0.push(line.text);
        }
        fn dropped(&self, records: u64, _: u64) {
            self.0.lock().expect("no panic").1 += records;
        }
    }

    fn lines(pieces: &[&[u8]]) -> (Vec<String>, u64) {
        let (mut output, sink) = (Output::new(MAX_CALL_BYTES), Lines::default());
        for piece in pieces {
            output.take(piece, &sink);
        }
        output.end_call(&sink);
        sink.0.into_inner().expect("no panic")
    }

    #[test]
    fn lines_are_cut_at_newlines_only() {
        assert_eq!(lines(&[b"a\nb", b"c\n\nd"]).0, ["a", "bc", "", "d"]);
    }

    #[test]
    fn a_record_is_one_line_even_behind_a_partial_one() {
        assert_eq!(
            lines(&[b"half\x10\x02[ERROR] x\x10ny\x10\x10z\nnext\n"]).0,
            ["half", "[ERROR] x\ny\x10z", "next"]
        );
    }

    #[test]
    fn bounds_hold() {
        let long = vec![b'x'; MAX_LINE_BYTES + 1];
        assert_eq!(
            lines(&[&long])
                .0
                .iter()
                .map(String::len)
                .collect::<Vec<_>>(),
            [MAX_LINE_BYTES, 1]
        );
        let mut flood = vec![b'y'; MAX_LINE_BYTES - 1];
        flood.push(b'\n');
        let pieces = vec![flood.as_slice(); 42];
        let (kept, dropped) = lines(&pieces);
        assert_eq!((kept.len() as u64 + dropped, dropped), (42, 2));
    }
}
