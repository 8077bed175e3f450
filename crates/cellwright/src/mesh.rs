//! Control volumes for a fabricated device: how fine, how interfaces are treated, and the mesh in the measure of the whole chip.

use crate::cell::{ChipMesh, Fingers, classes};
use crate::design::Design;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_device::mesh::{
    Bus, Finding, GradingOptions, Growth, Mesh, MeshError, MixedOptions, Spacing, extruded, grading, ladder, mixed, on_bus,
};
use cellwright_electrochem::spec::{CellSpec, Electrode, ElectrolyteLaw};
use cellwright_fab::emulate;
use cellwright_materials::{Library, Property};

/// Volumes across the narrowest gap, per radius of what is round, and size ratio of neighbours.
const FINE: (usize, usize, f64) = (5, 6, 1.25);
/// The same for the coarse partner of the error estimate.
const COARSE: (usize, usize, f64) = (3, 3, 1.5);
/// The coarse partner of whole fingers, whose own sections are as those of the coarse mesh: a finger has many of them.
const COARSEST: (usize, usize, f64) = (3, 2, 2.0);
/// Volumes wanted at most in the fine mesh.
const TARGET: usize = 2_500;

/// Steps and gaps below this part of what is round or of the box are not resolved; the next one is taken where that needs too many volumes.
const THIN: [f64; 4] = [0.15, 0.3, 0.6, 1.0];
/// How many times more volumes there are across a layer of a stack.
const ALONG_STACK: usize = 8;
/// Volumes along the overlap of two fingers where the design says nothing.
const PIECES: usize = 8;
/// How they are spaced along fingers of one section: the current changes most towards the ends.
const ALONG: Spacing = Spacing::BothEnds { ratio: 1.5 };
/// Volumes that are too many, over those wanted.
const TOO_MANY: usize = 20;

/// Meshes the device for a cell.
///
/// # Errors
/// `E063` with the reason if it cannot be meshed.
pub fn of(
    design: &Design,
    library: &Library,
    made: &emulate::Made,
    spec: &CellSpec,
    fingers: Option<&Fingers>,
) -> Result<ChipMesh, Box<Diagnostic>> {
    let sections = fingers.and_then(|f| f.sections);
    let (partition, classes) = match fingers.filter(|_| sections.is_none()) {
        None => (&made.partition, classes(library, made)),
        Some(f) => (&f.partition, f.classes.clone()),
    };
    let repeats = made.fabrication.plan.window.repeats;
    let options = MixedOptions {
        resistance: [&spec.negative, &spec.positive].map(|e| resistance_length(e, spec)),
        tabs: fingers.filter(|_| sections.is_none()).map(|f| f.tabs),
        ..MixedOptions::default()
    };
    let finer = design.model.cells.as_ref().map_or(1.0, |c| c.value as f64 / FINE.0 as f64);
    let build = |(across_gap, per_radius, ratio): (usize, usize, f64), target: usize, pieces: usize| {
        let times = |n: usize| ((n as f64 * finer).round() as usize).max(3);
        // Of a finger from end to end the target is that of its section.
        let whole = fingers.filter(|f| f.finger_length.is_none());
        let slices = whole.map_or(1, |_| 2 * pieces);
        let target = (target as f64 * finer * finer) as usize * slices;
        let wish = |thin: f64| GradingOptions {
            across_gap: times(across_gap),
            per_radius: times(per_radius),
            growth: Growth {
                ratio: ratio.powf(1.0 / finer),
                ..Growth::default()
            },
            long: whole.and_then(Fingers::axis).map(|axis| (axis, pieces)),
            target,
            most: TOO_MANY * target,
            thin,
        };
        // Along a stack, where volumes cost nothing, they are many.
        let graded = |thin: f64| {
            let found = grading(partition, &classes, &wish(thin))?;
            if found.grid.shape().iter().filter(|n| **n == 1).count() < 2 {
                return Ok(found);
            }
            let along = GradingOptions {
                across_gap: ALONG_STACK * across_gap,
                ..wish(thin)
            };
            grading(partition, &classes, &along)
        };
        let affordable = THIN.into_iter().map(graded).find(Result::is_ok);
        affordable
            .unwrap_or_else(|| graded(THIN[0]))
            .and_then(|graded| mixed(partition, &graded.grid, &classes, options))
            .map_err(|e| Box::new(explained(design, made, &e)))
    };
    let pieces = design.model.plane.as_ref().map_or(PIECES, |p| p.value);
    let (fine, coarse) = match fingers {
        None => (build(FINE, TARGET, 1)?, build(COARSE, TARGET / 4, 1)?),
        Some(_) => (build(COARSE, TARGET / 4, pieces)?, build(COARSEST, TARGET / 8, pieces.div_ceil(2))?),
    };
    if let Some(fingers) = fingers.filter(|f| f.finger_length.is_some() && sections.is_none() && !f.is_section(&fine.mesh)) {
        return Err(fingers.no_section(design));
    }
    let mut report = fine.report;
    if let Some(fingers) = fingers {
        report.findings.iter_mut().for_each(|f| f.rename(|label| fingers.region(label)));
    }
    let whole = |mesh: Mesh, pieces: usize| {
        let mesh = scaled(mesh, repeats);
        let mesh = match fingers.and_then(|f| Some((f.finger_length?, f.tabs))) {
            Some((length, tabs)) => {
                let lengths = ALONG.widths(length, pieces);
                match sections {
                    Some(sections) => ladder(&mesh, &lengths, tabs, sections),
                    None => extruded(&mesh, &lengths, tabs),
                }
            }
            None => mesh,
        };
        match fingers.and_then(|f| f.bus.map(|bus| (bus, f.conductivity))) {
            Some((bus, sigma)) => on_bus(&mesh, &bus, pieces_of(&bus, sigma, spec.current_1c)),
            None => mesh,
        }
    };
    Ok(ChipMesh {
        mesh: whole(fine.mesh, pieces),
        coarse: whole(coarse.mesh, pieces.div_ceil(2)),
        collectors: fingers.map_or([f64::INFINITY; 2], |f| f.conductivity),
        report,
        repeats,
        followed: fingers.map(|f| f.words()),
        stack: false,
    })
}

/// Voltage that a bus loses on the average at 1C above which it is divided, V.
const BUS_DROP: f64 = 3e-3;
/// Pieces of half a bus then.
const BUS_PIECES: usize = 4;

/// Pieces of half a bus: one, with its mean resistance, where little voltage is lost along it.
fn pieces_of(bus: &Bus, conductivity: [f64; 2], current: f64) -> usize {
    let lost = |side: usize| current.abs() * bus.resistance(side, conductivity[side])[0];
    if lost(0).max(lost(1)) < BUS_DROP { 1 } else { BUS_PIECES }
}

/// Conductivity of the electrolyte times the area resistance of charge transfer at rest, m: below the size of the volumes a surface is
/// nearly an equipotential.
fn resistance_length(electrode: &Electrode, spec: &CellSpec) -> f64 {
    let at = |p: &Property, x: f64| p.eval(x, spec.temperature).value;
    let conductivity = match &spec.electrolyte {
        ElectrolyteLaw::Concentrated {
            conductivity,
            initial_concentration,
            ..
        } => at(conductivity, *initial_concentration),
        ElectrolyteLaw::SingleIon { conductivity } => at(conductivity, 0.0),
        ElectrolyteLaw::TwoSpecies {
            total_lithium,
            mobile_fraction,
            cation,
            anion,
            ..
        } => FARADAY * FARADAY / (GAS_CONSTANT * spec.temperature) * (at(cation, 0.0) + at(anion, 0.0)) * total_lithium * mobile_fraction,
    };
    let transfer = |i0: f64| GAS_CONSTANT * spec.temperature / (FARADAY * i0);
    let resistance = match electrode {
        Electrode::Metal {
            exchange_current,
            film_resistance,
            ..
        } => film_resistance + exchange_current.as_ref().map_or(0.0, |e| transfer(at(&e.property, 0.5))),
        Electrode::Film {
            thickness,
            electronic_conductivity,
            active,
        } => transfer(at(&active.exchange_current.property, 0.5)) + active.film_resistance + thickness / electronic_conductivity,
        Electrode::Porous { .. } => f64::INFINITY,
    };
    conductivity * resistance
}

/// The mesh of one window as that of all of them side by side.
fn scaled(mut mesh: Mesh, repeats: f64) -> Mesh {
    mesh.volumes.iter_mut().for_each(|v| *v *= repeats);
    mesh.faces.iter_mut().chain(&mut mesh.interfaces).for_each(|f| f.area *= repeats);
    mesh.negative.iter_mut().chain(&mut mesh.positive).for_each(|f| f.area *= repeats);
    mesh
}

/// Deviation of a film from a slab of its thickness, mean over its area, above which it is remarked.
const BENT: f64 = 0.1;

/// What the mesh says about the device: parts that take no part, films that are thick for their surface.
pub fn remarks(made: &emulate::Made, meshed: &ChipMesh) -> Vec<Diagnostic> {
    let regions = &made.fabrication.regions;
    let name = |label: u16| regions.get(usize::from(label)).map_or("a body", |r| r.name.as_str());
    let at = |p: [f64; 3]| format!("({:.3} um, {:.3} um, {:.3} um)", p[0] * 1e6, p[1] * 1e6, p[2] * 1e6);
    // What is said about a place, before and after it; places of which the same is said are counted.
    let said = |f: &Finding| -> Option<([String; 2], [f64; 3])> {
        let words = |before: String, after: &str| [before, after.to_owned()];
        match *f {
            Finding::WithoutElectrolyte { region, place, .. } => Some((
                words(format!("no electrolyte reaches `{}`", name(region)), ": its lithium takes no part"),
                place,
            )),
            Finding::FloatingElectrolyte { region, place, .. } => Some((
                words(format!("a part of `{}`", name(region)), " touches no electrode and is left out"),
                place,
            )),
            Finding::WithoutTerminal { region, place, .. } => {
                Some((words(format!("no metal joins `{}`", name(region)), " to a terminal"), place))
            }
            Finding::Short {
                regions: [a, b], place, ..
            } => Some((words(format!("`{}` and `{}` touch", name(a), name(b)), ""), place)),
            // Collectors are wider than their electrodes by design; the listing of the model says how they are taken.
            Finding::BareMetal { .. } => None,
        }
    };
    let mut places: Vec<([String; 2], [f64; 3], usize)> = vec![];
    for (words, place) in meshed.report.findings.iter().filter_map(said) {
        match places.iter_mut().find(|p| p.0 == words) {
            Some(known) => known.2 += 1,
            None => places.push((words, place, 0)),
        }
    }
    let idle = |([before, after], place, more): ([String; 2], [f64; 3], usize)| {
        let others = match more {
            0 => String::new(),
            1 => " and at one more place".to_owned(),
            n => format!(" and at {n} more places"),
        };
        Diagnostic::warning("W208", format!("{before} around {}{others}{after}", at(place)))
    };
    let mut out: Vec<Diagnostic> = places.into_iter().map(idle).collect();
    for (side, faces) in [("negative", &meshed.mesh.negative), ("positive", &meshed.mesh.positive)] {
        let films: Vec<(f64, f64)> = faces.iter().filter_map(|f| Some((f.area, f.film?.fullness))).collect();
        let area: f64 = films.iter().map(|f| f.0).sum();
        let bent = films.iter().map(|(a, f)| a * (f - 1.0).abs()).sum::<f64>() / area;
        if area > 0.0 && bent > BENT {
            let text = format!(
                "the {side} film is thick for its surface: its true volume differs by {:.0} % from area times thickness",
                100.0 * bent
            );
            out.push(Diagnostic::warning("W207", text).note("diffusion is followed along the normal alone, with the true volume"));
        }
    }
    out
}

/// Why the device cannot be meshed, in the words of the design.
fn explained(design: &Design, made: &emulate::Made, error: &MeshError) -> Diagnostic {
    let regions = &made.fabrication.regions;
    let name = |label: u16| regions.get(usize::from(label)).map_or("the device", |r| r.name.as_str());
    let (text, hint) = match error {
        MeshError::NoElectrolyte => (
            "no body conducts ions between the electrodes".to_owned(),
            "add a step with  role = \"electrolyte\"",
        ),
        MeshError::NoReaction { side } => (
            format!("no electrolyte touches the {} electrode", format!("{side:?}").to_lowercase()),
            "look at the cross-section: a film lies between, or the electrolyte does not reach it",
        ),
        MeshError::Disconnected { region, place } => (
            format!(
                "no electrolyte joins both electrodes: `{}` ends around ({:.3} um, {:.3} um, {:.3} um)",
                name(*region),
                place[0] * 1e6,
                place[1] * 1e6,
                place[2] * 1e6
            ),
            "open a closed gap, or take away the insulator between",
        ),
        MeshError::Overfull => (
            "the repeating window holds more detail than can be divided".to_owned(),
            "choose a smaller window",
        ),
        MeshError::TooMany { wanted, allowed, gap } => (
            format!(
                "{wanted} control volumes are needed to resolve a gap of {:.3} um, allowed are {allowed}",
                gap * 1e6
            ),
            "choose a smaller window, or fewer  cells  under [model]",
        ),
        MeshError::NoCells { .. } | MeshError::NotRising { .. } => (error.to_string(), "please report this with the design"),
    };
    let whole = Place::in_source(&design.file, &design.source, 0..0);
    Diagnostic::error(ErrorKind::Input, "E063", format!("the device cannot be meshed: {text}"))
        .at(whole)
        .help(hint)
}
