//! Fields on a mesh as VTK XML files (`.vtu`), and their collection over time (`.pvd`), for ParaView and its relatives.

use std::fmt::Write as _;
use std::io::{Result, Write};

/// Shape of all cells of a mesh, with its VTK number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Line = 3,
    Hexahedron = 12,
}

impl Shape {
    fn corners(self) -> usize {
        if self == Shape::Line { 2 } else { 8 }
    }
}

/// Points and cells.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldMesh {
    shape: Shape,
    points: Vec<[f64; 3]>,
    corners: Vec<u32>,
    /// Values with 32 bits, which halves large files.
    short: bool,
}

impl FieldMesh {
    /// Line segments between consecutive `nodes` (x, m).
    ///
    /// # Shape
    /// `n` nodes make `n - 1` cells.
    pub fn line(nodes: &[f64]) -> FieldMesh {
        let cells = nodes.len().saturating_sub(1) as u32;
        FieldMesh {
            shape: Shape::Line,
            points: nodes.iter().map(|x| [*x, 0.0, 0.0]).collect(),
            corners: (0..cells).flat_map(|i| [i, i + 1]).collect(),
            short: false,
        }
    }

    /// Blocks between consecutive `nodes` (z, m) with the lateral size `width` × `depth` (m): a stack that can be looked at.
    ///
    /// # Shape
    /// `n` nodes make `n - 1` cells and `4 n` points.
    pub fn stack(nodes: &[f64], width: f64, depth: f64) -> FieldMesh {
        let cells = nodes.len().saturating_sub(1) as u32;
        let corners = [[0.0, 0.0], [width, 0.0], [width, depth], [0.0, depth]];
        FieldMesh {
            shape: Shape::Hexahedron,
            points: nodes.iter().flat_map(|z| corners.map(|[x, y]| [x, y, *z])).collect(),
            corners: (0..cells).flat_map(|i| (0..8).map(move |k| 4 * i + k)).collect(),
            short: false,
        }
    }

    /// Boxes given by their low and high corners (m). Boxes that share a corner share the point.
    pub fn boxes(boxes: &[[[f64; 3]; 2]]) -> FieldMesh {
        let mut known = std::collections::HashMap::new();
        let (mut points, mut corners) = (Vec::new(), Vec::with_capacity(8 * boxes.len()));
        for b in boxes {
            for [x, y, z] in [
                [0, 0, 0],
                [1, 0, 0],
                [1, 1, 0],
                [0, 1, 0],
                [0, 0, 1],
                [1, 0, 1],
                [1, 1, 1],
                [0, 1, 1],
            ] {
                let p = [b[x][0], b[y][1], b[z][2]];
                let number = *known.entry(p.map(f64::to_bits)).or_insert_with(|| {
                    points.push(p);
                    points.len() as u32 - 1
                });
                corners.push(number);
            }
        }
        FieldMesh {
            shape: Shape::Hexahedron,
            points,
            corners,
            short: true,
        }
    }

    /// Number of cells.
    pub fn n_cells(&self) -> usize {
        self.corners.len() / self.shape.corners()
    }
}

/// One value, or one vector, per cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellField {
    /// Name with unit, such as `"Concentration / mol m-3"`.
    pub label: String,
    /// A value for every cell, or the three components of a vector for every cell; NaN where the field does not exist.
    pub values: Vec<f64>,
}

/// Writes mesh and fields as a VTK unstructured grid with inline base64 data.
///
/// # Panics
/// If a field has neither one nor three values for every cell of the mesh.
pub fn write_vtu(mesh: &FieldMesh, fields: &[CellField], sink: &mut impl Write) -> Result<()> {
    let n = mesh.n_cells();
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\">\n<UnstructuredGrid>\n",
    );
    let _ = writeln!(xml, "<Piece NumberOfPoints=\"{}\" NumberOfCells=\"{n}\">", mesh.points.len());
    xml.push_str("<CellData>\n");
    for field in fields {
        let components = if field.values.len() == 3 * n && n > 0 { 3 } else { 1 };
        assert_eq!(
            field.values.len(),
            components * n,
            "field {} has one value or vector for every cell",
            field.label
        );
        let values = field.values.iter();
        if mesh.short {
            let bytes = values.flat_map(|v| (*v as f32).to_le_bytes());
            array(&mut xml, "Float32", &field.label, components, bytes);
        } else {
            let bytes = values.flat_map(|v| v.to_le_bytes());
            array(&mut xml, "Float64", &field.label, components, bytes);
        }
    }
    xml.push_str("</CellData>\n<Points>\n");
    array(
        &mut xml,
        "Float64",
        "Points",
        3,
        mesh.points.iter().flatten().flat_map(|v| v.to_le_bytes()),
    );
    xml.push_str("</Points>\n<Cells>\n");
    let k = mesh.shape.corners() as i64;
    array(
        &mut xml,
        "Int64",
        "connectivity",
        1,
        mesh.corners.iter().flat_map(|v| i64::from(*v).to_le_bytes()),
    );
    array(&mut xml, "Int64", "offsets", 1, (1..=n as i64).flat_map(|i| (i * k).to_le_bytes()));
    array(&mut xml, "UInt8", "types", 1, std::iter::repeat_n(mesh.shape as u8, n));
    xml.push_str("</Cells>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n");
    sink.write_all(xml.as_bytes())
}

/// Writes the collection of field files over time: pairs of time (s) and file name relative to the collection.
pub fn write_pvd(files: &[(f64, String)], sink: &mut impl Write) -> Result<()> {
    let mut xml =
        String::from("<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"1.0\" byte_order=\"LittleEndian\">\n<Collection>\n");
    for (time, file) in files {
        let _ = writeln!(xml, "<DataSet timestep=\"{time}\" part=\"0\" file=\"{}\"/>", escaped(file));
    }
    xml.push_str("</Collection>\n</VTKFile>\n");
    sink.write_all(xml.as_bytes())
}

fn array(xml: &mut String, kind: &str, name: &str, components: usize, bytes: impl Iterator<Item = u8>) {
    let _ = write!(xml, "<DataArray type=\"{kind}\" Name=\"{}\"", escaped(name));
    if components > 1 {
        let _ = write!(xml, " NumberOfComponents=\"{components}\"");
    }
    xml.push_str(" format=\"binary\">");
    let data: Vec<u8> = bytes.collect();
    base64(&(data.len() as u64).to_le_bytes(), xml);
    base64(&data, xml);
    xml.push_str("</DataArray>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        let text = |b: &[u8]| {
            let mut s = String::new();
            base64(b, &mut s);
            s
        };
        assert_eq!(
            (text(b"Man"), text(b"Ma"), text(b"M"), text(b"")),
            ("TWFu".into(), "TWE=".into(), "TQ==".into(), String::new())
        );
    }
}
