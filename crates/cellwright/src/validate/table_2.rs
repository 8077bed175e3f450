//! The eleven cells of a review's Table 2 (doi:10.1039/d2na00566b): what is reported, what follows from it and the shelf, what is missing.
//!
//! Where a report can be compared, it is compared with a ceiling: all lithium of the formula, or the energy at open circuit.

use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, STANDARD_TEMPERATURE};
use cellwright_base::units::format_number;
use cellwright_materials::Library;

/// µAh/cm² in C/m².
const MICRO: f64 = 36.0;
/// mAh/g in C/kg.
const PER_GRAM: f64 = 3600.0;
/// mg/cm² in kg/m².
const LOADING: f64 = 0.01;

/// A cell as the table prints it.
struct Reported {
    /// Folder below `examples/table-2/`.
    folder: &'static str,
    cell: &'static str,
    reported: &'static str,
    /// What the number refers to, as far as the table says it.
    basis: &'static str,
    missing: &'static str,
    solve: fn(&mut Closing<'_>) -> Result<(), Fault>,
}

const CELLS: &[Reported] = &[
    Reported {
        folder: "01-cnt-lnmo",
        cell: "prelithiated CNT, LiPF6 EC:DEC, LiNi0.5Mn1.5O4",
        reported: "238 µAh/cm² at 1C",
        basis: "area, of what is not said",
        missing: "loading of LiNi0.5Mn1.5O4; open-circuit potential of both",
        solve: cnt_lnmo,
    },
    Reported {
        folder: "02-lto-lfp-planar",
        cell: "LTO@GC, ionogel, LFP@GC, combs",
        reported: "131.4 µAh/cm² at 50 µA/cm², 49.4 at 500",
        basis: "area, footprint or electrode is not said",
        missing: "loadings, fingers, gaps; everything about the ionogel",
        solve: lto_lfp,
    },
    Reported {
        folder: "03-carbon-foam",
        cell: "carbon foam, LiPF6 EC:DEC, Li",
        reported: "1.22 mAh/cm²",
        basis: "area, rate not said",
        missing: "thickness and density of the foam; potential, transport",
        solve: carbon_foam,
    },
    Reported {
        folder: "04-tio2-scaffold",
        cell: "TiO2 on a metal scaffold, LiClO4 EC:DEC, Li",
        reported: "1600 µAh/cm²",
        basis: "area, rate not said",
        missing: "film thickness and area of the scaffold; transport in the electrolyte",
        solve: titania,
    },
    Reported {
        folder: "05-nb2o5",
        cell: "Nb2O5 on Al2O3/Pt, LiClO4 EC:DMC, Li",
        reported: "8 µAh/cm² at 1C",
        basis: "area, of what is not said",
        missing: "film thickness and area; potential, transport",
        solve: niobia,
    },
    Reported {
        folder: "06-ni-snox-c",
        cell: "Ni/SnOx/C, LiPF6 EC:DEC, Li",
        reported: "1.06 mAh/cm² at 0.1 mA/cm²",
        basis: "area, of what is not said",
        missing: "loading of tin, share of oxygen; potential, transport",
        solve: tin_on_nickel,
    },
    Reported {
        folder: "07-ni5p4",
        cell: "Ni5P4 foam, LiPF6 EC:DEC, Li",
        reported: "667 mAh/g (text: 677)",
        basis: "mass of Ni5P4",
        missing: "loading; potential, transport",
        solve: phosphide,
    },
    Reported {
        folder: "08-sno2",
        cell: "SnO2 film, LiPF6 EC:DMC, Li",
        reported: "498.3 µAh/g as printed",
        basis: "unit cannot be right",
        missing: "what the number refers to; thickness; potential, transport",
        solve: tin_oxide,
    },
    Reported {
        folder: "09-si-cnt",
        cell: "Si on CNT paper, LiPF6 EC:DEC, Li",
        reported: "1000 µAh/cm² at 1080 µA/cm²",
        basis: "area, of what is not said",
        missing: "loading of silicon, surface of the paper",
        solve: silicon_on_tubes,
    },
    Reported {
        folder: "10-si-nca",
        cell: "Si wafer, LiClO4 PC, NCA",
        reported: "30 mWh/cm²; 10 mAh/cm² (abstract)",
        basis: "footprint of the cell",
        missing: "NCA thickness and porosity, fins, rate",
        solve: silicon_nca,
    },
    Reported {
        folder: "11-sn-si",
        cell: "Sn–Si film, LiPF6 EC:EMC:DMC, Li",
        reported: "1134 mAh/g",
        basis: "mass of the film",
        missing: "ratio of tin to silicon; electrolyte; transport",
        solve: tin_silicon,
    },
];

/// What a cell says of itself, collected.
struct Closing<'a> {
    library: &'a Library,
    sheet: &'a mut Sheet,
    follows: Vec<String>,
    /// Prediction over report, in words.
    ratio: Vec<String>,
}

impl Closing<'_> {
    fn value(&self, name: &str, key: &'static str, at: f64) -> Result<f64, Fault> {
        let property = self.library.get(name)?.get(key).ok_or_else(|| Fault::Property {
            material: name.to_owned(),
            key,
        })?;
        Ok(property.eval(at, STANDARD_TEMPERATURE).value)
    }

    /// C/kg.
    fn per_mass(&self, name: &str) -> Result<f64, Fault> {
        self.value(name, "specific_capacity", 0.5)
    }

    /// C/m³.
    fn per_volume(&self, name: &str) -> Result<f64, Fault> {
        Ok(self.per_mass(name)? * self.value(name, "density", 0.5)?)
    }

    /// Thickness and loading that `charge` (C/m²) needs if the material is dense and all of its window is used.
    ///
    /// # Equation
    /// L = Q M / (n F ρ), with `lithium` n a formula of `molar_mass` M (g/mol); the shelf gives Q / (q ρ).
    fn needs(&mut self, name: &str, charge: f64, [lithium, molar_mass]: [f64; 2]) -> Result<f64, Fault> {
        let thickness = charge / self.per_volume(name)?;
        let loading = charge / self.per_mass(name)?;
        let expected = charge * molar_mass * 1e-3 / (lithium * FARADAY * self.value(name, "density", 0.5)?);
        self.sheet.close(
            format!("dense {name} for {} uAh/cm2", format_number(charge / MICRO, 4)),
            expected * 1e6,
            thickness * 1e6,
            1e-3,
            "um",
        );
        let length = if thickness < 1e-6 {
            format!("{} nm", format_number(thickness * 1e9, 3))
        } else {
            format!("{} µm", format_number(thickness * 1e6, 3))
        };
        self.follows.push(format!(
            "{name} holds {} µAh/cm² a µm: {length} if dense, {} mg/cm²",
            format_number(self.per_volume(name)? * 1e-6 / MICRO, 3),
            format_number(loading / LOADING, 3)
        ));
        Ok(thickness)
    }

    /// A prediction that is a ceiling beside the report: the report must not exceed it. Both in `unit`.
    fn ceiling(&mut self, what: &str, prediction: f64, report: f64, unit: &str) -> &mut super::Outcome {
        let words = |x| format_number(x, 3);
        self.ratio.push(format!(
            "{what}: {} / {} {unit} = {}",
            words(prediction),
            words(report),
            words(prediction / report)
        ));
        self.sheet
            .below(format!("{what}, report over ceiling"), report / prediction, 1.0, "")
    }

    /// Mean open-circuit potential between two stoichiometries, V.
    fn mean_potential(&self, name: &str, from: f64, to: f64) -> Result<f64, Fault> {
        const N: usize = 1000;
        let mut sum = 0.0;
        for i in 0..N {
            let x = from + (to - from) * (i as f64 + 0.5) / N as f64;
            sum += self.value(name, "open_circuit_potential", x)?;
        }
        Ok(sum / N as f64)
    }

    /// The same over the usable window.
    fn mean_over_window(&self, name: &str) -> Result<f64, Fault> {
        let [full, empty] = ["stoichiometry_at_full", "stoichiometry_at_empty"].map(|key| self.value(name, key, 0.5));
        self.mean_potential(name, full?, empty?)
    }
}

fn cnt_lnmo(c: &mut Closing<'_>) -> Result<(), Fault> {
    let charge = 238.0 * MICRO;
    c.needs("LiNi0.5Mn1.5O4", charge, [1.0, 182.692])?;
    // 313 µAh/cm² at 850 mAh/g, abstract of doi:10.3390/polym12020406.
    let loading = 313.0 * MICRO / (850.0 * PER_GRAM);
    let held = loading * c.per_mass("CNT")?;
    c.follows.push(format!(
        "CNT: {} mg/cm² (abstract: 313 µAh/cm² at 850 mAh/g)",
        format_number(loading / LOADING, 3)
    ));
    c.ceiling("CNT as LiC6", held / MICRO, charge / MICRO, "µAh/cm²")
        .known_miss("nanotubes store more than LiC6: the abstract itself has 850 mAh/g, 2.3 times as much");
    Ok(())
}

fn lto_lfp(c: &mut Closing<'_>) -> Result<(), Fault> {
    let charge = 131.4 * MICRO;
    c.needs("LiFePO4", charge, [1.0, 157.757])?;
    c.needs("Li4Ti5O12", charge, [3.0, 459.083])?;
    let voltage = c.mean_over_window("LiFePO4")? - c.mean_over_window("Li4Ti5O12")?;
    c.sheet.near(
        "mean open-circuit voltage against the plateaus 3.42 and 1.55 V",
        1.87,
        voltage,
        0.05,
        "V",
    );
    c.follows.push(format!(
        "{} V, {} mWh/cm² at open circuit",
        format_number(voltage, 3),
        format_number(131.4e-3 * voltage, 3)
    ));
    c.ratio.push("run, of assumed fingers and ionogel".into());
    Ok(())
}

fn carbon_foam(c: &mut Closing<'_>) -> Result<(), Fault> {
    c.needs("carbon-foam", 1220.0 * MICRO, [1.0, 72.066])?;
    Ok(())
}

fn titania(c: &mut Closing<'_>) -> Result<(), Fault> {
    let thickness = c.needs("TiO2-anatase", 1600.0 * MICRO, [0.5, 79.865])?;
    c.follows.push(format!(
        "or that much in thickness times enlargement of the area, as 100 nm on {} times the footprint",
        format_number(thickness / 100e-9, 3)
    ));
    // Eustache, Lethien et al., https://hal.science/hal-00976637v1, abstract: 25 times the footprint, 150 nm, 0.2 mAh/cm² at C/10.
    let sister = 25.0 * 150e-9 * c.per_volume("TiO2-anatase")?;
    c.ceiling("an older one, 150 nm on 25 times the footprint", sister / MICRO, 200.0, "µAh/cm²");
    Ok(())
}

fn niobia(c: &mut Closing<'_>) -> Result<(), Fault> {
    c.needs("Nb2O5", 8.0 * MICRO, [2.0, 265.807])?;
    Ok(())
}

fn tin_on_nickel(c: &mut Closing<'_>) -> Result<(), Fault> {
    c.needs("SnO2", 1060.0 * MICRO, [4.4, 150.708])?;
    c.needs("SnO", 1060.0 * MICRO, [4.4, 134.709])?;
    Ok(())
}

fn phosphide(c: &mut Closing<'_>) -> Result<(), Fault> {
    let full = c.per_mass("Ni5P4")? / PER_GRAM;
    c.follows
        .push(format!("{} of 3 lithium per phosphorus", format_number(667.0 / full * 3.0, 3)));
    c.ceiling("full conversion, table", full, 667.0, "mAh/g");
    c.ceiling("full conversion, text", full, 677.0, "mAh/g");
    Ok(())
}

fn tin_oxide(c: &mut Closing<'_>) -> Result<(), Fault> {
    for name in ["SnO2", "SnO"] {
        let full = c.per_mass(name)? / PER_GRAM;
        c.ceiling(&format!("{name}, if mAh/g is meant"), full, 498.3, "mAh/g");
    }
    let printed = 498.3e-3 / (c.per_mass("SnO2")? / PER_GRAM);
    c.follows
        .push(format!("as printed it is {} of what the tin can take", format_number(printed, 1)));
    Ok(())
}

fn silicon_on_tubes(c: &mut Closing<'_>) -> Result<(), Fault> {
    c.needs("a-Si", 1000.0 * MICRO, [3.75, 28.085])?;
    c.ratio.push("run, of a film on the bare footprint".into());
    Ok(())
}

fn silicon_nca(c: &mut Closing<'_>) -> Result<(), Fault> {
    let charge = 10_000.0 * MICRO;
    let used = c.needs("a-Si", charge, [3.75, 28.085])? / 50e-6;
    c.needs("NCA", charge, [0.7, 96.08])?;
    let empty = c.value("a-Si", "stoichiometry_at_empty", 0.5)?;
    let swing = charge / (50e-6 * FARADAY * c.value("a-Si", "maximum_concentration", 0.5)?);
    let voltage = c.mean_over_window("NCA")? - c.mean_potential("a-Si", empty, empty + swing)?;
    c.follows.push(format!(
        "{} % of a wafer of 50 µm, {} V at open circuit",
        format_number(100.0 * used, 2),
        format_number(voltage, 3)
    ));
    c.ceiling("10 mAh/cm² at open circuit", 10.0 * voltage, 30.0, "mWh/cm²");
    Ok(())
}

fn tin_silicon(c: &mut Closing<'_>) -> Result<(), Fault> {
    let [tin, silicon] = ["Sn", "a-Si"].map(|name| c.per_mass(name));
    let (tin, silicon) = (tin? / PER_GRAM, silicon? / PER_GRAM);
    let share = (1134.0 - tin) / (silicon - tin);
    c.sheet.close("mass fraction of silicon, all of both used", 0.0544, share, 1e-2, "");
    c.follows.push(format!(
        "between {} (tin) and {} mAh/g (silicon); {} % silicon by mass if all of both is used, more if not",
        format_number(tin, 3),
        format_number(silicon, 4),
        format_number(100.0 * share, 2)
    ));
    Ok(())
}

fn close<'a>(cell: &Reported, library: &'a Library, sheet: &'a mut Sheet) -> Result<[String; 2], Fault> {
    let mut closing = Closing {
        library,
        sheet,
        follows: vec![],
        ratio: vec![],
    };
    (cell.solve)(&mut closing)?;
    let joined = |list: Vec<String>| if list.is_empty() { "–".to_owned() } else { list.join("; ") };
    Ok([joined(closing.follows), joined(closing.ratio)])
}

/// Every cell: Faraday's law for what follows, ceilings for what can be compared.
pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let library = Library::embedded();
    for cell in CELLS {
        close(cell, &library, sheet)?;
    }
    Ok(())
}

/// The table as Markdown, as it stands in `examples/table-2/README.md`.
///
/// # Verification
/// `the_table_of_the_examples_is_the_one_computed`.
pub fn table_2() -> String {
    let library = Library::embedded();
    let mut sheet = Sheet {
        case: "table-2",
        outcomes: vec![],
    };
    let mut text = String::from("| cell | reported | refers to | follows | missing | prediction / report |\n|---|---|---|---|---|---|\n");
    for (number, cell) in CELLS.iter().enumerate() {
        let [follows, ratio] = close(cell, &library, &mut sheet).unwrap_or_else(|fault| [fault.to_string(), String::new()]);
        text += &format!(
            "| {}. {}<br>`{}` | {} | {} | {follows} | {} | {ratio} |\n",
            number + 1,
            cell.cell,
            cell.folder,
            cell.reported,
            cell.basis,
            cell.missing,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_of_the_examples_is_the_one_computed() {
        let shown = include_str!("../../../../examples/table-2/README.md");
        let computed = super::table_2();
        assert!(shown.contains(&computed), "examples/table-2/README.md should hold:\n{computed}");
    }

    #[test]
    fn every_cell_has_its_example() {
        for cell in super::CELLS {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../examples/table-2")
                .join(cell.folder);
            assert!(
                folder.join("design.toml").is_file() && folder.join("expected.toml").is_file(),
                "{}",
                cell.folder
            );
        }
    }
}
