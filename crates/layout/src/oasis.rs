//! Writes a layout as an OASIS stream (SEMI P39).

use crate::error::LayoutError;
use crate::hierarchy::{Cell, Layer, Layout, Path, PathEnd, Point, Reference};
use crate::outline::path_outline;
use crate::placement::{Placement, Repetition};
use std::io::Write;

const MAGIC: &[u8] = b"%SEMI-OASIS\r\n";
/// Bytes collected before they go to the sink.
const CHUNK: usize = 1 << 18;
const START: u8 = 1;
const END: u8 = 2;
const CELLNAME: u8 = 3;
const CELL: u8 = 13;
const PLACEMENT: u8 = 17;
const PLACEMENT_MAGNIFIED: u8 = 18;
const RECTANGLE: u8 = 20;
const POLYGON: u8 = 21;
const PATH: u8 = 22;

/// Writes a layout; a quarter of a megabyte is held at a time.
///
/// Axis-parallel rectangles become rectangles, regular arrays repetitions. Paths stay paths unless their ends are round,
/// their width is odd or absolute, or a custom end lies before the end point: then their outline is written, since the
/// format has nothing for them. The stream is not compressed and carries no checksum.
///
/// # Errors
/// Those of [`Layout::bottom_up`], [`LayoutError::Name`] and [`LayoutError::Range`], [`LayoutError::Io`] from the sink.
pub fn write(layout: &Layout, sink: impl Write) -> Result<(), LayoutError> {
    layout.bottom_up()?;
    let units_per_micrometre = 1e-6 / layout.database_unit;
    if !(units_per_micrometre.is_finite() && units_per_micrometre > 0.0) {
        return Err(range("database unit", &layout.name, layout.database_unit, "a positive length in m"));
    }
    let mut out = Sink {
        sink,
        buffer: Vec::with_capacity(CHUNK + 65_536),
    };
    out.buffer.extend_from_slice(MAGIC);
    out.buffer.push(START);
    out.text("1.0");
    // 1e-6 / 1e-9 is not exactly a thousand in binary; the nearest whole number is meant.
    let whole = units_per_micrometre.round();
    out.real(if (whole - units_per_micrometre).abs() < 1e-12 * whole {
        whole
    } else {
        units_per_micrometre
    });
    // Offsets of the name tables stand here (flag 0), and there are no such tables: six times not strict, at byte 0.
    out.buffer.extend_from_slice(&[0; 13]);
    for cell in &layout.cells {
        if cell.name.is_empty() || !cell.name.bytes().all(|b| (0x21..0x7f).contains(&b)) {
            return Err(LayoutError::Name {
                name: cell.name.clone(),
                limit: usize::MAX,
            });
        }
        out.buffer.push(CELLNAME);
        out.text(&cell.name);
        out.pass_on(CHUNK)?;
    }
    for (number, cell) in layout.cells.iter().enumerate() {
        out.buffer.push(CELL);
        out.unsigned(number as u64);
        for (layer, points) in cell.polygons.iter() {
            out.polygon(cell, layer, points)?;
            out.pass_on(CHUNK)?;
        }
        for path in &cell.paths {
            out.path(cell, path)?;
            out.pass_on(CHUNK)?;
        }
        for reference in &cell.references {
            out.reference(cell, reference)?;
            out.pass_on(CHUNK)?;
        }
    }
    // The end record is 256 bytes long: its number, padding with its length, and "no checksum".
    out.buffer.push(END);
    out.unsigned(252);
    out.buffer.extend_from_slice(&[0; 253]);
    out.pass_on(0)?;
    out.sink.flush()?;
    Ok(())
}

struct Sink<W> {
    sink: W,
    buffer: Vec<u8>,
}

fn range(quantity: &'static str, cell: &str, found: f64, allowed: &'static str) -> LayoutError {
    LayoutError::Range {
        quantity,
        cell: cell.to_owned(),
        found,
        allowed,
    }
}

/// Lower left corner and size if the points are those of an axis-parallel rectangle.
fn rectangle(points: &[Point]) -> Option<(Point, [u64; 2])> {
    let [a, b, c, d] = points else { return None };
    let turned = |k: usize| a[k] == b[k] && b[1 - k] == c[1 - k] && c[k] == d[k] && d[1 - k] == a[1 - k];
    if !(turned(0) || turned(1)) {
        return None;
    }
    let low = [a[0].min(c[0]), a[1].min(c[1])];
    Some((low, [0, 1].map(|k| u64::from(a[k].abs_diff(c[k])))))
}

impl<W: Write> Sink<W> {
    fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.buffer.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.buffer.push(value as u8);
    }

    /// Sign in the lowest bit.
    fn signed(&mut self, value: i64) {
        self.unsigned(value.unsigned_abs() << 1 | u64::from(value < 0));
    }

    fn text(&mut self, text: &str) {
        self.unsigned(text.len() as u64);
        self.buffer.extend_from_slice(text.as_bytes());
    }

    fn real(&mut self, value: f64) {
        if value >= 0.0 && value < 2_f64.powi(53) && value.fract() == 0.0 {
            self.buffer.push(0);
            self.unsigned(value as u64);
        } else {
            self.buffer.push(7);
            self.buffer.extend_from_slice(&value.to_le_bytes());
        }
    }

    /// A displacement in its general form: both components, signs in the lowest free bits.
    fn displacement(&mut self, [x, y]: [i64; 2]) {
        self.unsigned(x.unsigned_abs() << 2 | u64::from(x < 0) << 1 | 1);
        self.signed(y);
    }

    /// Points after the first one, as steps: along the axes where all are (list type 2), otherwise general (type 4).
    fn steps(&mut self, points: &[Point]) {
        let step = |w: &[Point]| [0, 1].map(|k| i64::from(w[1][k]) - i64::from(w[0][k]));
        let manhattan = points.windows(2).all(|w| w[0][0] == w[1][0] || w[0][1] == w[1][1]);
        self.buffer.push(if manhattan { 2 } else { 4 });
        self.unsigned(points.len() as u64 - 1);
        for w in points.windows(2) {
            let [x, y] = step(w);
            if manhattan {
                // East, north, west, south.
                let direction = if y == 0 {
                    if x >= 0 { 0 } else { 2 }
                } else if y > 0 {
                    1
                } else {
                    3
                };
                self.unsigned(x.unsigned_abs().max(y.unsigned_abs()) << 2 | direction);
            } else {
                self.displacement([x, y]);
            }
        }
    }

    fn layer(&mut self, layer: Layer) {
        self.unsigned(u64::from(layer.number));
        self.unsigned(u64::from(layer.datatype));
    }

    fn position(&mut self, p: [i64; 2]) {
        self.signed(p[0]);
        self.signed(p[1]);
    }

    fn polygon(&mut self, cell: &Cell, layer: Layer, points: &[Point]) -> Result<(), LayoutError> {
        if points.len() < 3 {
            return Err(range("number of points of a polygon", &cell.name, points.len() as f64, "3 or more"));
        }
        if let Some((low, [width, height])) = rectangle(points) {
            let square = width == height;
            // S W H X Y R D L: a square has no height of its own.
            self.buffer
                .extend_from_slice(&[RECTANGLE, if square { 0b1101_1011 } else { 0b0111_1011 }]);
            self.layer(layer);
            self.unsigned(width);
            if !square {
                self.unsigned(height);
            }
            self.position(low.map(i64::from));
            return Ok(());
        }
        // 0 0 P X Y R D L
        self.buffer.extend_from_slice(&[POLYGON, 0b0011_1011]);
        self.layer(layer);
        self.steps(points);
        self.position(points[0].map(i64::from));
        Ok(())
    }

    fn path(&mut self, cell: &Cell, path: &Path) -> Result<(), LayoutError> {
        if path.width == 0 {
            return Err(range("width of a path", &cell.name, 0.0, "other than 0"));
        }
        let ends = match path.end {
            PathEnd::Flush => Some([0, 0]),
            PathEnd::Extended => Some([path.width / 2; 2]),
            PathEnd::Custom { begin, end } => Some([begin, end]),
            PathEnd::Round => None,
        };
        let kept = ends.filter(|_| path.width > 0 && path.width % 2 == 0 && path.points.len() >= 2);
        let Some([begin, end]) = kept else {
            return self.polygon(cell, path.layer, &path_outline(path));
        };
        // E W P X Y R D L
        self.buffer.extend_from_slice(&[PATH, 0b1111_1011]);
        self.layer(path.layer);
        self.unsigned(path.width as u64 / 2);
        // Both extensions given as numbers.
        self.buffer.push(0b0000_1111);
        self.signed(i64::from(begin));
        self.signed(i64::from(end));
        self.steps(&path.points);
        self.position(path.points[0].map(i64::from));
        Ok(())
    }

    fn reference(&mut self, cell: &Cell, reference: &Reference) -> Result<(), LayoutError> {
        let number = reference.cell.0 as u64;
        let placement = &reference.placement;
        let origin = placement.origin.map(i64::from);
        let Some(repetition) = &reference.repetition else {
            return self.placement(cell, number, placement, origin, None);
        };
        if repetition.columns == 0 || repetition.rows == 0 {
            return Err(range("number of columns or rows", &cell.name, 0.0, "1 or more"));
        }
        match (repetition.whole_steps(), repetition.columns, repetition.rows) {
            (Some(_), 1, 1) => self.placement(cell, number, placement, origin, None),
            (Some(steps), ..) => self.placement(cell, number, placement, origin, Some((repetition, steps))),
            (None, columns, rows) => {
                for j in 0..rows {
                    for i in 0..columns {
                        let moved = repetition.displacement(i, j);
                        self.placement(cell, number, placement, [origin[0] + moved[0], origin[1] + moved[1]], None)?;
                        self.pass_on(CHUNK)?;
                    }
                }
                Ok(())
            }
        }
    }

    fn placement(
        &mut self,
        cell: &Cell,
        number: u64,
        placement: &Placement,
        origin: [i64; 2],
        array: Option<(&Repetition, [[i64; 2]; 2])>,
    ) -> Result<(), LayoutError> {
        if !(placement.magnification > 0.0 && placement.magnification.is_finite()) {
            return Err(range("magnification", &cell.name, placement.magnification, "a positive number"));
        }
        if !placement.rotation.is_finite() {
            return Err(range("rotation", &cell.name, placement.rotation, "a number of degrees"));
        }
        // C N X Y R, then two bits of rotation (or magnification and angle given), then the mirror.
        let common = 0b1111_0000 | if array.is_some() { 0b1000 } else { 0 } | u8::from(placement.mirror);
        match placement.quarter_turns().filter(|_| placement.magnification == 1.0) {
            Some(turns) => {
                self.buffer.extend_from_slice(&[PLACEMENT, common | turns << 1]);
                self.unsigned(number);
            }
            None => {
                self.buffer.extend_from_slice(&[PLACEMENT_MAGNIFIED, common | 0b0110]);
                self.unsigned(number);
                self.real(placement.magnification);
                self.real(placement.rotation);
            }
        }
        self.position(origin);
        let Some((repetition, [column, row])) = array else { return Ok(()) };
        let (columns, rows) = (u64::from(repetition.columns), u64::from(repetition.rows));
        match (columns, rows) {
            (n, 1) => self.line(n, column),
            (1, n) => self.line(n, row),
            _ => {
                self.buffer.push(8);
                self.unsigned(columns - 2);
                self.unsigned(rows - 2);
                self.displacement(column);
                self.displacement(row);
            }
        }
        Ok(())
    }

    fn line(&mut self, count: u64, step: [i64; 2]) {
        self.buffer.push(9);
        self.unsigned(count - 2);
        self.displacement(step);
    }

    /// Hands the buffer to the sink once it holds more than `limit` bytes.
    fn pass_on(&mut self, limit: usize) -> Result<(), LayoutError> {
        if self.buffer.len() > limit {
            self.sink.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "oasis_tests.rs"]
mod tests;
