//! Regions as convex cells in a VTK XML file (`.vtu`), for ParaView and meshing programs.

use super::error::ExportError;
use super::picture::Paint;
use super::text::escape;
use std::fmt::Write as _;
use std::io::Write;

/// A convex cell; corners are numbers of points in the order of VTK.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Four corners.
    Tetrahedron([u32; 4]),
    /// Four corners of the base, one top.
    Pyramid([u32; 5]),
    /// Two triangles.
    Wedge([u32; 6]),
    /// Two quadrilaterals.
    Hexahedron([u32; 8]),
    /// Faces, each a list of corners that runs counter-clockwise seen from outside.
    Polyhedron(Vec<Vec<u32>>),
}

impl Cell {
    /// Its number in VTK.
    fn number(&self) -> u8 {
        match self {
            Cell::Tetrahedron(_) => 10,
            Cell::Hexahedron(_) => 12,
            Cell::Wedge(_) => 13,
            Cell::Pyramid(_) => 14,
            Cell::Polyhedron(_) => 42,
        }
    }

    /// Its corners, each once.
    fn corners(&self) -> Vec<u32> {
        match self {
            Cell::Tetrahedron(c) => c.to_vec(),
            Cell::Pyramid(c) => c.to_vec(),
            Cell::Wedge(c) => c.to_vec(),
            Cell::Hexahedron(c) => c.to_vec(),
            Cell::Polyhedron(faces) => {
                let mut all: Vec<u32> = faces.iter().flatten().copied().collect();
                all.sort_unstable();
                all.dedup();
                all
            }
        }
    }
}

/// Points and cells of all regions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegionCells {
    /// Points, m.
    pub points: Vec<[f64; 3]>,
    /// Cells with the number of their region.
    pub cells: Vec<(Cell, usize)>,
}

/// Writes cells with their region as inline base64 data.
///
/// The cell array "Region" holds the number of the region. The table of names is the field data: one array per region, called
/// "region 3: LiPON, electrolyte (separator film)", whose value is the number.
///
/// # Errors
/// [`ExportError::Region`], [`ExportError::NotFinite`], [`ExportError::Index`] for cells that contradict themselves.
pub fn write_vtu(mesh: &RegionCells, palette: &[Paint], sink: &mut impl Write) -> Result<(), ExportError> {
    if let Some((index, found)) = mesh
        .points
        .iter()
        .enumerate()
        .find_map(|(i, p)| Some((i, *p.iter().find(|v| !v.is_finite())?)))
    {
        return Err(ExportError::NotFinite {
            what: "point",
            index,
            found,
        });
    }
    let corners: Vec<Vec<u32>> = mesh.cells.iter().map(|(c, _)| c.corners()).collect();
    for (index, (_, region)) in mesh.cells.iter().enumerate() {
        if *region >= palette.len() {
            return Err(ExportError::Region {
                found: *region,
                allowed: palette.len(),
            });
        }
        if let Some(found) = corners[index].iter().find(|i| **i as usize >= mesh.points.len()) {
            return Err(ExportError::Index {
                what: "cell",
                index,
                found: *found,
                points: mesh.points.len(),
            });
        }
    }
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\">\n<UnstructuredGrid>\n<FieldData>\n",
    );
    for (i, paint) in palette.iter().enumerate() {
        let name = format!("region {i}: {}, {} ({})", paint.material, paint.role.as_str(), paint.name);
        array(
            &mut xml,
            "Int64",
            &name,
            "NumberOfTuples=\"1\"",
            (i as i64).to_le_bytes().into_iter(),
        );
    }
    let n = mesh.cells.len();
    let _ = writeln!(
        xml,
        "</FieldData>\n<Piece NumberOfPoints=\"{}\" NumberOfCells=\"{n}\">",
        mesh.points.len()
    );
    xml.push_str("<CellData>\n");
    let regions = mesh.cells.iter().flat_map(|(_, r)| (*r as i64).to_le_bytes());
    array(&mut xml, "Int64", "Region", "", regions);
    xml.push_str("</CellData>\n<Points>\n");
    let points = mesh.points.iter().flatten().flat_map(|v| v.to_le_bytes());
    array(&mut xml, "Float64", "Points", "NumberOfComponents=\"3\"", points);
    xml.push_str("</Points>\n<Cells>\n");
    let int = |values: Vec<i64>| values.into_iter().flat_map(i64::to_le_bytes);
    array(
        &mut xml,
        "Int64",
        "connectivity",
        "",
        int(corners.iter().flatten().map(|v| i64::from(*v)).collect()),
    );
    let ends = corners.iter().scan(0, |end, c| {
        *end += c.len() as i64;
        Some(*end)
    });
    array(&mut xml, "Int64", "offsets", "", int(ends.collect()));
    array(&mut xml, "UInt8", "types", "", mesh.cells.iter().map(|(c, _)| c.number()));
    if mesh.cells.iter().any(|(c, _)| matches!(c, Cell::Polyhedron(_))) {
        let (mut faces, mut ends) = (Vec::new(), Vec::with_capacity(n));
        for (cell, _) in &mesh.cells {
            match cell {
                Cell::Polyhedron(list) => {
                    faces.push(list.len() as i64);
                    for face in list {
                        faces.push(face.len() as i64);
                        faces.extend(face.iter().map(|v| i64::from(*v)));
                    }
                    ends.push(faces.len() as i64);
                }
                _ => ends.push(-1),
            }
        }
        array(&mut xml, "Int64", "faces", "", int(faces));
        array(&mut xml, "Int64", "faceoffsets", "", int(ends));
    }
    xml.push_str("</Cells>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n");
    sink.write_all(xml.as_bytes())?;
    Ok(())
}

fn array(xml: &mut String, kind: &str, name: &str, shape: &str, bytes: impl Iterator<Item = u8>) {
    let gap = if shape.is_empty() { "" } else { " " };
    let _ = write!(
        xml,
        "<DataArray type=\"{kind}\" Name=\"{}\"{gap}{shape} format=\"binary\">",
        escape(name)
    );
    let data: Vec<u8> = bytes.collect();
    base64(&(data.len() as u64).to_le_bytes(), xml);
    base64(&data, xml);
    xml.push_str("</DataArray>\n");
}

fn base64(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for three in bytes.chunks(3) {
        let n = three.iter().enumerate().fold(0u32, |n, (i, b)| n | u32::from(*b) << (16 - 8 * i));
        for i in 0..4 {
            out.push(if i <= three.len() {
                DIGITS[(n >> (18 - 6 * i) & 63) as usize] as char
            } else {
                '='
            });
        }
    }
}
