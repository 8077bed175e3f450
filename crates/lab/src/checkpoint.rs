//! A run frozen in the middle: a checked binary container of named numbers, arrays and texts.
//!
//! # Layout
//! Everything little-endian: 8 bytes `CELLWCKP`, version (u32), length of the body (u64), body, FNV-1a checksum of all before it (u64).
//! Body: design hash (u64), index of the protocol step (u64), test time and time within the step (f64 each), then three lists
//! (numbers u64, texts, arrays of f64), each a count (u32) followed by entries of name (u32 length, UTF-8) and value; texts and arrays begin with their length (u64).
//! Floats keep all their bits. A single changed byte is always noticed, since every step of the checksum is a bijection.

use std::collections::BTreeMap;

use cellwright_base::diagnostic::{Diagnostic, ErrorKind};

const MAGIC: &[u8; 8] = b"CELLWCKP";
/// Version of the container written by this program.
pub const VERSION: u32 = 2;
const HEADER: usize = 8 + 4 + 8;

/// The state of a run: where it is and everything needed to go on.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Checkpoint {
    /// [`hash`] of the design that was run, so that a checkpoint is not taken up by another one.
    pub design_hash: u64,
    /// [`Leaf::index`](crate::protocol::Leaf::index) of the step in progress.
    pub step: u64,
    /// Time since the start of the test, s.
    pub time: f64,
    /// Time since the start of the step, s.
    pub step_time: f64,
    /// Named whole numbers.
    pub numbers: BTreeMap<String, u64>,
    /// Named texts.
    pub texts: BTreeMap<String, String>,
    /// Named arrays: state vectors, accumulators, result columns.
    pub arrays: BTreeMap<String, Vec<f64>>,
}

/// Why a checkpoint cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The file is something else.
    #[error("this is not a checkpoint of Cellwright")]
    Foreign,
    /// Written by a version with another layout.
    #[error("the checkpoint has format {found}, this version reads format {VERSION}")]
    Version {
        /// Version in the file.
        found: u32,
    },
    /// The file ends too early.
    #[error("the checkpoint is cut off: {found} bytes of {expected}")]
    Truncated {
        /// Bytes there.
        found: u64,
        /// Bytes announced.
        expected: u64,
    },
    /// The checksum or the structure does not hold.
    #[error("the checkpoint is damaged: {what}")]
    Damaged {
        /// What does not hold.
        what: &'static str,
    },
    /// An entry that the reader needs is absent.
    #[error("the checkpoint has no entry `{name}`")]
    Missing {
        /// Name of the entry.
        name: String,
    },
    /// The design differs from the one that was run.
    #[error("the checkpoint belongs to another design")]
    OtherDesign,
}

impl CheckpointError {
    /// Kind of the error, for the exit code.
    pub fn kind(&self) -> ErrorKind {
        match self {
            CheckpointError::OtherDesign | CheckpointError::Foreign => ErrorKind::Input,
            CheckpointError::Version { .. } => ErrorKind::Unsupported,
            _ => ErrorKind::Io,
        }
    }

    /// The finding to show, with what to do about it.
    pub fn diagnostic(&self) -> Diagnostic {
        let d = Diagnostic::error(self.kind(), "E401", self.to_string());
        match self {
            CheckpointError::OtherDesign => d.help("run without --resume, or restore the design as it was"),
            CheckpointError::Version { .. } => d.help("resume with the version that wrote it, or run without --resume"),
            _ => d.help("run without --resume"),
        }
    }
}

/// FNV-1a of `bytes`: the hash of a design, and the checksum of the container. Not for secrets.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

impl Checkpoint {
    /// An array by name.
    ///
    /// # Errors
    /// [`CheckpointError::Missing`].
    pub fn array(&self, name: &str) -> Result<&[f64], CheckpointError> {
        self.arrays
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| CheckpointError::Missing { name: name.to_owned() })
    }

    /// A number by name.
    ///
    /// # Errors
    /// [`CheckpointError::Missing`].
    pub fn number(&self, name: &str) -> Result<u64, CheckpointError> {
        self.numbers
            .get(name)
            .copied()
            .ok_or_else(|| CheckpointError::Missing { name: name.to_owned() })
    }

    /// A text by name.
    ///
    /// # Errors
    /// [`CheckpointError::Missing`].
    pub fn text(&self, name: &str) -> Result<&str, CheckpointError> {
        self.texts
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| CheckpointError::Missing { name: name.to_owned() })
    }

    /// Refuses a checkpoint of another design.
    ///
    /// # Errors
    /// [`CheckpointError::OtherDesign`].
    pub fn check_design(&self, design_hash: u64) -> Result<(), CheckpointError> {
        if self.design_hash == design_hash {
            Ok(())
        } else {
            Err(CheckpointError::OtherDesign)
        }
    }

    /// The container as bytes, to be written in one piece.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for n in [self.design_hash, self.step, self.time.to_bits(), self.step_time.to_bits()] {
            body.extend(n.to_le_bytes());
        }
        let count = |n: usize, body: &mut Vec<u8>| body.extend(u32::try_from(n).expect("invariant: fewer than 2^32 entries").to_le_bytes());
        let name = |n: &str, body: &mut Vec<u8>| {
            count(n.len(), body);
            body.extend(n.as_bytes());
        };
        count(self.numbers.len(), &mut body);
        for (n, value) in &self.numbers {
            name(n, &mut body);
            body.extend(value.to_le_bytes());
        }
        count(self.texts.len(), &mut body);
        for (n, text) in &self.texts {
            name(n, &mut body);
            body.extend((text.len() as u64).to_le_bytes());
            body.extend(text.as_bytes());
        }
        count(self.arrays.len(), &mut body);
        for (n, array) in &self.arrays {
            name(n, &mut body);
            body.extend((array.len() as u64).to_le_bytes());
            body.extend(array.iter().flat_map(|x| x.to_le_bytes()));
        }
        let mut bytes = Vec::with_capacity(HEADER + body.len() + 8);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((body.len() as u64).to_le_bytes());
        bytes.extend(body);
        bytes.extend(hash(&bytes).to_le_bytes());
        bytes
    }

    /// Reads what [`Checkpoint::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`CheckpointError`] for a foreign, cut off, damaged or differently versioned file. Never panics, never reserves more memory than the file is long.
    pub fn from_bytes(bytes: &[u8]) -> Result<Checkpoint, CheckpointError> {
        let mut head = Reader { rest: bytes };
        if bytes.len() < MAGIC.len() && !bytes.is_empty() && MAGIC.starts_with(bytes) {
            return Err(CheckpointError::Truncated {
                found: bytes.len() as u64,
                expected: HEADER as u64,
            });
        }
        if head.take(8).ok() != Some(MAGIC.as_slice()) {
            return Err(CheckpointError::Foreign);
        }
        let short = |expected: u64| CheckpointError::Truncated {
            found: bytes.len() as u64,
            expected,
        };
        let found = head.u32().map_err(|_| short(HEADER as u64))?;
        if found != VERSION {
            return Err(CheckpointError::Version { found });
        }
        let length = head.u64().map_err(|_| short(HEADER as u64))?;
        let expected = length
            .checked_add(HEADER as u64 + 8)
            .ok_or(CheckpointError::Damaged { what: "impossible length" })?;
        if (bytes.len() as u64) < expected {
            return Err(short(expected));
        }
        if bytes.len() as u64 > expected {
            return Err(CheckpointError::Damaged {
                what: "bytes after the end",
            });
        }
        let (content, checksum) = bytes.split_at(bytes.len() - 8);
        if hash(content).to_le_bytes() != checksum {
            return Err(CheckpointError::Damaged {
                what: "the checksum differs",
            });
        }
        let mut body = Reader { rest: &content[HEADER..] };
        let checkpoint = body.checkpoint()?;
        if body.rest.is_empty() {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Damaged { what: "unread entries" })
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], CheckpointError> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(CheckpointError::Damaged {
            what: "an entry is longer than the file",
        })?;
        self.rest = rest;
        Ok(head)
    }

    fn u32(&mut self) -> Result<u32, CheckpointError> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().expect("invariant: four bytes")))
    }

    fn u64(&mut self) -> Result<u64, CheckpointError> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("invariant: eight bytes")))
    }

    fn f64(&mut self) -> Result<f64, CheckpointError> {
        Ok(f64::from_bits(self.u64()?))
    }

    /// Bytes of `n` things of `size` bytes each.
    fn many(&mut self, n: u64, size: usize) -> Result<&'a [u8], CheckpointError> {
        let bytes = usize::try_from(n).ok().and_then(|n| n.checked_mul(size));
        self.take(bytes.ok_or(CheckpointError::Damaged { what: "impossible length" })?)
    }

    fn text(&mut self, n: u64) -> Result<String, CheckpointError> {
        let bytes = self.many(n, 1)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| CheckpointError::Damaged {
            what: "a text is not UTF-8",
        })
    }

    fn name(&mut self) -> Result<String, CheckpointError> {
        let n = self.u32()?;
        self.text(u64::from(n))
    }

    fn checkpoint(&mut self) -> Result<Checkpoint, CheckpointError> {
        let mut c = Checkpoint {
            design_hash: self.u64()?,
            step: self.u64()?,
            time: self.f64()?,
            step_time: self.f64()?,
            ..Checkpoint::default()
        };
        for _ in 0..self.u32()? {
            c.numbers.insert(self.name()?, self.u64()?);
        }
        for _ in 0..self.u32()? {
            let name = self.name()?;
            let n = self.u64()?;
            c.texts.insert(name, self.text(n)?);
        }
        for _ in 0..self.u32()? {
            let name = self.name()?;
            let n = self.u64()?;
            let floats = self.many(n, 8)?.chunks_exact(8);
            c.arrays.insert(
                name,
                floats
                    .map(|b| f64::from_le_bytes(b.try_into().expect("invariant: eight bytes")))
                    .collect(),
            );
        }
        Ok(c)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn checkpoint() -> impl Strategy<Value = Checkpoint> {
        use prop::collection::{btree_map, vec};
        (
            any::<[u64; 4]>(),
            btree_map(".{0,8}", any::<u64>(), 0..4),
            btree_map(".{0,8}", ".{0,30}", 0..4),
            btree_map(".{0,8}", vec(any::<u64>().prop_map(f64::from_bits), 0..20), 0..4),
        )
            .prop_map(|([design_hash, step, time, step_time], numbers, texts, arrays)| Checkpoint {
                design_hash,
                step,
                time: f64::from_bits(time),
                step_time: f64::from_bits(step_time),
                numbers,
                texts,
                arrays,
            })
    }

    proptest! {
        #[test]
        fn every_bit_comes_back(c in checkpoint()) {
            let bytes = c.to_bytes();
            let back = Checkpoint::from_bytes(&bytes).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(back.to_bytes(), bytes);
        }

        #[test]
        fn damage_is_noticed(c in checkpoint(), at in any::<prop::sample::Index>(), flip in 1u8.., cut in any::<prop::sample::Index>()) {
            let mut bytes = c.to_bytes();
            prop_assert!(Checkpoint::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
            let i = at.index(bytes.len());
            bytes[i] ^= flip;
            prop_assert!(Checkpoint::from_bytes(&bytes).is_err());
        }

        #[test]
        fn arbitrary_bodies_never_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = Vec::new();
            bytes.extend(MAGIC);
            bytes.extend(VERSION.to_le_bytes());
            bytes.extend((body.len() as u64).to_le_bytes());
            bytes.extend(body);
            bytes.extend(hash(&bytes).to_le_bytes());
            let _ = Checkpoint::from_bytes(&bytes);
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let mut c = Checkpoint {
            design_hash: 7,
            ..Checkpoint::default()
        };
        c.arrays.insert("state".into(), vec![1.0, f64::NAN]);
        let bytes = c.to_bytes();
        assert_eq!(Checkpoint::from_bytes(b"PK\x03\x04 something"), Err(CheckpointError::Foreign));
        assert_eq!(Checkpoint::from_bytes(b""), Err(CheckpointError::Foreign));
        assert!(matches!(
            Checkpoint::from_bytes(&bytes[..30]),
            Err(CheckpointError::Truncated { found: 30, .. })
        ));
        assert!(matches!(
            Checkpoint::from_bytes(&bytes[..5]),
            Err(CheckpointError::Truncated { found: 5, .. })
        ));
        let mut newer = bytes.clone();
        newer[8] = 3;
        assert_eq!(Checkpoint::from_bytes(&newer), Err(CheckpointError::Version { found: 3 }));
        assert_eq!(c.check_design(8), Err(CheckpointError::OtherDesign));
        assert_eq!(c.array("nothing"), Err(CheckpointError::Missing { name: "nothing".into() }));
        assert_eq!(c.array("state").unwrap().len(), 2);
        assert_eq!(CheckpointError::OtherDesign.kind().exit_code(), 2);
        assert!(CheckpointError::Foreign.diagnostic().to_string().contains("--resume"));
    }

    #[test]
    fn hash_is_fnv_1a() {
        assert_eq!((hash(b""), hash(b"a")), (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c));
    }
}
