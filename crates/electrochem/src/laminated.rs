//! The one-dimensional mesh of a laminated cell: which regions get volumes, and where they stand closer.
//!
//! A porous electrode whose interfaces charge lets current of high frequency in by its ends only: ions from the separator, electrons from the
//! collector, less than a twentieth of its thickness deep at 10 kHz. There its volumes stand closer. Of the current that enters as ions the share σ/(κ + σ)
//! goes over to the solid near the separator, and of the electrons κ/(κ + σ) to the ions near the collector (κ, σ effective conductivities of pores and
//! solid), so each end is refined by its share over the larger one. Without double layers the reaction spreads evenly enough for even volumes.
//!
//! # Source
//! Shares: Newman, Tobias, J. Electrochem. Soc. 109 (1962) 1183, <https://doi.org/10.1149/1.2425269>.
//!
//! # Verification
//! `cellwright validate impedance-pybamm`: spectrum of Chen 2020 up to 10 kHz on the default mesh; `tests/laminated.rs`: the shape of the mesh.

use crate::electrolyte::Electrolyte;
use crate::model::{REGION_NEGATIVE, REGION_POSITIVE, REGION_SEPARATOR};
use crate::spec::{CellSpec, Electrode, ModelKind};
use cellwright_device::mesh::{Mesh, Segment, Spacing, stack};

/// Mesh of electrolyte-bearing regions from the negative to the positive side.
pub(crate) fn mesh(spec: &CellSpec) -> Mesh {
    let mut segments = Vec::new();
    let porous = |e: &Electrode| match e {
        Electrode::Porous { thickness, .. } => Some(*thickness),
        _ => None,
    };
    let (negative, positive) = (porous(&spec.negative), porous(&spec.positive));
    // Where the electrolyte stays uniform one volume is as good as many; at a film or metal the interface condition holds half a volume.
    let uniform = spec.kind == ModelKind::Spm && negative.is_some() && positive.is_some();
    let [n, s, p] = if uniform { [1; 3] } else { spec.resolution.cells };
    if let Some(length) = negative {
        let [separator, collector] = edges(spec, &spec.negative);
        segments.push(Segment {
            region: REGION_NEGATIVE,
            length,
            cells: n,
            spacing: crowded(spec, [collector, separator]),
        });
    }
    let graded = negative.is_none() || positive.is_none();
    let spacing = if graded {
        Spacing::BothEnds {
            ratio: spec.resolution.grading,
        }
    } else {
        Spacing::Uniform
    };
    segments.push(Segment {
        region: REGION_SEPARATOR,
        length: spec.separator.thickness,
        cells: s,
        spacing,
    });
    if let Some(length) = positive {
        segments.push(Segment {
            region: REGION_POSITIVE,
            length,
            cells: p,
            spacing: crowded(spec, edges(spec, &spec.positive)),
        });
    }
    stack(spec.area, &segments)
}

fn crowded(spec: &CellSpec, ends: [f64; 2]) -> Spacing {
    if ends == [0.0; 2] {
        return Spacing::Uniform;
    }
    Spacing::Crowded {
        ends,
        depth: spec.resolution.edge_depth,
    }
}

/// Additional density of volumes at the separator and at the collector of an electrode; none where its interfaces do not charge.
fn edges(spec: &CellSpec, electrode: &Electrode) -> [f64; 2] {
    let Electrode::Porous {
        transport_efficiency,
        solid_conductivity,
        ..
    } = electrode
    else {
        return [0.0; 2];
    };
    let density = spec.resolution.edge_density;
    if spec.kind != ModelKind::Dfn || electrode.double_layer() <= 0.0 || density <= 0.0 {
        return [0.0; 2];
    }
    let concentration = spec.electrolyte.initial_concentration();
    let electrolyte = Electrolyte::new(&spec.electrolyte, spec.temperature, true);
    let pores = transport_efficiency / electrolyte.coefficients(concentration, spec.temperature).resistivity;
    // A solid without resistance leaves all of the crossing to the end at the separator.
    let ratio = pores / solid_conductivity;
    let larger = ratio.max(1.0);
    [density / larger, density * ratio / larger]
}
