//! Any serialisable summary as indented JSON that ends with a line break.

use std::io::{Result, Write};

/// Writes `value` as indented JSON; numbers that are not finite become `null`.
pub fn write_json(value: &impl serde::Serialize, sink: &mut impl Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *sink, value)?;
    sink.write_all(b"\n")
}
