//! Surfaces as binary STL in micrometres, for slicers and meshing programs.

use super::error::ExportError;
use super::gltf::check;
use super::mesh::{TriangleMesh, area_vector, norm};
use std::io::Write;

/// Writes all triangles of the meshes as one body; lengths in µm (STL has no units; the header names it).
///
/// # Errors
/// [`ExportError::NotFinite`] and [`ExportError::Index`] for a mesh that contradicts itself.
pub fn write_stl(meshes: &[TriangleMesh], name: &str, sink: &mut impl Write) -> Result<(), ExportError> {
    for (index, mesh) in meshes.iter().enumerate() {
        check(mesh, index)?;
    }
    let count: usize = meshes.iter().map(|m| m.triangles.len()).sum();
    let count = u32::try_from(count).map_err(|_| ExportError::TooLarge {
        what: "STL",
        found: 84 + 50 * count as u64,
        allowed: 84 + 50 * u64::from(u32::MAX),
    })?;
    // A header that began with "solid" would make readers take the file for text.
    let mut header = [b' '; 80];
    let text = format!("Cellwright, unit um, {name}");
    for (place, byte) in header.iter_mut().zip(text.bytes().filter(|b| (b' '..=b'~').contains(b))) {
        *place = byte;
    }
    sink.write_all(&header)?;
    sink.write_all(&count.to_le_bytes())?;
    for mesh in meshes {
        for t in &mesh.triangles {
            let corners = mesh.corners(*t);
            let normal = area_vector(corners);
            let length = norm(normal);
            let unit = if length > 0.0 { normal.map(|v| v / length) } else { [0.0; 3] };
            let mut facet = Vec::with_capacity(50);
            facet.extend(unit.iter().flat_map(|v| (*v as f32).to_le_bytes()));
            facet.extend(corners.iter().flatten().flat_map(|v| ((v * 1e6) as f32).to_le_bytes()));
            facet.extend([0, 0]);
            sink.write_all(&facet)?;
        }
    }
    Ok(())
}
