//! Structure of the files for other programs: glTF, STL, VTU.

use cellwright_device::Role;
use cellwright_fab::export::gltf::write_glb;
use cellwright_fab::export::isosurface::{Grid, isosurface};
use cellwright_fab::export::stl::write_stl;
use cellwright_fab::export::vtu::{Cell, RegionCells, write_vtu};
use cellwright_fab::export::{ExportError, Paint, TriangleMesh, palette};
use serde_json::Value;

fn paints() -> Vec<Paint> {
    palette(&[
        ("wafer", "Si", Role::Substrate),
        ("cathode", "LiCoO2", Role::Positive),
        ("lid", "Cu", Role::Collector),
    ])
}

fn ball(region: usize) -> TriangleMesh {
    let grid = Grid {
        from: [-1e-6; 3],
        to: [1e-6; 3],
        cells: [9, 9, 9],
    };
    isosurface(&|p| (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]).sqrt() - 0.8e-6, grid, region).expect("a valid box")
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// The document and the binary chunk.
fn opened(bytes: &[u8]) -> (Value, &[u8]) {
    assert_eq!(&bytes[..4], b"glTF");
    assert_eq!((word(bytes, 4), word(bytes, 8) as usize), (2, bytes.len()));
    let text = word(bytes, 12) as usize;
    assert!(text.is_multiple_of(4) && &bytes[16..20] == b"JSON");
    let document = serde_json::from_slice(&bytes[20..20 + text]).expect("JSON");
    let rest = &bytes[20 + text..];
    if rest.is_empty() {
        return (document, rest);
    }
    let binary = word(rest, 0) as usize;
    assert!(binary.is_multiple_of(4) && &rest[4..8] == b"BIN\0" && rest.len() == 8 + binary);
    (document, &rest[8..])
}

fn number(value: &Value) -> usize {
    value.as_u64().expect("a whole number") as usize
}

#[test]
fn glb_is_consistent() {
    let square = [[0.0, 0.0, 0.0], [1e-6, 0.0, 0.0], [1e-6, 1e-6, 0.0], [0.0, 1e-6, 0.0]];
    let mut bytes = Vec::new();
    write_glb(
        &[
            ball(1),
            TriangleMesh {
                region: 0,
                ..TriangleMesh::default()
            },
        ],
        &[(1, square.to_vec()), (2, square.to_vec())],
        &paints(),
        "ball",
        &mut bytes,
    )
    .expect("valid meshes");
    let (document, binary) = opened(&bytes);
    let accessors = document["accessors"].as_array().expect("accessors");
    for accessor in accessors {
        let view = &document["bufferViews"][number(&accessor["bufferView"])];
        let (start, length) = (number(&view["byteOffset"]), number(&view["byteLength"]));
        assert!(start.is_multiple_of(4) && start + length <= binary.len());
        let per = if accessor["type"] == "VEC3" { 12 } else { 4 };
        assert_eq!(number(&accessor["count"]) * per, length);
        if let Some(limits) = accessor.get("min") {
            let values: Vec<f32> = binary[start..start + length]
                .chunks(4)
                .map(|c| f32::from_le_bytes(c.try_into().expect("four bytes")))
                .collect();
            for axis in 0..3 {
                let column = values.iter().skip(axis).step_by(3);
                let low = column.clone().copied().fold(f32::INFINITY, f32::min);
                let high = column.copied().fold(f32::NEG_INFINITY, f32::max);
                assert_eq!(limits[axis].as_f64().map(|v| v as f32), Some(low));
                assert_eq!(accessor["max"][axis].as_f64().map(|v| v as f32), Some(high));
                assert!(high.abs() < 1.1, "one unit is a micrometre");
            }
        }
    }
    for mesh in document["meshes"].as_array().expect("meshes") {
        let primitive = &mesh["primitives"][0];
        let count = number(&accessors[number(&primitive["attributes"]["POSITION"])]["count"]);
        assert_eq!(number(&accessors[number(&primitive["attributes"]["NORMAL"])]["count"]), count);
        let view = &document["bufferViews"][number(&accessors[number(&primitive["indices"])]["bufferView"])];
        let start = number(&view["byteOffset"]);
        for k in (start..start + number(&view["byteLength"])).step_by(4) {
            assert!((word(binary, k) as usize) < count);
        }
        assert!(number(&primitive["material"]) < 3);
    }
    // Root, two regions with something in them, and three parts: cathode surface and cut face, lid cut face.
    let nodes = document["nodes"].as_array().expect("nodes");
    let names: Vec<&str> = nodes.iter().filter_map(|n| n["name"].as_str()).collect();
    assert_eq!(names, ["surface", "cut face", "cathode", "cut face", "lid", "ball (1 unit = 1 µm)"]);
    assert_eq!(document["materials"][1]["doubleSided"], true);
}

#[test]
fn an_empty_glb_is_valid_and_contradictions_are_refused() {
    let mut bytes = Vec::new();
    write_glb(&[], &[], &[], "nothing", &mut bytes).expect("nothing to write");
    let (document, binary) = opened(&bytes);
    assert!(binary.is_empty() && document.get("buffers").is_none() && document.get("meshes").is_none());
    let mut broken = ball(0);
    broken.points[3][1] = f64::NAN;
    assert!(matches!(
        write_glb(&[broken.clone()], &[], &paints(), "", &mut bytes),
        Err(ExportError::NotFinite { .. })
    ));
    assert!(matches!(write_stl(&[broken], "", &mut bytes), Err(ExportError::NotFinite { .. })));
    assert!(matches!(
        write_glb(&[ball(3)], &[], &paints(), "", &mut bytes),
        Err(ExportError::Region { found: 3, allowed: 3 })
    ));
    let mut broken = ball(0);
    broken.triangles[5][2] = 1_000_000;
    assert!(matches!(
        write_stl(&[broken], "", &mut bytes),
        Err(ExportError::Index { found: 1_000_000, .. })
    ));
}

#[test]
fn stl_encloses_the_same_volume() {
    let ball = ball(0);
    let mut bytes = Vec::new();
    write_stl(std::slice::from_ref(&ball), "ball", &mut bytes).expect("a valid mesh");
    assert!(!bytes.starts_with(b"solid"));
    let count = word(&bytes, 80) as usize;
    assert_eq!((count, bytes.len()), (ball.triangles.len(), 84 + 50 * count));
    let mut volume = 0.0;
    for facet in bytes[84..].chunks(50) {
        let v: Vec<f64> = facet[..48]
            .chunks(4)
            .map(|c| f64::from(f32::from_le_bytes(c.try_into().expect("four bytes"))))
            .collect();
        let cross = [v[7] * v[11] - v[8] * v[10], v[8] * v[9] - v[6] * v[11], v[6] * v[10] - v[7] * v[9]];
        volume += (v[3] * cross[0] + v[4] * cross[1] + v[5] * cross[2]) / 6.0;
        let radial = v[0] * v[3] + v[1] * v[4] + v[2] * v[5];
        assert!(radial > 0.0, "normals point outwards");
    }
    assert!((volume / (ball.volume() * 1e18) - 1.0).abs() < 1e-5);
}

#[test]
fn vtu_lists_cells_and_names() {
    let mesh = RegionCells {
        points: (0..8)
            .map(|i| [f64::from(i & 1), f64::from(i >> 1 & 1), f64::from(i >> 2)])
            .collect(),
        cells: vec![
            (Cell::Tetrahedron([0, 1, 2, 4]), 1),
            (
                Cell::Polyhedron(vec![vec![1, 2, 4], vec![1, 7, 2], vec![2, 7, 4], vec![4, 7, 1]]),
                2,
            ),
        ],
    };
    let mut bytes = Vec::new();
    write_vtu(&mesh, &paints(), &mut bytes).expect("valid cells");
    let text = String::from_utf8(bytes).expect("text");
    for part in [
        "NumberOfPoints=\"8\" NumberOfCells=\"2\"",
        "region 1: LiCoO2, positive (cathode)",
        "Name=\"faceoffsets\"",
        "Name=\"Region\"",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let wrong = RegionCells {
        cells: vec![(Cell::Tetrahedron([0, 1, 2, 8]), 0)],
        ..mesh
    };
    assert!(matches!(
        write_vtu(&wrong, &paints(), &mut Vec::new()),
        Err(ExportError::Index { found: 8, points: 8, .. })
    ));
}
