//! The device in three dimensions as one binary glTF 2.0 file, a node per region, for viewers, slides and web pages.

use super::error::ExportError;
use super::mesh::TriangleMesh;
use super::normals::{Shaded, shaded};
use super::picture::Paint;
use super::triangulate::triangulate;
use cellwright_device::Role;
use serde_json::{Value, json};
use std::io::Write;

/// Units of the file per metre: one unit is 1 µm, since viewers lose their way among things of 10⁻⁶.
pub const UNITS_PER_METRE: f64 = 1e6;
/// Bends up to this angle are shaded as one round surface, rad.
const CREASE: f64 = 0.6;

const ARRAY_BUFFER: u32 = 34_962;
const ELEMENT_ARRAY_BUFFER: u32 = 34_963;
const FLOAT: u32 = 5_126;
const UNSIGNED_INT: u32 = 5_125;

/// Writes surfaces and cut faces as one `.glb` file.
///
/// `caps` are plane polygons (region, corners in m), such as the exact faces at a section plane. Each region is a node with its name, and
/// below it a node "surface" and a node "cut face", so that viewers can switch them. The z axis of the wafer points up (+Y in glTF). One unit
/// is 1 µm, which the file says in its title node and in `asset.extras`.
///
/// # Source
/// Khronos Group, glTF 2.0 specification, ISO/IEC 12113:2022.
///
/// # Errors
/// [`ExportError::Region`], [`ExportError::NotFinite`], [`ExportError::Index`] for a mesh that contradicts itself, [`ExportError::TooLarge`] beyond 4 GiB.
pub fn write_glb(
    meshes: &[TriangleMesh],
    caps: &[(usize, Vec<[f64; 3]>)],
    palette: &[Paint],
    title: &str,
    sink: &mut impl Write,
) -> Result<(), ExportError> {
    let mut file = File::default();
    let mut regions = Vec::new();
    let known = |region: usize| {
        palette.get(region).ok_or(ExportError::Region {
            found: region,
            allowed: palette.len(),
        })
    };
    for (i, mesh) in meshes.iter().enumerate() {
        known(mesh.region)?;
        check(mesh, i)?;
    }
    for (region, _) in caps {
        known(*region)?;
    }
    for (region, paint) in palette.iter().enumerate() {
        let mut children = Vec::new();
        for mesh in meshes.iter().filter(|m| m.region == region) {
            children.extend(file.part("surface", &shaded(mesh, CREASE), region));
        }
        let faces = cut_faces(caps.iter().filter(|(r, _)| *r == region).map(|(_, p)| p))?;
        children.extend(file.part("cut face", &faces, region));
        if children.is_empty() {
            continue;
        }
        regions.push(file.node(json!({
            "name": paint.name, "children": children,
            "extras": {"region": region, "material": paint.material, "role": paint.role.as_str()},
        })));
    }
    // A quarter turn about x brings z up.
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let mut root = json!({"name": format!("{title} (1 unit = 1 µm)"), "rotation": [-half, 0.0, 0.0, half]});
    if !regions.is_empty() {
        root["children"] = json!(regions);
    }
    let root = file.node(root);
    let materials: Vec<Value> = palette.iter().map(material).collect();
    file.finish(root, materials, sink)
}

/// Points finite, corners in range.
pub(super) fn check(mesh: &TriangleMesh, index: usize) -> Result<(), ExportError> {
    if let Some(found) = mesh.points.iter().flatten().find(|v| !v.is_finite()) {
        return Err(ExportError::NotFinite {
            what: "mesh",
            index,
            found: *found,
        });
    }
    let points = mesh.points.len();
    match mesh
        .triangles
        .iter()
        .enumerate()
        .find(|(_, t)| t.iter().any(|i| *i as usize >= points))
    {
        Some((index, t)) => Err(ExportError::Index {
            what: "triangle",
            index,
            found: t.iter().copied().max().unwrap_or(0),
            points,
        }),
        None => Ok(()),
    }
}

fn cut_faces<'a>(polygons: impl Iterator<Item = &'a Vec<[f64; 3]>>) -> Result<Shaded, ExportError> {
    let mut mesh = TriangleMesh::default();
    for (index, polygon) in polygons.enumerate() {
        if let Some(found) = polygon.iter().flatten().find(|v| !v.is_finite()) {
            return Err(ExportError::NotFinite {
                what: "cut face",
                index,
                found: *found,
            });
        }
        let first = mesh.points.len();
        mesh.points.extend_from_slice(polygon);
        let corners = triangulate(polygon);
        mesh.triangles.extend(corners.iter().map(|t| t.map(|k| (first + k) as u32)));
    }
    Ok(shaded(&mesh, CREASE))
}

fn material(paint: &Paint) -> Value {
    let [r, g, b] = paint.colour.linear();
    let (metallic, roughness) = match paint.role {
        Role::Collector | Role::Adhesion => (0.25, 0.45),
        _ => (0.0, 0.75),
    };
    json!({
        "name": format!("{} ({})", paint.name, paint.material), "doubleSided": true,
        "pbrMetallicRoughness": {"baseColorFactor": [r, g, b, 1.0], "metallicFactor": metallic, "roughnessFactor": roughness},
    })
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
    meshes: Vec<Value>,
    nodes: Vec<Value>,
}

impl File {
    fn node(&mut self, node: Value) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// A mesh and its node; nothing for a mesh without triangles, which glTF does not allow.
    fn part(&mut self, name: &str, part: &Shaded, region: usize) -> Option<usize> {
        if part.triangles.is_empty() {
            return None;
        }
        let points: Vec<[f32; 3]> = part.points.iter().map(|p| p.map(|v| (v * UNITS_PER_METRE) as f32)).collect();
        let normals: Vec<[f32; 3]> = part.normals.iter().map(|n| n.map(|v| v as f32)).collect();
        let limit = |pick: fn(f32, f32) -> f32| -> Vec<f32> {
            let first = points[0];
            let found = points.iter().fold(first, |m, p| [0, 1, 2].map(|i| pick(m[i], p[i])));
            found.to_vec()
        };
        let (low, high) = (limit(f32::min), limit(f32::max));
        let view = self.view(points.iter().flatten().flat_map(|v| v.to_le_bytes()), ARRAY_BUFFER);
        self.accessors.push(json!({
            "bufferView": view, "componentType": FLOAT, "count": points.len(), "type": "VEC3", "min": low, "max": high,
        }));
        let view = self.view(normals.iter().flatten().flat_map(|v| v.to_le_bytes()), ARRAY_BUFFER);
        self.accessors
            .push(json!({"bufferView": view, "componentType": FLOAT, "count": normals.len(), "type": "VEC3"}));
        let view = self.view(part.triangles.iter().flatten().flat_map(|v| v.to_le_bytes()), ELEMENT_ARRAY_BUFFER);
        self.accessors
            .push(json!({"bufferView": view, "componentType": UNSIGNED_INT, "count": 3 * part.triangles.len(), "type": "SCALAR"}));
        let last = self.accessors.len();
        self.meshes.push(json!({"name": name, "primitives": [{
            "attributes": {"POSITION": last - 3, "NORMAL": last - 2}, "indices": last - 1, "material": region,
        }]}));
        let mesh = self.meshes.len() - 1;
        Some(self.node(json!({"name": name, "mesh": mesh})))
    }

    fn view(&mut self, bytes: impl Iterator<Item = u8>, target: u32) -> usize {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        self.views
            .push(json!({"buffer": 0, "byteOffset": start, "byteLength": self.bytes.len() - start, "target": target}));
        self.views.len() - 1
    }

    fn finish(self, root: usize, materials: Vec<Value>, sink: &mut impl Write) -> Result<(), ExportError> {
        let mut document = json!({
            "asset": {"version": "2.0", "generator": "Cellwright", "extras": {"unit": "1 unit = 1 µm"}},
            "scene": 0, "scenes": [{"nodes": [root]}], "nodes": self.nodes,
        });
        // Empty lists are not allowed.
        for (name, list) in [
            ("materials", materials),
            ("meshes", self.meshes),
            ("accessors", self.accessors),
            ("bufferViews", self.views),
        ] {
            if !list.is_empty() {
                document[name] = Value::Array(list);
            }
        }
        if !self.bytes.is_empty() {
            document["buffers"] = json!([{"byteLength": self.bytes.len()}]);
        }
        let mut text = document.to_string().into_bytes();
        text.resize(text.len().next_multiple_of(4), b' ');
        let padding = self.bytes.len().next_multiple_of(4) - self.bytes.len();
        let binary = if self.bytes.is_empty() { 0 } else { 8 + self.bytes.len() + padding };
        let total = 12 + 8 + text.len() + binary;
        let length = u32::try_from(total).map_err(|_| ExportError::TooLarge {
            what: "glTF",
            found: total as u64,
            allowed: u64::from(u32::MAX),
        })?;
        sink.write_all(b"glTF")?;
        sink.write_all(&2u32.to_le_bytes())?;
        sink.write_all(&length.to_le_bytes())?;
        sink.write_all(&(text.len() as u32).to_le_bytes())?;
        sink.write_all(b"JSON")?;
        sink.write_all(&text)?;
        if binary > 0 {
            sink.write_all(&((self.bytes.len() + padding) as u32).to_le_bytes())?;
            sink.write_all(b"BIN\0")?;
            sink.write_all(&self.bytes)?;
            sink.write_all(&[0; 4][..padding])?;
        }
        Ok(())
    }
}
