//! The time series as comma-separated text, every number with the fewest digits that read back exactly.

use std::io::{Result, Write};

use super::TimeSeries;

/// Writes a heading line and one line per row. Values that are not finite are left empty.
pub fn write_csv(series: &TimeSeries, sink: &mut impl Write) -> Result<()> {
    let mut line = Vec::with_capacity(32 * series.columns().len());
    for (i, column) in series.columns().iter().enumerate() {
        if i > 0 {
            line.push(b',');
        }
        quoted(&column.label, &mut line);
    }
    line.push(b'\n');
    sink.write_all(&line)?;
    let mut digits = zmij::Buffer::new();
    for row in 0..series.len() {
        line.clear();
        for (i, column) in series.columns().iter().enumerate() {
            if i > 0 {
                line.push(b',');
            }
            let value = column.in_file(row);
            if !value.is_finite() {
                continue;
            }
            let text = digits.format_finite(value + 0.0);
            let text = if column.is_count() {
                text.strip_suffix(".0").unwrap_or(text)
            } else {
                text
            };
            line.extend_from_slice(text.as_bytes());
        }
        line.push(b'\n');
        sink.write_all(&line)?;
    }
    Ok(())
}

fn quoted(label: &str, line: &mut Vec<u8>) {
    if label.contains([',', '"', '\n', '\r']) {
        line.extend_from_slice(format!("\"{}\"", label.replace('"', "\"\"")).as_bytes());
    } else {
        line.extend_from_slice(label.as_bytes());
    }
}
