//! gzip as Helm writes it, compressed in pieces that do not wait for each other.
//!
//! Each piece begins with the 32 KiB before it as its dictionary, so hardly anything is lost against
//! one stream, and where pieces are cut depends on the content alone: the bytes are the same however
//! many workers there are.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::ops::Range;

use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// zlib-rs at this level comes nearest to the lengths of Go's `compress/flate` at level 6.
const LEVEL: u32 = 7;

/// The level at which the parts of one piece are compared.
const ESTIMATE_LEVEL: u32 = 1;

/// Length of a piece in bytes.
const PIECE: usize = 256 * 1024;

/// A large entry begins a piece of its own if at least this many bytes stand before it.
const SMALL_PIECE: usize = PIECE / 4;

/// What deflate can look back at, in bytes.
const WINDOW: usize = 32 * 1024;

/// Pieces that are handed to the workers together: bounds the memory.
const BATCH: usize = 16;

/// The gzip header of Helm's archives: extra field and comment, no time, no name, level and system
/// unknown (pkg/chartutil/save.go `headerBytes`; Go compress/gzip).
const HEADER: &[u8] =
    b"\x1f\x8b\x08\x14\0\0\0\0\0\xff\x29\0+aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=Helm\0";

/// Who does the work of compressing. Core has no threads; whoever calls may lend some.
pub trait Workers: Sync {
    /// Runs all jobs, in any order, at once or one after the other, and returns when all are done.
    fn run(&self, jobs: Vec<Job<'_>>);
}

/// A piece of work.
pub type Job<'j> = Box<dyn FnOnce() + Send + 'j>;

/// One job after the other, right here.
#[derive(Clone, Copy, Debug)]
pub struct Inline;

impl Workers for Inline {
    fn run(&self, jobs: Vec<Job<'_>>) {
        for job in jobs {
            job();
        }
    }
}

/// Compresses parts, one behind the other, and says how much each has cost.
pub(super) struct Gzip<'w, W: Write> {
    out: W,
    workers: &'w dyn Workers,
    /// Whether to find out what the parts cost.
    weigh: bool,
    /// What is not in a piece yet.
    buffer: Vec<u8>,
    /// The parts in the buffer.
    parts: VecDeque<Part>,
    /// The end of what is in pieces.
    window: Vec<u8>,
    waiting: Vec<Piece>,
    /// Buffers of pieces that are done.
    spare: Vec<Vec<u8>>,
    crc: Crc,
    weights: Vec<u64>,
}

/// A stretch of a piece that belongs to one part.
#[derive(Clone, Copy, Debug)]
struct Part {
    index: usize,
    len: usize,
}

struct Piece {
    dictionary: Vec<u8>,
    bytes: Vec<u8>,
    parts: Vec<Part>,
    weigh: bool,
    last: bool,
}

struct Packed {
    bytes: Vec<u8>,
    crc: Crc,
    weights: Vec<(usize, u64)>,
}

impl<'w, W: Write> Gzip<'w, W> {
    pub(super) fn new(mut out: W, workers: &'w dyn Workers, weigh: bool) -> io::Result<Self> {
        out.write_all(HEADER)?;
        Ok(Self {
            out,
            workers,
            weigh,
            buffer: Vec::new(),
            parts: VecDeque::new(),
            window: Vec::new(),
            waiting: Vec::new(),
            spare: Vec::new(),
            crc: Crc::new(),
            weights: Vec::new(),
        })
    }

    /// Appends a part of `len` bytes, which `write` writes.
    pub(super) fn append(
        &mut self,
        len: usize,
        write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        if len >= PIECE && self.buffer.len() >= SMALL_PIECE {
            self.cut(0..self.buffer.len(), false)?;
            self.buffer.clear();
        }
        let before = self.buffer.len();
        write(&mut self.buffer)?;
        self.parts.push_back(Part {
            index: self.weights.len(),
            len: self.buffer.len() - before,
        });
        self.weights.push(0);
        let mut done = 0;
        while self.buffer.len() - done > PIECE {
            self.cut(done..done + PIECE, false)?;
            done += PIECE;
        }
        self.buffer.drain(..done);
        Ok(())
    }

    /// Writes what is left. Gives back what was written to, and the weight of each part: how it
    /// compares with the others, if that was asked for.
    pub(super) fn finish(mut self) -> io::Result<(W, Vec<u64>)> {
        self.cut(0..self.buffer.len(), true)?;
        self.pack_waiting()?;
        self.out.write_all(&self.crc.sum().to_le_bytes())?;
        self.out.write_all(&self.crc.amount().to_le_bytes())?;
        Ok((self.out, self.weights))
    }

    /// Makes a piece of this range of the buffer, which begins where the last one ended.
    fn cut(&mut self, range: Range<usize>, last: bool) -> io::Result<()> {
        let mut parts = Vec::new();
        let mut missing = range.len();
        while let Some(first) = self.parts.front_mut().filter(|_| missing > 0) {
            let len = first.len.min(missing);
            let index = first.index;
            parts.push(Part { index, len });
            first.len -= len;
            missing -= len;
            if first.len == 0 {
                self.parts.pop_front();
            }
        }
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(&self.buffer[range]);
        let mut window = self.window.clone();
        window.extend_from_slice(&bytes[bytes.len().saturating_sub(WINDOW)..]);
        window.drain(..window.len().saturating_sub(WINDOW));
        let dictionary = std::mem::replace(&mut self.window, window);
        self.waiting.push(Piece {
            dictionary,
            bytes,
            parts,
            weigh: self.weigh,
            last,
        });
        if self.waiting.len() >= BATCH {
            self.pack_waiting()?;
        }
        Ok(())
    }

    fn pack_waiting(&mut self) -> io::Result<()> {
        let pieces = std::mem::take(&mut self.waiting);
        let mut results: Vec<Option<io::Result<Packed>>> = pieces.iter().map(|_| None).collect();
        let jobs = pieces
            .iter()
            .zip(&mut results)
            .map(|(piece, result)| Box::new(|| *result = Some(piece.pack())) as Job<'_>);
        self.workers.run(jobs.collect());
        self.spare
            .extend(pieces.into_iter().map(|piece| piece.bytes));
        for packed in results {
            let packed = packed.ok_or_else(|| io::Error::other("a worker lost its job"))??;
            self.out.write_all(&packed.bytes)?;
            self.crc.combine(&packed.crc);
            for (index, weight) in packed.weights {
                self.weights[index] += weight;
            }
        }
        Ok(())
    }
}

impl Piece {
    fn pack(&self) -> io::Result<Packed> {
        let mut crc = Crc::new();
        crc.update(&self.bytes);
        let bytes = self.deflate()?;
        let weights = if self.weigh {
            self.weights(bytes.len())?
        } else {
            Vec::new()
        };
        Ok(Packed {
            bytes,
            crc,
            weights,
        })
    }

    fn deflate(&self) -> io::Result<Vec<u8>> {
        // Always a new one: zlib-rs remembers some of its past when it is reset, and then the bytes
        // would depend on who packed what before.
        let mut deflate = Compress::new(Compression::new(LEVEL), false);
        if !self.dictionary.is_empty() {
            deflate.set_dictionary(&self.dictionary)?;
        }
        let flush = if self.last {
            FlushCompress::Finish
        } else {
            FlushCompress::Sync
        };
        let mut out = Vec::with_capacity(self.bytes.len() / 4 + 1024);
        let mut read = 0;
        loop {
            let before = deflate.total_in();
            let status = deflate.compress_vec(&self.bytes[read..], &mut out, flush)?;
            read += usize::try_from(deflate.total_in() - before).unwrap_or_default();
            let done = if self.last {
                status == Status::StreamEnd
            } else {
                // With room left over there is nothing more to come.
                read == self.bytes.len() && out.len() < out.capacity()
            };
            if done {
                return Ok(out);
            }
            out.reserve(out.capacity().max(1024));
        }
    }

    /// What each part has of the `packed` bytes of this piece, in 65 536ths of a byte.
    fn weights(&self, packed: usize) -> io::Result<Vec<(usize, u64)>> {
        let packed = packed as u64 * 65_536;
        if let [part] = self.parts[..] {
            return Ok(vec![(part.index, packed)]);
        }
        let mut estimate = DeflateEncoder::new(Vec::new(), Compression::new(ESTIMATE_LEVEL));
        let mut estimates = Vec::with_capacity(self.parts.len());
        let mut bytes = &self.bytes[..];
        for part in &self.parts {
            let (own, rest) = bytes.split_at(part.len);
            let before = estimate.get_ref().len();
            estimate.write_all(own)?;
            estimate.flush()?;
            estimates.push((part.index, (estimate.get_ref().len() - before) as u64));
            bytes = rest;
        }
        let sum = estimates
            .iter()
            .map(|&(_, length)| length)
            .sum::<u64>()
            .max(1);
        for (_, length) in &mut estimates {
            *length = (u128::from(*length) * u128::from(packed) / u128::from(sum)) as u64;
        }
        Ok(estimates)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    /// Runs the jobs last one first, on threads of their own.
    struct Backwards;

    impl Workers for Backwards {
        fn run(&self, jobs: Vec<Job<'_>>) {
            std::thread::scope(|scope| {
                for job in jobs.into_iter().rev() {
                    scope.spawn(job);
                }
            });
        }
    }

    fn pack(parts: &[Vec<u8>], workers: &dyn Workers) -> (Vec<u8>, Vec<u64>) {
        let mut gzip = Gzip::new(Vec::new(), workers, true).unwrap();
        for part in parts {
            let write = |out: &mut Vec<u8>| out.write_all(part);
            gzip.append(part.len(), write).unwrap();
        }
        gzip.finish().unwrap()
    }

    /// Parts from nothing to several pieces, neither all alike nor all noise.
    fn parts() -> Vec<Vec<u8>> {
        let mut state = 1u32;
        let mut noise = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 28) as u8 + b'a'
        };
        [0, 700, 100_000, 300, 3 * PIECE + 17, PIECE, 1, 40_000]
            .map(|length| (0..length).map(|_| noise()).collect())
            .to_vec()
    }

    #[test]
    fn the_header_is_that_of_helm() {
        let (packed, weights) = pack(&[], &Inline);
        assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0x14, 0, 0, 0, 0, 0, 255]);
        assert_eq!(packed[10..12], 41u16.to_le_bytes());
        assert_eq!(&packed[53..58], b"Helm\0");
        assert!(weights.is_empty());
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert!(unpacked.is_empty());
    }

    #[test]
    fn pieces_make_one_stream_whoever_packs_them() {
        let parts = parts();
        let (packed, weights) = pack(&parts, &Inline);
        assert_eq!((packed.clone(), weights), pack(&parts, &Backwards));
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert!(unpacked == parts.concat());
    }

    #[test]
    fn pieces_cost_little_against_one_stream() {
        let text = parts().concat();
        let mut whole = flate2::write::GzEncoder::new(Vec::new(), Compression::new(LEVEL));
        whole.write_all(&text).unwrap();
        let whole = whole.finish().unwrap().len();
        let pieces = pack(&[text], &Inline).0.len();
        assert!(pieces < whole + whole / 100, "{pieces} against {whole}");
    }

    #[test]
    fn a_part_weighs_what_it_adds() {
        let (packed, weights) = pack(&parts(), &Inline);
        let sum: u64 = weights.iter().sum();
        let total = (packed.len() - HEADER.len() - 8) as u64 * 65_536;
        assert!(
            sum <= total && sum > total - 65_536 * 10,
            "{sum} of {total}"
        );
        assert!(weights[4] > 2 * weights[5] && weights[5] > 2 * weights[2]);
    }
}
