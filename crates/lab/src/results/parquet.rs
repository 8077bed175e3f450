//! The time series as an Apache Parquet file: one row group, plain encoding, no compression.
//!
//! Nothing more of the format is needed for columns of plain numbers, and a table of results is small; in exchange no dependency is built.
//!
//! # Source
//! Apache Parquet format 2.x (`parquet.thrift`) and the Thrift compact protocol.
//!
//! # Verification
//! `tests/oracle_bdf.rs` reads the files with pyarrow.

use std::io::{Result, Write};

use super::{Column, TimeSeries};

const MAGIC: &[u8; 4] = b"PAR1";
/// Values in one page; keeps pages near the size that readers expect (1 MiB).
const PAGE_ROWS: usize = 1 << 17;
const TYPE_INT64: i64 = 2;
const TYPE_DOUBLE: i64 = 5;
const REQUIRED: i64 = 0;
const PLAIN: i64 = 0;
const RLE: i64 = 3;
const UNCOMPRESSED: i64 = 0;

/// Writes the whole file: counts as 64-bit integers, everything else as 64-bit floats. Values that are not finite stay as they are.
pub fn write_parquet(series: &TimeSeries, sink: &mut impl Write) -> Result<()> {
    sink.write_all(MAGIC)?;
    let mut at = MAGIC.len();
    let mut chunks = Vec::with_capacity(series.columns().len());
    for column in series.columns() {
        let start = at;
        for first in (0..series.len()).step_by(PAGE_ROWS) {
            let rows = first..series.len().min(first + PAGE_ROWS);
            let header = page_header(rows.len());
            sink.write_all(&header)?;
            at += header.len() + 8 * rows.len();
            let bytes: Vec<u8> = rows.flat_map(|row| plain(column, row)).collect();
            sink.write_all(&bytes)?;
        }
        chunks.push((start, at - start));
    }
    let footer = file_metadata(series, &chunks);
    sink.write_all(&footer)?;
    sink.write_all(&u32::try_from(footer.len()).map_err(std::io::Error::other)?.to_le_bytes())?;
    sink.write_all(MAGIC)
}

fn plain(column: &Column, row: usize) -> [u8; 8] {
    let value = column.in_file(row) + 0.0;
    if column.is_count() {
        (value as i64).to_le_bytes()
    } else {
        value.to_le_bytes()
    }
}

fn physical_type(column: &Column) -> i64 {
    if column.is_count() { TYPE_INT64 } else { TYPE_DOUBLE }
}

fn page_header(rows: usize) -> Vec<u8> {
    let mut t = Compact::default();
    t.int(1, I32, 0); // data page
    t.int(2, I32, 8 * rows as i64);
    t.int(3, I32, 8 * rows as i64);
    t.begin(5);
    t.int(1, I32, rows as i64);
    t.int(2, I32, PLAIN);
    t.int(3, I32, RLE);
    t.int(4, I32, RLE);
    t.end();
    t.finish()
}

fn file_metadata(series: &TimeSeries, chunks: &[(usize, usize)]) -> Vec<u8> {
    let columns = series.columns();
    let mut t = Compact::default();
    t.int(1, I32, 2); // version of the format
    t.list(2, STRUCT, columns.len() + 1);
    t.element();
    t.text(4, "schema");
    t.int(5, I32, columns.len() as i64);
    t.end();
    for column in columns {
        t.element();
        t.int(1, I32, physical_type(column));
        t.int(3, I32, REQUIRED);
        t.text(4, &column.label);
        t.end();
    }
    t.int(3, I64, series.len() as i64);
    let total: usize = chunks.iter().map(|(_, size)| size).sum();
    let groups = usize::from(!series.is_empty());
    t.list(4, STRUCT, groups);
    if groups > 0 {
        t.element();
        t.list(1, STRUCT, columns.len());
        for (column, (start, size)) in columns.iter().zip(chunks) {
            t.element();
            t.int(2, I64, *start as i64);
            t.begin(3);
            t.int(1, I32, physical_type(column));
            t.list(2, I32, 1);
            t.bare_int(PLAIN);
            t.list(3, BINARY, 1);
            t.bare_text(&column.label);
            t.int(4, I32, UNCOMPRESSED);
            t.int(5, I64, series.len() as i64);
            t.int(6, I64, *size as i64);
            t.int(7, I64, *size as i64);
            t.int(9, I64, *start as i64);
            t.end();
            t.end();
        }
        t.int(2, I64, total as i64);
        t.int(3, I64, series.len() as i64);
        t.end();
    }
    t.text(6, concat!("cellwright version ", env!("CARGO_PKG_VERSION")));
    t.finish()
}

const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Writer of the Thrift compact protocol; the outermost struct is open from the start.
struct Compact {
    bytes: Vec<u8>,
    /// Number of the last field in every open struct.
    last: Vec<i16>,
}

impl Default for Compact {
    fn default() -> Compact {
        Compact {
            bytes: vec![],
            last: vec![0],
        }
    }
}

impl Compact {
    fn field(&mut self, id: i16, kind: u8) {
        let last = self.last.last_mut().expect("invariant: a struct is open");
        let step = id - *last;
        *last = id;
        debug_assert!(
            (1..=15).contains(&step),
            "fields of parquet structs are written in order, without long gaps"
        );
        self.bytes.push((step as u8) << 4 | kind);
    }

    fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn bare_int(&mut self, n: i64) {
        self.varint(((n << 1) ^ (n >> 63)) as u64);
    }

    fn bare_text(&mut self, text: &str) {
        self.varint(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn int(&mut self, id: i16, kind: u8, n: i64) {
        self.field(id, kind);
        self.bare_int(n);
    }

    fn text(&mut self, id: i16, text: &str) {
        self.field(id, BINARY);
        self.bare_text(text);
    }

    /// A struct as a field; close it with `end`.
    fn begin(&mut self, id: i16) {
        self.field(id, STRUCT);
        self.element();
    }

    /// A struct as an element of a list; close it with `end`.
    fn element(&mut self) {
        self.last.push(0);
    }

    fn end(&mut self) {
        self.last.pop();
        self.bytes.push(0);
    }

    /// Header of a list; its elements follow.
    fn list(&mut self, id: i16, kind: u8, n: usize) {
        self.field(id, LIST);
        if n < 15 {
            self.bytes.push((n as u8) << 4 | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            self.varint(n as u64);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.end();
        self.bytes
    }
}
