//! Writes varied layouts as GDSII and OASIS, and what our rules find on them, for `oracles/klayout_layout.py`.
//!
//! `cargo run --release -p cellwright-layout --example layout_oracle -- FOLDER`

use cellwright_layout::rules::{Marker, Rule, RuleBetween};
use cellwright_layout::{
    Cell, CellId, Layer, Layout, Path, PathEnd, Placement, Point, Reference, Repetition, boolean, gdsii, oasis, rings, rules,
};
use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Collects the lines of the JSON file while layouts are written.
struct Output {
    folder: PathBuf,
    layouts: Vec<String>,
    rules: Vec<String>,
    sizes: Vec<String>,
}

const fn layer(number: u16, datatype: u16) -> Layer {
    Layer { number, datatype }
}

fn main() -> Outcome<()> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder for the files is missing")?);
    std::fs::create_dir_all(&folder)?;
    let mut out = Output {
        folder,
        layouts: vec![],
        rules: vec![],
        sizes: vec![],
    };

    plain_shapes(&mut out)?;
    holes(&mut out)?;
    paths(&mut out)?;
    hierarchy(&mut out)?;
    large_polygons(&mut out)?;
    rules_on_shapes(&mut out)?;

    let list = |items: &[String]| format!("[\n{}\n]", items.join(",\n"));
    let text = format!(
        "{{\"layouts\":{},\"rules\":{},\"sizes\":{}}}\n",
        list(&out.layouts),
        list(&out.rules),
        list(&out.sizes)
    );
    std::fs::write(out.folder.join("ours.json"), text)?;
    Ok(())
}

impl Output {
    /// Writes both formats and the flattened layout; `tolerance` in database units is allowed between roundings.
    fn layout(&mut self, layout: &Layout, tolerance: i32) -> Outcome<()> {
        let name = &layout.name;
        let file = |ending: &str| File::create(self.folder.join(format!("{name}{ending}")));
        gdsii::write(layout, &gdsii::WriteOptions::default(), file(".gds")?)?;
        oasis::write(layout, file(".oas")?)?;
        let mut flat = Layout::new(&format!("{name}_flat"));
        for top in layout.top_cells() {
            let mut cell = Cell::new(&layout.cells[top.0].name);
            layout.visit(top, None, &mut |at, points| cell.polygons.push(at, points))?;
            flat.add(cell);
        }
        gdsii::write(&flat, &gdsii::WriteOptions::default(), file("_flat.gds")?)?;
        // What we read is what we wrote, cut polygons aside.
        let bytes = std::fs::read(self.folder.join(format!("{name}.gds")))?;
        let cells = gdsii::read(bytes.as_slice())?.layout.cells.len();
        self.layouts
            .push(format!("{{\"name\":\"{name}\",\"cells\":{cells},\"tolerance\":{tolerance}}}"));
        Ok(())
    }

    fn rule(&mut self, name: &str, layers: &[u16], rule: &str, limit: i32, found: &[Marker]) {
        let mut text = String::new();
        for (i, marker) in found.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let [[a, b], [c, d]] = marker.first;
            let [[e, f], [g, h]] = marker.second;
            // Writing to a string cannot fail.
            let _ = write!(text, "{comma}[{a},{b},{c},{d},{e},{f},{g},{h}]");
        }
        self.rules.push(format!(
            "{{\"name\":\"{name}\",\"layers\":{layers:?},\"rule\":\"{rule}\",\"limit\":{limit},\"count\":{},\"markers\":[{text}]}}",
            found.len()
        ));
    }
}

/// Name, shapes and the rules asked of them: rule, its name in KLayout, limit.
type Case<'a> = (&'a str, &'a [Vec<Point>], &'a [(Rule, &'a str, i32)]);

/// Small generator of reproducible numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: i32) -> i32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as i32
    }
}

fn rectangle(x: i32, y: i32, width: i32, height: i32) -> Vec<Point> {
    vec![[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
}

fn disc(x: i32, y: i32, radius: f64, corners: u32) -> Vec<Point> {
    let angle = |k: u32| std::f64::consts::TAU * f64::from(k) / f64::from(corners);
    (0..corners)
        .map(|k| {
            [
                x + (radius * angle(k).cos()).round() as i32,
                y + (radius * angle(k).sin()).round() as i32,
            ]
        })
        .collect()
}

fn single(name: &str, fill: impl FnOnce(&mut Cell)) -> Layout {
    let mut layout = Layout::new(name);
    let mut cell = Cell::new("top");
    fill(&mut cell);
    layout.add(cell);
    layout
}

fn plain_shapes(out: &mut Output) -> Outcome<()> {
    let shapes = single("shapes", |cell| {
        for i in 0..40 {
            cell.polygons
                .push(layer(1, 0), &rectangle(1500 * i, 700 * (i % 5), 1000 + 37 * i, 900));
            cell.polygons
                .push(layer(2, 3), &disc(3000 * i, -5000, 1000.0 + 13.0 * f64::from(i), 64));
        }
        cell.polygons.push(
            layer(3, 0),
            &[[0, 0], [0, 5000], [2000, 5000], [2000, 2000], [5000, 2000], [5000, 0]],
        );
        cell.polygons
            .push(layer(65535, 65535), &rectangle(-2_000_000_000, -2_000_000_000, 100, 77));
    });
    out.layout(&shapes, 0)?;
    // Two combs, each one polygon.
    let comb = single("combs", |cell| {
        let mut points = vec![[0, -4000], [4000 * 200, -4000], [4000 * 200, 0]];
        for i in (0..200).rev() {
            let x = 4000 * i;
            points.extend([[x + 1000, 0], [x + 1000, 100_000], [x, 100_000], [x, 0]]);
        }
        let mirrored: Vec<Point> = points.iter().map(|p| [p[0] + 2000, 103_000 - p[1]]).collect();
        cell.polygons.push(layer(1, 0), &points);
        cell.polygons.push(layer(1, 0), &mirrored);
    });
    out.layout(&comb, 0)
}

fn holes(out: &mut Output) -> Outcome<()> {
    let mut numbers = Numbers(5);
    let plate = vec![rectangle(0, 0, 100_000, 80_000)];
    let round: Vec<_> = (0..60)
        .map(|_| {
            disc(
                numbers.below(100_000),
                numbers.below(80_000),
                f64::from(1000 + numbers.below(6000)),
                32,
            )
        })
        .collect();
    let mut pierced = boolean::difference(&plate, &boolean::merged(&round));
    pierced = boolean::union(&pierced, &[disc(50_000, 40_000, 300.0, 16)]);
    let square_holes: Vec<_> = (0..400)
        .map(|i| rectangle(2000 + 4000 * (i % 20), 2000 + 3000 * (i / 20), 1500, 1500))
        .collect();
    let grid = boolean::difference(&[rectangle(0, 0, 90_000, 70_000)], &square_holes);
    let layout = single("holes", |cell| {
        for (number, set) in [(1, &pierced), (2, &grid)] {
            for ring in rings::without_holes(set) {
                cell.polygons.push(layer(number, 0), &ring);
            }
        }
        for hole in &round {
            cell.polygons.push(layer(11, 0), hole);
        }
        for hole in &square_holes {
            cell.polygons.push(layer(12, 0), hole);
        }
    });
    out.layout(&layout, 0)
}

fn paths(out: &mut Output) -> Outcome<()> {
    let lines: [&[Point]; 4] = [
        &[[0, 0], [10_000, 0]],
        &[[0, 5000], [10_000, 5000], [10_000, 9000], [14_000, 9000]],
        &[[0, 20_000], [7000, 24_000], [15_000, 21_000]],
        &[[0, 40_000], [10_000, 40_000], [1000, 44_000]],
    ];
    let ends = [
        PathEnd::Flush,
        PathEnd::Extended,
        PathEnd::Custom { begin: 300, end: 700 },
        PathEnd::Round,
    ];
    for (name, kinds) in [("paths", &ends[..3]), ("paths_round", &ends[3..])] {
        let layout = single(name, |cell| {
            for (i, &end) in kinds.iter().enumerate() {
                for points in lines {
                    cell.paths.push(Path {
                        layer: layer(1 + i as u16, 0),
                        width: 1000,
                        end,
                        points: points.to_vec(),
                    });
                }
            }
        });
        // Outlines may round their corners differently by one unit.
        out.layout(&layout, 1)?;
    }
    Ok(())
}

fn hierarchy(out: &mut Output) -> Outcome<()> {
    for (name, rotations, magnification, tolerance) in [
        ("quarter_turns", [0.0, 90.0, 180.0, 270.0], 1.0, 0),
        ("free_turns", [30.0, 45.0, 123.4, 271.0], 1.25, 2),
    ] {
        let mut layout = Layout::new(name);
        let mut leaf = Cell::new("leaf");
        leaf.polygons.push(
            layer(1, 0),
            &[[0, 0], [3000, 0], [3000, 1000], [1000, 1000], [1000, 2500], [0, 2500]],
        );
        leaf.polygons.push(layer(2, 0), &disc(500, 700, 400.0, 24));
        let leaf = layout.add(leaf);
        let mut group = Cell::new("group");
        for (i, &rotation) in rotations.iter().enumerate() {
            for mirror in [false, true] {
                let origin = [10_000 * i as i32, if mirror { 10_000 } else { 0 }];
                group.references.push(Reference {
                    cell: leaf,
                    placement: Placement {
                        mirror,
                        rotation,
                        magnification,
                        origin,
                    },
                    repetition: None,
                });
            }
        }
        let group = layout.add(group);
        let mut top = Cell::new("top");
        let mut place = |cell: CellId, placement: Placement, repetition: Option<Repetition>| {
            top.references.push(Reference {
                cell,
                placement,
                repetition,
            })
        };
        place(group, Placement::at([0, 0]), Some(Repetition::grid(3, 4, [50_000, 0], [0, 30_000])));
        let turned = Placement {
            mirror: true,
            rotation: rotations[1],
            magnification,
            origin: [-100_000, 50_000],
        };
        place(group, turned, Some(Repetition::grid(2, 3, [60_000, 1000], [-2000, 70_000])));
        place(leaf, Placement::at([0, 200_000]), Some(Repetition::grid(1, 5, [0, 0], [300, 5000])));
        place(
            leaf,
            Placement::at([0, 300_000]),
            Some(Repetition {
                columns: 3,
                rows: 1,
                column_span: [20_000, 100],
                row_span: [0, 0],
            }),
        );
        layout.add(top);
        out.layout(&layout, tolerance)?;
    }
    // A quarter of a million discs as an array of more columns than one record takes.
    let mut chip = Layout::new("long_array");
    let mut pillar = Cell::new("pillar");
    pillar.polygons.push(layer(1, 0), &disc(0, 0, 500.0, 16));
    let pillar = chip.add(pillar);
    let mut top = Cell::new("top");
    top.references.push(Reference {
        cell: pillar,
        placement: Placement::at([-2_000_000_000, 0]),
        repetition: Some(Repetition::grid(100_000, 1, [2000, 0], [0, 0])),
    });
    top.references.push(Reference {
        cell: pillar,
        placement: Placement::at([-2_000_000_000, 10_000]),
        repetition: Some(Repetition::grid(500, 2, [4_000_000, 0], [0, 5000])),
    });
    chip.add(top);
    out.layout(&chip, 0)
}

fn large_polygons(out: &mut Output) -> Outcome<()> {
    let layout = single("large", |cell| {
        cell.polygons.push(layer(1, 0), &disc(0, 0, 10_000_000.0, 20_000));
        let mut comb = vec![[0, -4000], [4000 * 6000, -4000], [4000 * 6000, 0]];
        for i in (0..6000).rev() {
            let x = 4000 * i;
            comb.extend([[x + 2000, 0], [x + 2000, 100_000], [x, 100_000], [x, 0]]);
        }
        cell.polygons.push(layer(2, 0), &comb);
        // A star: every second corner further in.
        let inner = disc(0, 0, 4_000_000.0, 15_000);
        let star = disc(0, 0, 5_000_000.0, 15_000)
            .into_iter()
            .zip(inner)
            .enumerate()
            .map(|(k, (a, b))| if k % 2 == 0 { a } else { b });
        cell.polygons.push(layer(3, 0), &star.collect::<Vec<_>>());
    });
    out.layout(&layout, 0)
}

fn rules_on_shapes(out: &mut Output) -> Outcome<()> {
    let fingers: Vec<_> = (0..20_000)
        .map(|i| rectangle(4000 * i, if i % 2 == 0 { 0 } else { 20_000 }, 2000, 1_000_000))
        .collect();
    let discs: Vec<_> = (0..25).map(|k| disc(20_000 * (k % 5), 20_000 * (k / 5), 5000.0, 64)).collect();
    let mut numbers = Numbers(11);
    let blocks: Vec<_> = (0..250)
        .map(|_| {
            rectangle(
                10 * numbers.below(3000),
                10 * numbers.below(3000),
                100 + 10 * numbers.below(200),
                100 + 10 * numbers.below(200),
            )
        })
        .collect();
    let slanted: Vec<_> = (0..150)
        .map(|_| {
            let [x, y] = [numbers.below(40_000), numbers.below(40_000)];
            (0..3)
                .map(|_| [x + numbers.below(3000), y + numbers.below(3000)])
                .collect::<Vec<Point>>()
        })
        .collect();
    let others: Vec<_> = (0..150)
        .map(|_| {
            disc(
                numbers.below(40_000),
                numbers.below(40_000),
                f64::from(300 + numbers.below(1000)),
                12,
            )
        })
        .collect();
    let cases: [Case; 5] = [
        (
            "rule_fingers",
            &fingers,
            &[
                (Rule::Width, "width", 2500),
                (Rule::Space, "space", 2500),
                (Rule::Width, "width", 2000),
            ],
        ),
        (
            "rule_discs",
            &discs,
            &[
                (Rule::Width, "width", 9000),
                (Rule::Space, "space", 11_000),
                (Rule::Space, "space", 10_000),
            ],
        ),
        (
            "rule_blocks",
            &blocks,
            &[
                (Rule::Width, "width", 300),
                (Rule::Space, "space", 300),
                (Rule::Notch, "notch", 400),
                (Rule::Isolation, "isolated", 400),
            ],
        ),
        (
            "rule_slanted",
            &slanted,
            &[
                (Rule::Width, "width", 200),
                (Rule::Space, "space", 500),
                (Rule::Notch, "notch", 300),
                (Rule::Isolation, "isolated", 300),
            ],
        ),
        ("rule_wide", &blocks, &[(Rule::Space, "space", 1500), (Rule::Width, "width", 1500)]),
    ];
    for (name, shapes, checks) in cases {
        let merged = boolean::merged(shapes);
        let layout = single(name, |cell| shapes.iter().for_each(|ring| cell.polygons.push(layer(1, 0), ring)));
        out.layout(&layout, 0)?;
        for &(rule, rule_name, limit) in checks {
            out.rule(name, &[1], rule_name, limit, &rules::markers(&merged, rule, limit));
        }
    }
    let plates: Vec<_> = (0..120)
        .map(|_| {
            rectangle(
                10 * numbers.below(3000),
                10 * numbers.below(3000),
                500 + 10 * numbers.below(200),
                500 + 10 * numbers.below(200),
            )
        })
        .collect();
    let (one, two) = (boolean::merged(&blocks), boolean::merged(&plates));
    let name = "rule_two";
    let layout = single(name, |cell| {
        blocks.iter().for_each(|ring| cell.polygons.push(layer(1, 0), ring));
        plates.iter().for_each(|ring| cell.polygons.push(layer(2, 0), ring));
    });
    out.layout(&layout, 0)?;
    for (rule, rule_name) in [
        (RuleBetween::Enclosure, "enclosed"),
        (RuleBetween::Overlap, "overlap"),
        (RuleBetween::Separation, "separation"),
    ] {
        out.rule(name, &[1, 2], rule_name, 200, &rules::markers_between(&one, &two, rule, 200));
    }
    for (name, shapes) in [("size_blocks", &blocks), ("size_slanted", &slanted), ("size_discs", &others)] {
        let merged = boolean::merged(shapes);
        let sizes = [150, -60];
        let layout = single(name, |cell| {
            let sized = sizes.map(|d| rings::without_holes(&boolean::sized(&merged, d)));
            for (number, set) in [(1, shapes), (2, &rings::without_holes(&merged)), (3, &sized[0]), (4, &sized[1])] {
                set.iter().for_each(|ring| cell.polygons.push(layer(number, 0), ring));
            }
        });
        out.layout(&layout, 0)?;
        out.sizes.push(format!(
            "{{\"name\":\"{name}\",\"sizes\":{sizes:?},\"area\":{}}}",
            rings::area(&merged)
        ));
    }
    Ok(())
}
