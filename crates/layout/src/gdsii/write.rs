//! Writes a layout as a GDSII stream.

use super::large::cut;
use super::real;
use super::record::*;
use crate::error::LayoutError;
use crate::hierarchy::{Cell, Layer, Layout, Path, PathEnd, Point, Reference};
use crate::outline::path_outline;
use crate::placement::Placement;
use std::io::Write;

/// Most points of one XY record, the closing one of a polygon included: (65 534 − 4) / 8.
const XY_LIMIT: usize = 8191;
/// Bytes collected before they go to the sink.
const CHUNK: usize = 1 << 18;
const NAME_LIMIT: usize = 65_530;

/// How a GDSII stream is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Year, month, day, hour, minute, second of all time stamps. Zeros by default: equal layouts give equal bytes.
    pub timestamp: [u16; 6],
    /// Writes the outlines of paths instead of paths, so that every program sees the same ends. Off by default.
    pub paths_as_polygons: bool,
}

struct Sink<W> {
    sink: W,
    buffer: Vec<u8>,
}

/// Writes a layout; a quarter of a megabyte is held at a time.
///
/// Polygons of more than 8190 points are cut into smaller ones that cover exactly the same area; arrays beyond the
/// limits of the format (32 767 columns or rows, 32-bit spans) are split.
///
/// # Errors
/// Those of [`Layout::bottom_up`], [`LayoutError::Name`], [`LayoutError::Range`] and [`LayoutError::PolygonTooLarge`]
/// for what the format cannot hold, [`LayoutError::Io`] from the sink.
pub fn write(layout: &Layout, options: &WriteOptions, sink: impl Write) -> Result<(), LayoutError> {
    layout.bottom_up()?;
    let mut out = Sink {
        sink,
        buffer: Vec::with_capacity(CHUNK + 2 * 65_536),
    };
    let stamps: Vec<u8> = [options.timestamp, options.timestamp]
        .iter()
        .flatten()
        .flat_map(|v| v.to_be_bytes())
        .collect();
    out.shorts(HEADER, &[600]);
    out.record(BGNLIB, &stamps);
    if !layout.name.is_empty() {
        check_name(&layout.name)?;
    }
    out.text(LIBNAME, &layout.name);
    // The user unit is a micrometre, by which programs show coordinates; the database unit decides the size.
    let units = [layout.database_unit / 1e-6, layout.database_unit];
    for unit in units {
        if unit.is_nan() || unit <= 0.0 {
            return Err(range("database unit", &layout.name, layout.database_unit, "a positive length in m"));
        }
    }
    out.reals(UNITS, &units)
        .ok_or_else(|| range("database unit", &layout.name, layout.database_unit, "1e-70 m to 1e70 m"))?;
    for cell in &layout.cells {
        check_name(&cell.name)?;
        out.record(BGNSTR, &stamps);
        out.text(STRNAME, &cell.name);
        for (layer, points) in cell.polygons.iter() {
            polygon(&mut out, cell, layer, points)?;
            out.pass_on(CHUNK)?;
        }
        for path in &cell.paths {
            write_path(&mut out, cell, path, options)?;
            out.pass_on(CHUNK)?;
        }
        for reference in &cell.references {
            write_reference(&mut out, layout, cell, reference)?;
            out.pass_on(CHUNK)?;
        }
        out.record(ENDSTR, &[]);
    }
    out.record(ENDLIB, &[]);
    out.pass_on(0)?;
    out.sink.flush()?;
    Ok(())
}

fn range(quantity: &'static str, cell: &str, found: f64, allowed: &'static str) -> LayoutError {
    LayoutError::Range {
        quantity,
        cell: cell.to_owned(),
        found,
        allowed,
    }
}

/// Names that every reader takes: printable ASCII without spaces.
fn check_name(name: &str) -> Result<(), LayoutError> {
    let fits = (1..=NAME_LIMIT).contains(&name.len()) && name.bytes().all(|b| (0x20..0x7f).contains(&b));
    if fits {
        Ok(())
    } else {
        Err(LayoutError::Name {
            name: name.to_owned(),
            limit: NAME_LIMIT,
        })
    }
}

fn polygon<W: Write>(out: &mut Sink<W>, cell: &Cell, layer: Layer, points: &[Point]) -> Result<(), LayoutError> {
    if points.len() < 3 {
        return Err(range("number of points of a polygon", &cell.name, points.len() as f64, "3 or more"));
    }
    if points.len() < XY_LIMIT {
        out.boundary(layer, points);
        return Ok(());
    }
    let parts = cut(points, XY_LIMIT - 1).ok_or_else(|| LayoutError::PolygonTooLarge {
        cell: cell.name.clone(),
        points: points.len(),
        limit: XY_LIMIT - 1,
    })?;
    for part in parts {
        out.boundary(layer, &part);
        out.pass_on(CHUNK)?;
    }
    Ok(())
}

fn write_path<W: Write>(out: &mut Sink<W>, cell: &Cell, path: &Path, options: &WriteOptions) -> Result<(), LayoutError> {
    if path.width == 0 {
        return Err(range("width of a path", &cell.name, 0.0, "other than 0"));
    }
    if path.points.is_empty() {
        return Err(range("number of points of a path", &cell.name, 0.0, "1 or more"));
    }
    if options.paths_as_polygons || path.points.len() > XY_LIMIT {
        return polygon(out, cell, path.layer, &path_outline(path));
    }
    out.record(PATH, &[]);
    out.shorts(LAYER, &[path.layer.number]);
    out.shorts(DATATYPE, &[path.layer.datatype]);
    let kind = match path.end {
        PathEnd::Flush => 0,
        PathEnd::Round => 1,
        PathEnd::Extended => 2,
        PathEnd::Custom { .. } => 4,
    };
    out.shorts(PATHTYPE, &[kind]);
    out.record(WIDTH, &path.width.to_be_bytes());
    if let PathEnd::Custom { begin, end } = path.end {
        out.record(BGNEXTN, &begin.to_be_bytes());
        out.record(ENDEXTN, &end.to_be_bytes());
    }
    out.points(&path.points, false);
    out.record(ENDEL, &[]);
    Ok(())
}

fn write_reference<W: Write>(out: &mut Sink<W>, layout: &Layout, cell: &Cell, reference: &Reference) -> Result<(), LayoutError> {
    let name = &layout.cell(reference.cell)?.name;
    let placement = &reference.placement;
    if placement.magnification <= 0.0 || real::encode(placement.magnification).is_none() {
        return Err(range("magnification", &cell.name, placement.magnification, "a positive number"));
    }
    if real::encode(placement.rotation).is_none() {
        return Err(range("rotation", &cell.name, placement.rotation, "a number of degrees"));
    }
    let origin = placement.origin.map(i64::from);
    let Some(repetition) = &reference.repetition else {
        return out.placed(name, cell, placement, origin, None);
    };
    if repetition.columns == 0 || repetition.rows == 0 {
        return Err(range("number of columns or rows", &cell.name, 0.0, "1 or more"));
    }
    let Some([column, row]) = repetition.whole_steps() else {
        let spans = [repetition.column_span, repetition.row_span];
        let size = [repetition.columns, repetition.rows];
        if size.iter().all(|&n| n <= 32_767) && spans.iter().all(|span| end(origin, *span).is_some()) {
            return out.placed(name, cell, placement, origin, Some((size, spans)));
        }
        for j in 0..repetition.rows {
            for i in 0..repetition.columns {
                let moved = repetition.displacement(i, j);
                out.placed(name, cell, placement, [origin[0] + moved[0], origin[1] + moved[1]], None)?;
                out.pass_on(CHUNK)?;
            }
        }
        return Ok(());
    };
    // Halves an array until each part fits: at most 32 767 columns and rows, ends within 32 bits.
    let mut open = vec![(origin, [repetition.columns, repetition.rows])];
    while let Some((at, size)) = open.pop() {
        let spans = [(column, size[0]), (row, size[1])].map(|(step, n)| step.map(|v| v * i64::from(n)));
        let fits = [0, 1].map(|k| size[k] <= 32_767 && end(at, spans[k]).is_some());
        match fits.iter().position(|fit| !fit) {
            None => out.placed(name, cell, placement, at, Some((size, spans)))?,
            // The span of a single column or row means nothing, so it may as well be zero.
            Some(k) if size[k] == 1 => {
                let mut spans = spans;
                let all = [0, 1].map(|d| size[d] == 1);
                (0..2).filter(|&d| all[d]).for_each(|d| spans[d] = [0, 0]);
                if all[0] && all[1] || fits[1 - k] {
                    out.placed(name, cell, placement, at, Some((size, spans)))?;
                } else {
                    halve(&mut open, at, size, 1 - k, [column, row]);
                }
            }
            Some(k) => halve(&mut open, at, size, k, [column, row]),
        }
        out.pass_on(CHUNK)?;
    }
    Ok(())
}

type Part = ([i64; 2], [u32; 2]);

fn halve(open: &mut Vec<Part>, at: [i64; 2], size: [u32; 2], k: usize, steps: [[i64; 2]; 2]) {
    let (mut first, mut second) = (size, size);
    first[k] = size[k] / 2;
    second[k] = size[k] - first[k];
    let moved = [0, 1].map(|d| at[d] + steps[k][d] * i64::from(first[k]));
    open.push((moved, second));
    open.push((at, first));
}

/// The point `origin + span` if it fits in 32 bits.
fn end(origin: [i64; 2], span: [i64; 2]) -> Option<Point> {
    Some([i32::try_from(origin[0] + span[0]).ok()?, i32::try_from(origin[1] + span[1]).ok()?])
}

impl<W: Write> Sink<W> {
    fn record(&mut self, code: u8, data: &[u8]) {
        self.head(code, data.len());
        self.buffer.extend_from_slice(data);
    }

    fn head(&mut self, code: u8, length: usize) {
        self.buffer.extend_from_slice(&((length + 4) as u16).to_be_bytes());
        self.buffer.extend_from_slice(&[code, data_type(code).unwrap_or(0)]);
    }

    fn shorts(&mut self, code: u8, values: &[u16]) {
        self.head(code, 2 * values.len());
        values.iter().for_each(|v| self.buffer.extend_from_slice(&v.to_be_bytes()));
    }

    fn reals(&mut self, code: u8, values: &[f64]) -> Option<()> {
        self.head(code, 8 * values.len());
        for &v in values {
            self.buffer.extend_from_slice(&real::encode(v)?);
        }
        Some(())
    }

    fn text(&mut self, code: u8, text: &str) {
        let padding = text.len() % 2;
        self.head(code, text.len() + padding);
        self.buffer.extend_from_slice(text.as_bytes());
        self.buffer.extend_from_slice(&[0][..padding]);
    }

    fn points(&mut self, points: &[Point], close: bool) {
        let count = points.len() + usize::from(close);
        self.head(XY, 8 * count);
        let start = self.buffer.len();
        self.buffer.resize(start + 8 * count, 0);
        let closing = points.first().filter(|_| close);
        for (slot, point) in self.buffer[start..]
            .as_chunks_mut::<8>()
            .0
            .iter_mut()
            .zip(points.iter().chain(closing))
        {
            let [[a, b, c, d], [e, f, g, h]] = point.map(i32::to_be_bytes);
            *slot = [a, b, c, d, e, f, g, h];
        }
    }

    fn boundary(&mut self, layer: Layer, points: &[Point]) {
        self.record(BOUNDARY, &[]);
        self.shorts(LAYER, &[layer.number]);
        self.shorts(DATATYPE, &[layer.datatype]);
        self.points(points, true);
        self.record(ENDEL, &[]);
    }

    fn placed(
        &mut self,
        name: &str,
        cell: &Cell,
        placement: &Placement,
        origin: [i64; 2],
        array: Option<([u32; 2], [[i64; 2]; 2])>,
    ) -> Result<(), LayoutError> {
        let outside = || range("origin of a reference", &cell.name, origin[0] as f64, "32 bits");
        let first = end(origin, [0, 0]).ok_or_else(outside)?;
        self.record(if array.is_some() { AREF } else { SREF }, &[]);
        self.text(SNAME, name);
        if placement.mirror || placement.magnification != 1.0 || placement.rotation != 0.0 {
            self.shorts(STRANS, &[if placement.mirror { 0x8000 } else { 0 }]);
            for (code, value, usual) in [(MAG, placement.magnification, 1.0), (ANGLE, placement.rotation, 0.0)] {
                if value != usual {
                    let allowed = "numbers that an eight-byte real can hold";
                    self.reals(code, &[value])
                        .ok_or_else(|| range("magnification or rotation", &cell.name, value, allowed))?;
                }
            }
        }
        match array {
            None => self.points(&[first], false),
            Some((size, spans)) => {
                self.shorts(COLROW, &size.map(|n| n as u16));
                let ends = [
                    end(origin, spans[0]).ok_or_else(outside)?,
                    end(origin, spans[1]).ok_or_else(outside)?,
                ];
                self.points(&[first, ends[0], ends[1]], false);
            }
        }
        self.record(ENDEL, &[]);
        Ok(())
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
