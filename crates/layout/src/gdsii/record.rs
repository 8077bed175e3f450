//! The records of a GDSII stream: names, types of their data, and a reader that takes one after the other.

use crate::error::LayoutError;
use std::io::Read;

/// Declares the record types with their code and the code of their data type.
macro_rules! records {
    ($($name:ident = $code:literal, $data:literal;)*) => {
        $(pub(super) const $name: u8 = $code;)*

        /// Name of a record type.
        pub(super) fn name(code: u8) -> String {
            match code {
                $($code => String::from(stringify!($name)),)*
                other => format!("of unknown type 0x{other:02x}"),
            }
        }

        /// Data type that the format prescribes for a record type.
        pub(super) fn data_type(code: u8) -> Option<u8> {
            match code {
                $($code => Some($data),)*
                _ => None,
            }
        }
    };
}

records! {
    HEADER = 0x00, 2; BGNLIB = 0x01, 2; LIBNAME = 0x02, 6; UNITS = 0x03, 5; ENDLIB = 0x04, 0; BGNSTR = 0x05, 2;
    STRNAME = 0x06, 6; ENDSTR = 0x07, 0; BOUNDARY = 0x08, 0; PATH = 0x09, 0; SREF = 0x0a, 0; AREF = 0x0b, 0;
    TEXT = 0x0c, 0; LAYER = 0x0d, 2; DATATYPE = 0x0e, 2; WIDTH = 0x0f, 3; XY = 0x10, 3; ENDEL = 0x11, 0;
    SNAME = 0x12, 6; COLROW = 0x13, 2; NODE = 0x15, 0; TEXTTYPE = 0x16, 2; PRESENTATION = 0x17, 1; STRING = 0x19, 6;
    STRANS = 0x1a, 1; MAG = 0x1b, 5; ANGLE = 0x1c, 5; REFLIBS = 0x1f, 6; FONTS = 0x20, 6; PATHTYPE = 0x21, 2;
    GENERATIONS = 0x22, 2; ATTRTABLE = 0x23, 6; ELFLAGS = 0x26, 1; NODETYPE = 0x2a, 2; PROPATTR = 0x2b, 2;
    PROPVALUE = 0x2c, 6; BOX = 0x2d, 0; BOXTYPE = 0x2e, 2; PLEX = 0x2f, 3; BGNEXTN = 0x30, 3; ENDEXTN = 0x31, 3;
    STRCLASS = 0x34, 1; FORMAT = 0x36, 2; MASK = 0x37, 6; ENDMASKS = 0x38, 0; LIBDIRSIZE = 0x39, 2; SRFNAME = 0x3a, 6;
    LIBSECUR = 0x3b, 2;
}

/// Takes records out of a stream; holds one of them (at most 64 KiB) at a time.
pub(super) struct Records<R> {
    source: R,
    /// Bytes read from the source; those before `start` are used up.
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    /// Place of `start` in the stream.
    position: u64,
    /// Place of the current record in the stream.
    pub(super) offset: u64,
    /// Type of the current record.
    pub(super) code: u8,
    data: std::ops::Range<usize>,
}

const BUFFER: usize = 1 << 18;

impl<R: Read> Records<R> {
    pub(super) fn new(source: R) -> Records<R> {
        Records {
            source,
            buffer: vec![0; BUFFER],
            start: 0,
            filled: 0,
            position: 0,
            offset: 0,
            code: 0,
            data: 0..0,
        }
    }

    /// Goes to the next record.
    pub(super) fn advance(&mut self, allowed: &str) -> Result<(), LayoutError> {
        self.offset = self.position;
        self.require(4, allowed)?;
        let head = &self.buffer[self.start..self.start + 4];
        let length = usize::from(u16::from_be_bytes([head[0], head[1]]));
        let (code, data_type) = (head[2], head[3]);
        self.code = code;
        if length < 4 || length % 2 != 0 {
            return Err(self.error(format!("a length of {length} bytes"), "an even length of at least 4 bytes"));
        }
        self.require(length, allowed)?;
        match self::data_type(code) {
            None => return Err(self.error(format!("record type 0x{code:02x}"), allowed)),
            Some(expected) if expected != data_type && !(length == 4 && expected != 0) => {
                return Err(self.error(format!("data of type {data_type}"), &format!("data of type {expected}")));
            }
            Some(0) if length != 4 => return Err(self.error(format!("{} bytes of data", length - 4), "no data")),
            Some(_) => {}
        }
        self.data = self.start + 4..self.start + length;
        self.start += length;
        self.position += length as u64;
        Ok(())
    }

    /// Number of bytes after the current record that are not zero, up to the end of the stream.
    pub(super) fn trailing(&mut self) -> Result<u64, LayoutError> {
        let mut count = self.buffer[self.start..self.filled].iter().filter(|&&b| b != 0).count() as u64;
        loop {
            let n = read_some(&mut self.source, &mut self.buffer)?;
            if n == 0 {
                return Ok(count);
            }
            count += self.buffer[..n].iter().filter(|&&b| b != 0).count() as u64;
        }
    }

    /// Makes sure that `count` bytes from `start` on are in the buffer.
    fn require(&mut self, count: usize, allowed: &str) -> Result<(), LayoutError> {
        if self.filled - self.start >= count {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        while self.filled < count {
            let n = read_some(&mut self.source, &mut self.buffer[self.filled..])?;
            if n == 0 {
                let left = self.filled;
                let record = if left < 4 { String::from("(none)") } else { name(self.code) };
                let found = match left {
                    0 => String::from("the end of the file"),
                    _ => format!("the end of the file after {left} of {count} bytes"),
                };
                return Err(LayoutError::Gdsii {
                    offset: self.offset,
                    record,
                    found,
                    allowed: allowed.to_owned(),
                });
            }
            self.filled += n;
        }
        Ok(())
    }

    pub(super) fn error(&self, found: impl Into<String>, allowed: &str) -> LayoutError {
        LayoutError::Gdsii {
            offset: self.offset,
            record: name(self.code),
            found: found.into(),
            allowed: allowed.to_owned(),
        }
    }

    /// Error of a record that must not stand here.
    pub(super) fn misplaced(&self, allowed: &str) -> LayoutError {
        self.error(format!("record {}", name(self.code)), allowed)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.data.clone()]
    }

    fn numbers<const N: usize>(&self, count: usize) -> Result<impl Iterator<Item = [u8; N]>, LayoutError> {
        let bytes = self.bytes();
        if bytes.len() != N * count {
            return Err(self.error(format!("{} bytes of data", bytes.len()), &format!("{} bytes of data", N * count)));
        }
        Ok(bytes.as_chunks::<N>().0.iter().copied())
    }

    /// The only 16-bit number of the record.
    pub(super) fn short(&self) -> Result<u16, LayoutError> {
        Ok(self.numbers::<2>(1)?.map(u16::from_be_bytes).next().unwrap_or(0))
    }

    /// The two 16-bit numbers of the record.
    pub(super) fn two_shorts(&self) -> Result<[u16; 2], LayoutError> {
        let mut numbers = self.numbers::<2>(2)?.map(u16::from_be_bytes);
        Ok([numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)])
    }

    /// The only 32-bit number of the record.
    pub(super) fn long(&self) -> Result<i32, LayoutError> {
        Ok(self.numbers::<4>(1)?.map(i32::from_be_bytes).next().unwrap_or(0))
    }

    /// The first of `count` reals, all of which must be there.
    pub(super) fn reals<const N: usize>(&self) -> Result<[f64; N], LayoutError> {
        let mut numbers = self.numbers::<8>(N)?.map(super::real::decode);
        Ok(std::array::from_fn(|_| numbers.next().unwrap_or(0.0)))
    }

    /// A name of printable ASCII characters, padding zeros removed.
    pub(super) fn text(&self) -> Result<String, LayoutError> {
        let bytes = self.bytes();
        let end = bytes.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
        let bytes = &bytes[..end];
        if bytes.is_empty() {
            return Err(self.error("an empty name", "printable ASCII characters"));
        }
        match bytes.iter().find(|b| !(0x20..0x7f).contains(*b)) {
            Some(b) => Err(self.error(format!("byte 0x{b:02x} in a name"), "printable ASCII characters")),
            None => Ok(bytes.iter().map(|&b| char::from(b)).collect()),
        }
    }

    /// Appends the points of an XY record.
    pub(super) fn points(&self, out: &mut Vec<[i32; 2]>) -> Result<(), LayoutError> {
        let bytes = self.bytes();
        if !bytes.len().is_multiple_of(8) || bytes.is_empty() {
            return Err(self.error(format!("{} bytes of coordinates", bytes.len()), "a multiple of 8, at least 8"));
        }
        let (points, _) = bytes.as_chunks::<8>();
        out.extend(
            points
                .iter()
                .map(|&[a, b, c, d, e, f, g, h]| [i32::from_be_bytes([a, b, c, d]), i32::from_be_bytes([e, f, g, h])]),
        );
        Ok(())
    }
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> Result<usize, LayoutError> {
    loop {
        match source.read(into) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            other => return Ok(other?),
        }
    }
}
