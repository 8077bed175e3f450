//! From the tables of a design file to the parts of a [`Design`].

use super::reader::{Context, TableReader, shorten};
use super::{
    Architecture, Cell, Design, Film, FilmChange, Footprint, MaskFile, Model, ModelKind, Package, Porous, Spanned, Structure, Thermal,
    ageing, forms, plan, protocol, template,
};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_base::units::Dimension;
use cellwright_device::Role;
use cellwright_device::mesh::Edge;
use cellwright_fab::plan::Plan;

/// Reads the whole document; `None` if anything needed is missing or wrong (the context then holds the reasons).
pub(super) fn design(context: &Context<'_>, root: &TableReader<'_, '_>) -> Option<(Design, Vec<Diagnostic>)> {
    format(root);
    let name = root.text("name");
    let architecture = architecture(root);
    let temperature = root.quantity("temperature");
    let laminated = architecture == Some(Architecture::Laminated);
    let footprint = root.table("footprint").map(|t| footprint(&t, laminated));
    let title = name.as_ref().map(|n| n.value.as_str());
    let made = made(root, architecture, title, footprint.as_ref().and_then(|f| f.as_ref()));
    let cell = root.table("cell").map(|t| cell(&t, footprint.as_ref().and_then(|f| f.as_ref())));
    let ambient = temperature.as_ref().map_or(f64::NAN, |t| t.value);
    let thermal = root.table("thermal").map_or(Some(Thermal::Isothermal), |t| thermal(&t, ambient));
    let model = root.table("model").map_or_else(default_model, |t| model(&t));
    let protocol = root.table("protocol").map(|t| protocol::read(&t));
    let rate_series = root.table("rate_series").map(|t| protocol::rates(&t));
    let package = root.table("package").map_or_else(Package::default, |t| package(&t));
    let ageing = root.table("ageing").map(|t| ageing::read(&t));
    let materials = materials(root);
    let (protocol, warnings) = match protocol {
        None => (None, Vec::new()),
        Some(read) => read.map(|(section, warnings)| (Some(section), warnings))?,
    };
    let cell = match cell {
        None => None,
        Some(read) => Some(read?),
    };
    let mut made = made?;
    if let Some(place) = &model.collectors {
        let finger = made.plan.as_ref().and_then(|p| p.finger);
        match (&mut made.plan, finger) {
            (Some(plan), Some(finger)) => plan.window = finger,
            (Some(plan), None) if plan.window.tabs.is_some() => {}
            _ => root.context.report(no_combs(architecture, place)),
        }
    }
    let design = Design {
        file: context.file.to_owned(),
        source: context.text.to_owned(),
        name: name?.value,
        architecture: architecture?,
        temperature: temperature?,
        thermal: thermal?,
        footprint: footprint??,
        films: made.films,
        changes: made.changes,
        plan: made.plan,
        mask_files: made.mask_files,
        cell,
        model,
        protocol,
        rate_series: match rate_series {
            None => None,
            Some(read) => Some(read?),
        },
        package,
        ageing: match ageing {
            None => None,
            Some(read) => Some(read?),
        },
        materials,
    };
    Some((design, warnings))
}

/// Names under `[materials]`; what is inside is the library's business.
fn materials(root: &TableReader<'_, '_>) -> Vec<Spanned<String>> {
    let Some((key, (_, value))) = root.entry("materials") else {
        return Vec::new();
    };
    let Some(table) = value.get_ref().as_table() else {
        root.wrong_type::<()>(key, "tables headed [materials.\"NAME\".property]", value);
        return Vec::new();
    };
    table
        .keys()
        .map(|name| Spanned::new(name.get_ref().to_string(), root.context.place(name.span())))
        .collect()
}

/// Another whole number than 1 is a file of another version.
fn format(root: &TableReader<'_, '_>) {
    let Some((_, (_, value))) = root.entry("format") else { return };
    match value.get_ref().as_integer() {
        Some(integer) if integer.as_str() != "1" => {
            let message = format!("format {} is not read by this version", shorten(integer.as_str()));
            let refused = Diagnostic::error(ErrorKind::Unsupported, "E027", message).at(root.context.place(value.span()));
            root.context.report(refused.label("this version reads format 1"));
        }
        _ => {
            root.count("format");
        }
    }
}

fn architecture(root: &TableReader<'_, '_>) -> Option<Architecture> {
    let found = root.choice("architecture")?;
    Some(match (forms::form(&found.value)?.template, found.value.as_str()) {
        (Some(template), _) => Architecture::Template(template.name),
        (None, forms::CUSTOM) => Architecture::Custom,
        (None, _) => Architecture::Laminated,
    })
}

/// How the cell is made: its films, or its masks and steps.
#[derive(Default)]
struct Made {
    films: Vec<Film>,
    changes: Vec<FilmChange>,
    plan: Option<Plan>,
    mask_files: Vec<MaskFile>,
}

/// Reads how the cell is made; nothing behind a word that is no architecture.
fn made(root: &TableReader<'_, '_>, architecture: Option<Architecture>, name: Option<&str>, footprint: Option<&Footprint>) -> Option<Made> {
    match architecture {
        None if root.entry("architecture").is_some() => None,
        None | Some(Architecture::Laminated) => {
            let films: Vec<Option<Film>> = root.tables("film")?.iter().map(film).collect();
            Some(Made {
                films: films.into_iter().collect::<Option<_>>()?,
                ..Made::default()
            })
        }
        Some(Architecture::Template(word)) => {
            let (plan, changes) = template::plan(root, forms::form(word)?.template?, name, footprint)?;
            Some(Made {
                changes,
                plan: Some(plan),
                ..Made::default()
            })
        }
        Some(Architecture::Custom) => {
            let (plan, mask_files) = plan::custom(root, name, footprint)?;
            Some(Made {
                plan: Some(plan),
                mask_files,
                ..Made::default()
            })
        }
    }
}

fn footprint(t: &TableReader<'_, '_>, laminated: bool) -> Option<Footprint> {
    let (die, active, tabs) = (t.pair("die"), t.pair("active"), tabs(t, "[footprint]"));
    if laminated && t.entry("active").is_none() {
        let missing = Diagnostic::error(ErrorKind::Input, "E011", "missing key `active` in [footprint]").at(t.place.clone());
        let missing = missing.label("a laminated cell needs the overlap of its electrodes");
        t.context.report(missing.help("add  active = [\"4 mm\", \"4 mm\"]"));
        return None;
    }
    if t.entry("active").is_some() && active.is_none() {
        return None;
    }
    Some(Footprint { die: die?, active, tabs })
}

/// Collectors that cannot be followed, and what can be done instead.
fn no_combs(architecture: Option<Architecture>, place: &Place) -> Diagnostic {
    let help = match architecture {
        Some(Architecture::Laminated) => "say where the collectors are contacted:  negative_tab  and  positive_tab  in [footprint]",
        Some(Architecture::Custom) => "say where the collectors are contacted:  negative_tab  and  positive_tab  in [window]",
        _ => {
            "remove  collectors : metal is followed along combs (planar interdigital, filament walls, porous scaffold, columns on interdigital collectors, interlaced pillars)"
        }
    };
    let text = "the collectors cannot be followed along the chip in this architecture";
    Diagnostic::error(ErrorKind::Input, "E064", text).at(place.clone()).help(help)
}

/// Both tabs, or none.
pub(super) fn tabs(t: &TableReader<'_, '_>, heading: &str) -> Option<[Spanned<Edge>; 2]> {
    let edge = |name: &str| {
        let word = t.choice(name)?;
        let edge = Edge::ALL.into_iter().find(|e| e.as_str() == word.value)?;
        Some(Spanned::new(edge, word.place))
    };
    let names = ["negative_tab", "positive_tab"];
    if let Some(absent) = names.iter().find(|n| t.entry(n).is_none())
        && let Some(place) = names.iter().find_map(|n| t.place_of(n))
    {
        let missing = Diagnostic::error(ErrorKind::Input, "E011", format!("missing key `{absent}` in {heading}")).at(place);
        let missing = missing.label("current that enters here has to leave somewhere");
        t.context
            .report(missing.help(format!("add  {absent} = \"left\"  (or \"right\", \"bottom\", \"top\")")));
    }
    let [negative, positive] = names.map(edge);
    Some([negative?, positive?])
}

fn film(t: &TableReader<'_, '_>) -> Option<Film> {
    let name = t.text("name");
    let role = t
        .choice("role")
        .and_then(|r| role_of(&r.value).map(|role| Spanned::new(role, r.place)));
    let (material, technique, thickness) = (t.text("material"), t.text("technique"), t.quantity("thickness"));
    let (anneal, stoichiometry, note) = (t.quantity("anneal"), t.number("stoichiometry"), t.text("note"));
    let structure = structure(t);
    Some(Film {
        place: t.place.clone(),
        name: name?,
        role,
        material: material?,
        technique,
        thickness: thickness?,
        anneal,
        structure: structure?,
        stoichiometry,
        note: note.map(|n| n.value),
    })
}

/// The role with this name.
pub(super) fn role_of(word: &str) -> Option<Role> {
    use Role::*;
    [
        Substrate,
        Insulator,
        Adhesion,
        Collector,
        Negative,
        Electrolyte,
        Positive,
        Encapsulation,
    ]
    .into_iter()
    .find(|r| r.as_str() == word)
}

/// Keys that only mean something in a porous film.
const POROUS_KEYS: &[&str] = &[
    "porosity",
    "active_fraction",
    "particle_radius",
    "bruggeman",
    "transport_efficiency",
    "solid_transport_efficiency",
    "electrolyte",
];

fn structure(t: &TableReader<'_, '_>) -> Option<Structure> {
    let porous = match t.entry("structure") {
        None => false,
        Some(_) => t.choice("structure")?.value == "porous",
    };
    if !porous {
        for name in POROUS_KEYS {
            if let Some((_, (key, _))) = t.entry(name) {
                let misplaced = Diagnostic::error(
                    ErrorKind::Input,
                    "E019",
                    format!("`{name}` is for porous films, and this film is dense"),
                );
                let misplaced = misplaced
                    .at(t.context.place(key.span()))
                    .note("films are dense unless they say otherwise");
                t.context.report(misplaced.help("add  structure = \"porous\""));
                return None;
            }
        }
        return Some(Structure::Dense);
    }
    let porosity = t.number("porosity");
    let (active_fraction, particle_radius) = (t.number("active_fraction"), t.quantity("particle_radius"));
    let (bruggeman, efficiency) = (t.number("bruggeman"), t.number("transport_efficiency"));
    let (solid, electrolyte) = (t.number("solid_transport_efficiency"), t.text("electrolyte"));
    if t.entry("porosity").is_none() {
        needed(t, "porosity", "a porous film needs the volume fraction of its electrolyte");
    }
    match (t.entry("bruggeman"), t.entry("transport_efficiency")) {
        (None, None) => needed(
            t,
            "bruggeman",
            "a porous film needs `bruggeman` or `transport_efficiency`; the usual assumption is 1.5",
        ),
        (Some(_), Some((_, (key, _)))) => {
            let both = Diagnostic::error(
                ErrorKind::Input,
                "E019",
                "`transport_efficiency` and `bruggeman` say the same thing twice",
            );
            t.context.report(both.at(t.context.place(key.span())).help("keep one of them"));
            return None;
        }
        _ => {}
    }
    let porosity = porosity?;
    if let Some(active) = active_fraction.as_ref().filter(|a| a.value + porosity.value > 1.0 + 1e-12) {
        let sum = active.value + porosity.value;
        let full = Diagnostic::error(
            ErrorKind::OutOfRange,
            "E023",
            format!("porosity and active fraction add up to {sum:.3}, more than 1"),
        );
        t.context.report(
            full.at(active.place.clone())
                .label(format!("at most {:.3} is left beside the pores", 1.0 - porosity.value)),
        );
        return None;
    }
    let transport_efficiency = match (&bruggeman, efficiency) {
        (Some(exponent), _) => porosity.value.powf(exponent.value),
        (None, given) => given?.value,
    };
    let solid_transport_efficiency = match (solid, &bruggeman) {
        (Some(given), _) => given.value,
        (None, Some(exponent)) => (1.0 - porosity.value).powf(exponent.value),
        (None, None) => 1.0,
    };
    Some(Structure::Porous(Porous {
        porosity,
        active_fraction,
        particle_radius,
        transport_efficiency,
        solid_transport_efficiency,
        electrolyte,
    }))
}

fn needed(t: &TableReader<'_, '_>, key: &str, why: &str) {
    let missing = Diagnostic::error(ErrorKind::Input, "E011", format!("missing key `{key}` {}", t.heading()));
    t.context.report(
        missing
            .at(t.place_of("structure").unwrap_or_else(|| t.place.clone()))
            .label("this film is porous")
            .note(why),
    );
}

fn cell(t: &TableReader<'_, '_>, footprint: Option<&Footprint>) -> Option<Cell> {
    let voltage = t.pair("voltage");
    let capacity = t.quantity_of("capacity").and_then(|(mut capacity, dimension)| {
        if dimension == Dimension::CAPACITY {
            capacity.value /= footprint?.active_area();
        }
        Some(capacity)
    });
    let (contact_resistance, series_resistance) = (t.quantity("contact_resistance"), t.quantity("series_resistance"));
    let state_of_charge = t.number("state_of_charge");
    Some(Cell {
        voltage: voltage?,
        capacity,
        contact_resistance,
        series_resistance,
        state_of_charge,
    })
}

fn thermal(t: &TableReader<'_, '_>, temperature: f64) -> Option<Thermal> {
    let mode = t.choice("mode");
    let ambient = t.quantity("ambient").map_or(temperature, |a| a.value);
    let (heat_transfer, area, heat_capacity) = (t.quantity("heat_transfer"), t.quantity("area"), t.quantity("heat_capacity"));
    let heat_transfer_below = t.quantity("heat_transfer_below");
    let mode = mode?.value;
    let (idle, instead): (&[&str], &str) = match mode.as_str() {
        "lumped" => (&["heat_transfer_below"], "conduction"),
        "conduction" => (&["heat_capacity"], "lumped"),
        _ => (
            &["ambient", "heat_transfer", "heat_transfer_below", "area", "heat_capacity"],
            "lumped",
        ),
    };
    for name in idle {
        if let Some((_, (key, _))) = t.entry(name) {
            let place = match mode.as_str() {
                "lumped" => "a body of one temperature",
                "conduction" => "a temperature field, whose films have their own",
                _ => "an isothermal cell",
            };
            let idle = Diagnostic::error(ErrorKind::Input, "E019", format!("`{name}` has no effect in {place}"));
            let help = format!("write mode = \"{instead}\", or leave this key out");
            t.context.report(idle.at(t.context.place(key.span())).help(help));
            return None;
        }
    }
    if mode == "isothermal" {
        return Some(Thermal::Isothermal);
    }
    if t.entry("heat_transfer").is_none() {
        let missing = Diagnostic::error(ErrorKind::Input, "E011", "missing key `heat_transfer` in [thermal]");
        let label = if mode == "lumped" {
            "a lumped heat balance needs it"
        } else {
            "the outer faces need it"
        };
        let missing = missing.at(t.place_of("mode").unwrap_or_else(|| t.place.clone())).label(label);
        t.context
            .report(missing.help("add  heat_transfer = \"10 W/(m2 K)\" (still air is about 10)"));
    }
    let heat_transfer = heat_transfer?;
    Some(if mode == "lumped" {
        Thermal::Lumped {
            ambient,
            heat_transfer,
            area,
            heat_capacity,
        }
    } else {
        Thermal::Conduction {
            ambient,
            heat_transfer,
            heat_transfer_below,
            area,
        }
    })
}

fn default_model() -> Model {
    Model {
        kind: ModelKind::Auto,
        cells: None,
        collectors: None,
        plane: None,
        host_modes: None,
        double_layer: false,
        relative_tolerance: None,
        absolute_tolerance: None,
    }
}

fn model(t: &TableReader<'_, '_>) -> Model {
    use ModelKind::*;
    let kind = t
        .choice("kind")
        .and_then(|word| [Auto, Dfn, Spme, Spm].into_iter().find(|k| k.as_str() == word.value))
        .unwrap_or(Auto);
    Model {
        kind,
        cells: t.count("cells"),
        collectors: t
            .choice("collectors")
            .filter(|word| word.value == "resolved")
            .map(|word| word.place),
        plane: t.count("plane"),
        host_modes: t.count("host_modes"),
        double_layer: t.choice("double_layer").is_some_and(|word| word.value == "on"),
        relative_tolerance: t.number("relative_tolerance"),
        absolute_tolerance: t.number("absolute_tolerance"),
    }
}

fn package(t: &TableReader<'_, '_>) -> Package {
    Package {
        thickness: t.quantity("thickness"),
        height: t.quantity("height"),
        margin: t.quantity("margin"),
        water_vapour_transmission: t.quantity("water_vapour_transmission"),
    }
}

/// Opens the top level of the document, as its architecture has it; behind a word that is none, as the one that knows most of its keys.
pub(super) fn open<'c, 'a>(context: &'c Context<'a>, table: &'c toml::de::DeTable<'a>) -> TableReader<'c, 'a> {
    let word = table
        .get("architecture")
        .and_then(|v| v.get_ref().as_str())
        .unwrap_or(forms::LAMINATED);
    let known = |form: &&forms::Form| form.section.keys.iter().filter(|k| table.contains_key(k.name)).count();
    let likely = || forms::FORMS.iter().rev().max_by_key(known).unwrap_or(&forms::FORMS[0]);
    let form = forms::form(word.trim()).unwrap_or_else(likely);
    TableReader::open(context, &form.section, table, context.place(0..0))
}
