//! Reads a GDSII stream into a layout; what is malformed is refused with its place.

use super::record::*;
use crate::error::LayoutError;
use crate::hierarchy::{Cell, CellId, Layer, Layout, Path, PathEnd, Point, Polygons, Reference};
use crate::placement::{Placement, Repetition};
use std::collections::HashMap;
use std::io::Read;

/// A layout and what of the file it does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The layout.
    pub layout: Layout,
    /// What was left out.
    pub skipped: Skipped,
}

/// Elements and records that were read and dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// TEXT elements.
    pub texts: u64,
    /// NODE elements.
    pub nodes: u64,
    /// Polygons of fewer than three points and paths without points or width.
    pub degenerate: u64,
    /// PROPATTR records.
    pub properties: u64,
    /// ELFLAGS, PLEX and STRCLASS records.
    pub flags: u64,
    /// Names of the records of the library header that have no counterpart (REFLIBS, FONTS, ...).
    pub library_records: Vec<String>,
    /// Bytes other than zero after the end of the library.
    pub trailing_bytes: u64,
}

/// Cells by name; a name that was only referred to so far has no definition yet.
#[derive(Default)]
struct Names {
    index: HashMap<String, usize>,
    /// Position of the definition, and place of the first reference.
    known: Vec<(Option<usize>, u64)>,
}

/// Reads a GDSII stream. Pass a byte slice, or a file: at most 256 KiB of the stream are held.
///
/// Boxes become polygons whose datatype is the box type. Texts, nodes, properties, flags and library records without
/// meaning for masks are dropped and counted.
///
/// # Errors
/// [`LayoutError::Gdsii`] names byte, record, what was found and what is allowed; elements whose coordinates are spread
/// over several XY records are refused, never truncated. [`LayoutError::Recursion`] and [`LayoutError::DuplicateCell`]
/// for the hierarchy, [`LayoutError::Io`] from the source.
pub fn read(source: impl Read) -> Result<Reading, LayoutError> {
    let mut records = Records::new(source);
    let mut skipped = Skipped::default();
    let mut names = Names::default();
    let mut layout = library_header(&mut records, &mut skipped)?;
    loop {
        records.advance("BGNSTR or ENDLIB")?;
        match records.code {
            BGNSTR => {
                let cell = cell(&mut records, &mut names, &mut skipped, layout.cells.len())?;
                layout.cells.push(cell);
            }
            ENDLIB => break,
            _ => return Err(records.misplaced("BGNSTR or ENDLIB")),
        }
    }
    skipped.trailing_bytes = records.trailing()?;
    for cell in &mut layout.cells {
        for reference in &mut cell.references {
            let (defined, offset) = names.known[reference.cell.0];
            let Some(defined) = defined else {
                let name = names
                    .index
                    .iter()
                    .find(|entry| *entry.1 == reference.cell.0)
                    .map_or("", |entry| entry.0);
                return Err(LayoutError::Gdsii {
                    offset,
                    record: name_of(SNAME),
                    found: format!("cell {name:?}, which is not in the file, in cell {:?}", cell.name),
                    allowed: String::from("the name of a cell of the same file"),
                });
            };
            reference.cell = CellId(defined);
        }
    }
    layout.bottom_up()?;
    Ok(Reading { layout, skipped })
}

fn name_of(code: u8) -> String {
    super::record::name(code)
}

fn library_header<R: Read>(records: &mut Records<R>, skipped: &mut Skipped) -> Result<Layout, LayoutError> {
    records.advance("HEADER")?;
    if records.code != HEADER {
        return Err(records.misplaced("HEADER"));
    }
    records.short()?;
    records.advance("BGNLIB")?;
    if records.code != BGNLIB {
        return Err(records.misplaced("BGNLIB"));
    }
    let mut name: Option<String> = None;
    loop {
        records.advance("UNITS")?;
        match records.code {
            LIBNAME if name.is_none() => {
                // A library without name is common; it is no reason to refuse a mask.
                name = Some(if records.bytes().iter().all(|&b| b == 0) {
                    String::new()
                } else {
                    records.text()?
                });
            }
            LIBDIRSIZE | SRFNAME | LIBSECUR | REFLIBS | FONTS | ATTRTABLE | GENERATIONS | FORMAT | MASK | ENDMASKS => {
                let record = name_of(records.code);
                if !skipped.library_records.contains(&record) {
                    skipped.library_records.push(record);
                }
            }
            UNITS => break,
            _ => return Err(records.misplaced("LIBNAME, UNITS or another record of the library header")),
        }
    }
    let [_, database_unit] = records.reals::<2>()?;
    if database_unit <= 0.0 {
        return Err(records.error(format!("a database unit of {database_unit} m"), "a positive length"));
    }
    let Some(name) = name else {
        return Err(records.error("UNITS without LIBNAME before", "LIBNAME, then UNITS"));
    };
    Ok(Layout {
        name,
        database_unit,
        cells: vec![],
    })
}

fn cell<R: Read>(records: &mut Records<R>, names: &mut Names, skipped: &mut Skipped, index: usize) -> Result<Cell, LayoutError> {
    records.advance("STRNAME")?;
    if records.code != STRNAME {
        return Err(records.misplaced("STRNAME"));
    }
    let name = records.text()?;
    let id = names.id(&name, records.offset);
    if names.known[id].0.replace(index).is_some() {
        return Err(records.error(format!("a second cell named {name:?}"), "every name once"));
    }
    let mut cell = Cell::new(&name);
    let allowed = "an element (BOUNDARY, PATH, SREF, AREF, TEXT, NODE, BOX) or ENDSTR";
    loop {
        records.advance(allowed)?;
        match records.code {
            BOUNDARY => polygon(records, &mut cell.polygons, skipped, BOUNDARY)?,
            BOX => polygon(records, &mut cell.polygons, skipped, BOX)?,
            PATH => cell.paths.extend(path(records, skipped)?),
            SREF | AREF => {
                let reference = reference(records, names, skipped, records.code == AREF)?;
                cell.references.push(reference);
            }
            TEXT => {
                dropped(records, skipped, TEXT)?;
                skipped.texts += 1;
            }
            NODE => {
                dropped(records, skipped, NODE)?;
                skipped.nodes += 1;
            }
            STRCLASS => skipped.flags += 1,
            ENDSTR => return Ok(cell),
            _ => return Err(records.misplaced(allowed)),
        }
    }
}

impl Names {
    fn id(&mut self, name: &str, offset: u64) -> usize {
        if let Some(&id) = self.index.get(name) {
            return id;
        }
        self.known.push((None, offset));
        self.index.insert(name.to_owned(), self.known.len() - 1);
        self.known.len() - 1
    }
}

/// Records that every element may hold: flags before, properties after. True if the current record was one of them.
fn common<R: Read>(records: &Records<R>, skipped: &mut Skipped) -> bool {
    match records.code {
        ELFLAGS | PLEX => skipped.flags += 1,
        PROPATTR => skipped.properties += 1,
        PROPVALUE => {}
        _ => return false,
    }
    true
}

/// Error of an element whose points are spread over several XY records, or which lacks something.
fn second_xy<R: Read>(records: &Records<R>) -> LayoutError {
    let allowed = "one XY record per element (at most 8191 points); polygons over several records are an extension";
    records.error("a second XY record of the same element", allowed)
}

fn complete<T, R: Read>(value: Option<T>, what: &str, records: &Records<R>) -> Result<T, LayoutError> {
    value.ok_or_else(|| records.error(format!("the end of an element without {what}"), what))
}

fn polygon<R: Read>(records: &mut Records<R>, into: &mut Polygons, skipped: &mut Skipped, element: u8) -> Result<(), LayoutError> {
    let (type_code, allowed) = match element {
        BOX => (BOXTYPE, "LAYER, BOXTYPE, XY, ENDEL"),
        _ => (DATATYPE, "LAYER, DATATYPE, XY, ENDEL"),
    };
    let (mut number, mut datatype, mut seen) = (None, None, false);
    loop {
        records.advance(allowed)?;
        match records.code {
            LAYER => number = Some(records.short()?),
            code if code == type_code => datatype = Some(records.short()?),
            XY if seen => return Err(second_xy(records)),
            XY => {
                seen = true;
                records.points(into.open_points())?;
            }
            ENDEL => break,
            _ if common(records, skipped) => {}
            _ => return Err(records.misplaced(allowed)),
        }
    }
    complete(seen.then_some(()), "XY", records)?;
    let layer = Layer {
        number: complete(number, "LAYER", records)?,
        datatype: complete(datatype, name_of(type_code).as_str(), records)?,
    };
    let start = into.next_start();
    let points = into.open_points();
    if points.len() > start + 1 && points.last() == points.get(start) {
        points.pop();
    }
    if points.len() < start + 3 {
        points.truncate(start);
        skipped.degenerate += 1;
    } else {
        into.close(layer);
    }
    Ok(())
}

fn path<R: Read>(records: &mut Records<R>, skipped: &mut Skipped) -> Result<Option<Path>, LayoutError> {
    let allowed = "LAYER, DATATYPE, PATHTYPE, WIDTH, BGNEXTN, ENDEXTN, XY, ENDEL";
    let (mut number, mut datatype) = (None, None);
    let (mut kind, mut width, mut begin, mut end) = (0, 0, 0, 0);
    let mut points: Vec<Point> = vec![];
    loop {
        records.advance(allowed)?;
        match records.code {
            LAYER => number = Some(records.short()?),
            DATATYPE => datatype = Some(records.short()?),
            PATHTYPE => {
                kind = records.short()?;
                if !matches!(kind, 0 | 1 | 2 | 4) {
                    return Err(records.error(format!("path type {kind}"), "0 flush, 1 round, 2 extended or 4 custom"));
                }
            }
            WIDTH => width = records.long()?,
            BGNEXTN => begin = records.long()?,
            ENDEXTN => end = records.long()?,
            XY if !points.is_empty() => return Err(second_xy(records)),
            XY => records.points(&mut points)?,
            ENDEL => break,
            _ if common(records, skipped) => {}
            _ => return Err(records.misplaced(allowed)),
        }
    }
    complete((!points.is_empty()).then_some(()), "XY", records)?;
    let layer = Layer {
        number: complete(number, "LAYER", records)?,
        datatype: complete(datatype, "DATATYPE", records)?,
    };
    if width == 0 {
        skipped.degenerate += 1;
        return Ok(None);
    }
    let end = match kind {
        0 => PathEnd::Flush,
        1 => PathEnd::Round,
        2 => PathEnd::Extended,
        _ => PathEnd::Custom { begin, end },
    };
    Ok(Some(Path { layer, width, end, points }))
}

fn reference<R: Read>(records: &mut Records<R>, names: &mut Names, skipped: &mut Skipped, array: bool) -> Result<Reference, LayoutError> {
    let allowed = if array {
        "SNAME, STRANS, MAG, ANGLE, COLROW, XY, ENDEL"
    } else {
        "SNAME, STRANS, MAG, ANGLE, XY, ENDEL"
    };
    let mut cell = None;
    let mut placement = Placement::default();
    let mut size = None;
    let mut points: Vec<Point> = vec![];
    loop {
        records.advance(allowed)?;
        match records.code {
            SNAME => cell = Some(CellId(names.id(&records.text()?, records.offset))),
            STRANS => {
                let bits = records.short()?;
                if bits & 0x0006 != 0 {
                    return Err(records.error(format!("bits 0x{bits:04x}"), "magnification and angle relative to the parent"));
                }
                placement.mirror = bits & 0x8000 != 0;
            }
            MAG => {
                [placement.magnification] = records.reals::<1>()?;
                if placement.magnification <= 0.0 {
                    return Err(records.error(format!("magnification {}", placement.magnification), "a positive number"));
                }
            }
            ANGLE => [placement.rotation] = records.reals::<1>()?,
            COLROW if array => {
                let [columns, rows] = records.two_shorts()?;
                if !(1..=32767).contains(&columns) || !(1..=32767).contains(&rows) {
                    return Err(records.error(format!("{columns} columns and {rows} rows"), "1 to 32767"));
                }
                size = Some([columns, rows]);
            }
            XY if !points.is_empty() => return Err(second_xy(records)),
            XY => {
                records.points(&mut points)?;
                let expected = if array { 3 } else { 1 };
                if points.len() != expected {
                    return Err(records.error(format!("{} points", points.len()), &format!("{expected} of them")));
                }
            }
            ENDEL => break,
            _ if common(records, skipped) => {}
            _ => return Err(records.misplaced(allowed)),
        }
    }
    let cell = complete(cell, "SNAME", records)?;
    placement.origin = complete(points.first().copied(), "XY", records)?;
    let repetition = if array {
        let [columns, rows] = complete(size, "COLROW", records)?.map(u32::from);
        let span = |p: Point| [0, 1].map(|k| i64::from(p[k]) - i64::from(placement.origin[k]));
        Some(Repetition {
            columns,
            rows,
            column_span: span(points[1]),
            row_span: span(points[2]),
        })
    } else {
        None
    };
    Ok(Reference {
        cell,
        placement,
        repetition,
    })
}

/// Reads over an element that masks have no use for.
fn dropped<R: Read>(records: &mut Records<R>, skipped: &mut Skipped, element: u8) -> Result<(), LayoutError> {
    let allowed = match element {
        TEXT => "LAYER, TEXTTYPE, PRESENTATION, PATHTYPE, WIDTH, STRANS, MAG, ANGLE, XY, STRING, ENDEL",
        _ => "LAYER, NODETYPE, XY, ENDEL",
    };
    loop {
        records.advance(allowed)?;
        match (records.code, element) {
            (ENDEL, _) => return Ok(()),
            (LAYER | XY, _) | (NODETYPE, NODE) => {}
            (TEXTTYPE | PRESENTATION | PATHTYPE | WIDTH | STRANS | MAG | ANGLE | STRING, TEXT) => {}
            _ if common(records, skipped) => {}
            _ => return Err(records.misplaced(allowed)),
        }
    }
}
