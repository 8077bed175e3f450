//! Draws a coaxial pillar that is given by distance functions, its masks, its process flow, its print and its three-dimensional model
//! into a folder: `cargo run -p cellwright-fab --example gallery -- FOLDER`.

use cellwright_device::Role;
use cellwright_fab::export::colour::Hue;
use cellwright_fab::export::contour::{Frame, contour};
use cellwright_fab::export::flow_strip::{FlowStep, flow_strip};
use cellwright_fab::export::gcode::{PrintLayer, PrintSettings, program};
use cellwright_fab::export::gltf::write_glb;
use cellwright_fab::export::isosurface::{Grid, isosurface};
use cellwright_fab::export::mask_svg::mask_svg;
use cellwright_fab::export::picture::Ring;
use cellwright_fab::export::print_preview::print_preview;
use cellwright_fab::export::section_svg::section_svg;
use cellwright_fab::export::stl::write_stl;
use cellwright_fab::export::vtu::{Cell, RegionCells, write_vtu};
use cellwright_fab::export::{Mark, MaskPicture, MaskPlan, SectionPicture, palette};
use std::error::Error;
use std::path::Path;

const UM: f64 = 1e-6;
/// Films on the silicon pillar: name, material, role, thickness.
const FILMS: [(&str, &str, Role, f64); 4] = [
    ("collector", "Pt", Role::Collector, 0.1e-6),
    ("cathode", "LiCoO2", Role::Positive, 1e-6),
    ("LiPON", "LiPON", Role::Electrolyte, 20e-9),
    ("anode", "Si", Role::Negative, 0.5e-6),
];

/// Distance to a pillar of radius 5 µm and height 50 µm on a plane, m; exact outside of it.
fn pillar(x: f64, y: f64, z: f64) -> f64 {
    let (d, over) = ((x - 10.0 * UM).hypot(y - 10.0 * UM) - 5.0 * UM, z - 50.0 * UM);
    let column = if d > 0.0 && over > 0.0 { d.hypot(over) } else { d.max(over) };
    column.min(z)
}

/// Sections after the first `films` films.
fn section(y: f64, films: usize, height: f64, cells: [usize; 2]) -> Result<SectionPicture, Box<dyn Error>> {
    let frame = Frame {
        from: [0.0, -4.0 * UM],
        to: [20.0 * UM, height],
        cells,
    };
    let mut layers = Vec::new();
    for k in (0..=films).rev() {
        let grown: f64 = FILMS[..k].iter().map(|f| f.3).sum();
        layers.push((k, contour(&|s, z| pillar(s, y, z) - grown, frame, 0.5e-9)?));
    }
    Ok(SectionPicture {
        width: 20.0 * UM,
        bottom: -4.0 * UM,
        top: height,
        layers,
        thickness: FILMS[..films].iter().enumerate().map(|(i, f)| (i + 1, f.3)).collect(),
        cut: format!("y = {:.0} µm", y / UM),
        title: "Coaxial pillar with LiCoO2 cathode".into(),
    })
}

fn circle(centre: [f64; 2], radius: f64, corners: usize) -> Ring {
    (0..corners)
        .map(|i| std::f64::consts::TAU * i as f64 / corners as f64)
        .map(|a| [centre[0] + radius * a.cos(), centre[1] + radius * a.sin()])
        .collect()
}

fn rectangle(from: [f64; 2], to: [f64; 2]) -> Ring {
    vec![from, [to[0], from[1]], to, [from[0], to[1]]]
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("the folder to draw into is missing")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let mut regions = vec![("pillar", "Si", Role::Substrate)];
    regions.extend(FILMS.iter().map(|f| (f.0, f.1, f.2)));
    let paints = palette(&regions);

    let marks = [
        Mark {
            at: [4.0 * UM, 0.9 * UM],
            label: "Collector is thinnest at the foot: 62 nm, allowed is at least 50 nm".into(),
        },
        Mark {
            at: [16.62 * UM, 30.0 * UM],
            label: "Gap to the next pillar 6.8 µm".into(),
        },
    ];
    std::fs::write(
        folder.join("pillar.svg"),
        section_svg(&section(10.0 * UM, 4, 56.0 * UM, [400, 1200])?, &paints, &marks, "pillar"),
    )?;
    std::fs::write(
        folder.join("pillar-edge.svg"),
        section_svg(&section(14.9 * UM, 4, 56.0 * UM, [400, 1200])?, &paints, &[], "edge"),
    )?;
    let mut wide = section(10.0 * UM, 4, 56.0 * UM, [400, 1200])?;
    wide.title = "The same films on a flat die".into();
    wide.cut = "y = 2.5 mm".into();
    (wide.width, wide.top) = (5e-3, 3.0 * UM);
    for (k, (_, rings)) in wide.layers.iter_mut().enumerate() {
        let grown: f64 = FILMS[..4 - k].iter().map(|f| f.3).sum();
        let inset = 0.2e-3 * (4 - k) as f64;
        *rings = vec![if k == 4 {
            rectangle([0.0, -4.0 * UM], [5e-3, 0.0])
        } else {
            rectangle([inset, 0.0], [5e-3 - inset, grown])
        }];
    }
    std::fs::write(folder.join("flat.svg"), section_svg(&wide, &paints, &[], "flat"))?;

    let array: Vec<Ring> = (0..200 * 200)
        .map(|i| {
            [
                500.0 * UM + 20.0 * UM * (f64::from(i % 200) + 0.5),
                500.0 * UM + 20.0 * UM * (f64::from(i / 200) + 0.5),
            ]
        })
        .map(|c| circle(c, 5.0 * UM, 48))
        .collect();
    let mask = |name: &str, layer: u16, rings: Vec<Ring>, colour: usize| MaskPicture {
        name: name.into(),
        layer: (layer, 0),
        rings,
        colour,
    };
    let plan = MaskPlan {
        title: "Masks of the pillar chip".into(),
        die: [5e-3, 5e-3],
        window: Some([[2480.0 * UM, 2480.0 * UM], [2560.0 * UM, 2560.0 * UM]]),
        masks: vec![
            mask(
                "collector",
                2,
                vec![
                    rectangle([4e-4, 4e-4], [4.6e-3, 4.6e-3]),
                    rectangle([4.6e-3, 2.2e-3], [4.95e-3, 2.8e-3]),
                ],
                1,
            ),
            mask("pillars", 1, array, 0),
            mask("anode window", 4, vec![rectangle([4.5e-4, 4.5e-4], [4.55e-3, 4.55e-3])], 2),
            mask(
                "sealing ring",
                9,
                vec![
                    rectangle([5e-5, 5e-5], [4.95e-3, 1.5e-4]),
                    rectangle([5e-5, 4.85e-3], [4.95e-3, 4.95e-3]),
                ],
                3,
            ),
        ],
    };
    let violation = [Mark {
        at: [4.78e-3, 2.5e-3],
        label: "The contact crosses the sealing ring: 50 µm left, allowed is at least 100 µm".into(),
    }];
    std::fs::write(folder.join("masks.svg"), mask_svg(&plan, &violation, "masks"))?;
    let finger = |k: usize| {
        let x = 0.4e-3 + 0.2e-3 * k as f64;
        if k.is_multiple_of(2) {
            rectangle([x, 0.4e-3], [x + 0.12e-3, 1.7e-3])
        } else {
            rectangle([x, 0.6e-3], [x + 0.12e-3, 1.9e-3])
        }
    };
    let comb = |odd: usize, bar: Ring| (0..16).filter(|k| k % 2 == odd).map(finger).chain([bar]).collect();
    let combs = MaskPlan {
        title: "Interdigitated combs".into(),
        die: [4e-3, 2.3e-3],
        window: None,
        masks: vec![
            mask("positive comb", 1, comb(0, rectangle([0.4e-3, 0.2e-3], [3.5e-3, 0.42e-3])), 0),
            mask("negative comb", 2, comb(1, rectangle([0.4e-3, 1.88e-3], [3.6e-3, 2.1e-3])), 1),
        ],
    };
    std::fs::write(folder.join("combs.svg"), mask_svg(&combs, &[], "combs"))?;

    let mut steps = vec![FlowStep {
        name: "pillars".into(),
        technique: "DRIE".into(),
        parameter: "50 µm deep, walls 90°".into(),
        region: Some(0),
        picture: section(10.0 * UM, 0, 56.0 * UM, [200, 600])?,
    }];
    for (i, (name, material, _, thickness)) in FILMS.iter().enumerate() {
        steps.push(FlowStep {
            name: (*name).into(),
            technique: if i == 3 { "CVD" } else { "ALD" }.into(),
            parameter: format!("{material} {:.0} nm", thickness * 1e9),
            region: Some(i + 1),
            picture: section(10.0 * UM, i + 1, 56.0 * UM, [200, 600])?,
        });
    }
    std::fs::write(folder.join("flow.html"), flow_strip(&steps, &paints, "flow"))?;

    let settings = PrintSettings {
        title: "LTO comb, 8 layers".into(),
        ink: "LTO paste".into(),
        nozzle: 30.0 * UM,
        layer_height: 24.0 * UM,
        filament_width: 32.0 * UM,
        speed: 2e-3,
        travel_speed: 10e-3,
        lift: 100.0 * UM,
        syringe_diameter: 4.6e-3,
    };
    let walls: Vec<Vec<[f64; 2]>> = (0..12)
        .map(|k| 0.1e-3 * f64::from(k))
        .map(|x| vec![[x, 0.0], [x, 0.8e-3]])
        .collect();
    let base = [vec![[-0.05e-3, -0.03e-3], [1.15e-3, -0.03e-3], [1.15e-3, 0.0], [-0.05e-3, 0.0]]];
    let layers: Vec<PrintLayer> = (0..8)
        .map(|k| PrintLayer {
            z: 24.0 * UM * f64::from(k + 1),
            paths: if k == 0 {
                base.iter().chain(&walls).cloned().collect()
            } else {
                walls.clone()
            },
        })
        .collect();
    std::fs::write(folder.join("print.gcode"), program(&layers, &settings)?.text)?;
    std::fs::write(folder.join("print.svg"), print_preview(&layers, &settings, Hue::Negative, "print"))?;

    let grid = Grid {
        from: [0.0, 0.0, -4.0 * UM],
        to: [20.0 * UM, 20.0 * UM, 56.0 * UM],
        cells: [24, 24, 48],
    };
    let mut meshes = Vec::new();
    for k in 0..=4 {
        // Bodies inside each other, each cut open a little farther than the one within: a film of 20 nm needs no finer grid.
        let grown: f64 = FILMS[..k].iter().map(|f| f.3).sum();
        let plane = 4.0 * UM + 2.0 * UM * k as f64;
        let body = |p: [f64; 3]| {
            let d = pillar(p[0], p[1], p[2]) - grown;
            if k == 0 { d } else { d.max(plane - p[1]) }
        };
        meshes.push(isosurface(&body, grid, k)?);
    }
    let mut bytes = Vec::new();
    write_glb(&meshes, &[], &paints, "Coaxial pillar", &mut bytes)?;
    std::fs::write(folder.join("pillar.glb"), &bytes)?;
    bytes.clear();
    write_stl(&meshes[..1], "silicon pillar", &mut bytes)?;
    std::fs::write(folder.join("pillar.stl"), &bytes)?;
    bytes.clear();
    let corners: Vec<[f64; 3]> = (0..12)
        .map(|i| [f64::from(i & 1), f64::from(i >> 1 & 1), f64::from(i >> 2)].map(|v| v * UM))
        .collect();
    let cells = RegionCells {
        points: corners,
        cells: vec![
            (Cell::Hexahedron([0, 1, 3, 2, 4, 5, 7, 6]), 0),
            (Cell::Tetrahedron([4, 5, 6, 8]), 1),
            (Cell::Wedge([5, 7, 6, 9, 11, 10]), 2),
        ],
    };
    write_vtu(&cells, &paints, &mut bytes)?;
    std::fs::write(folder.join("regions.vtu"), &bytes)?;
    Ok(())
}
