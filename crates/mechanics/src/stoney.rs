//! Bow of a wafer under stressed films: Stoney's thin-film form, and the exact one for layers of any thickness.

use crate::elastic::Elastic;
use crate::error::{MechanicsError, finite, positive};

/// A layer of a stack, from the bottom up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    /// Thickness, m.
    pub thickness: f64,
    /// Stiffness.
    pub elastic: Elastic,
    /// In-plane strain that the layer would take if it were cut free, in all directions alike.
    pub free_strain: f64,
}

impl Layer {
    /// A layer without stress of its own: the substrate.
    pub fn free(thickness: f64, elastic: Elastic) -> Layer {
        Layer {
            thickness,
            elastic,
            free_strain: 0.0,
        }
    }

    /// A film that carries the stress, Pa, while the stack is held flat.
    pub fn stressed(thickness: f64, elastic: Elastic, stress: f64) -> Layer {
        Layer {
            thickness,
            elastic,
            free_strain: -stress / elastic.biaxial(),
        }
    }
}

/// Curvature of a substrate under thin films, 1/m; positive where the films are on the inside of the bow, as under tension.
///
/// # Equation
/// `κ = 6 Σ σᵢ tᵢ / (M_s t_s²)` with the biaxial modulus `M_s` of the substrate, the stresses σᵢ and thicknesses tᵢ.
///
/// # Units
/// `modulus` Pa, `substrate` m, `films` as (Pa, m).
///
/// # Validity
/// Films much thinner than the substrate: the error is about `4 (M_f/M_s - 1/4) t_f/t_s`. Otherwise [`bend`].
///
/// # Source
/// Stoney 1909, doi:10.1098/rspa.1909.0021; several films: Freund and Suresh, Thin Film Materials, doi:10.1017/CBO9780511754715.
///
/// # Verification
/// `cellwright validate mechanics-bow`
///
/// # Errors
/// [`MechanicsError::OutOfRange`] for a modulus or thickness that is not positive.
pub fn curvature_thin(modulus: f64, substrate: f64, films: &[(f64, f64)]) -> Result<f64, MechanicsError> {
    positive("biaxial modulus of the substrate", modulus)?;
    positive("thickness of the substrate", substrate)?;
    let mut force = 0.0;
    for (stress, thickness) in films {
        force += finite("film stress", *stress)? * positive("thickness of a film", *thickness)?;
    }
    Ok(6.0 * force / (modulus * substrate * substrate))
}

/// A stack that is free to bend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bent {
    /// Curvature, 1/m; positive with the top on the inside.
    pub curvature: f64,
    /// In-plane strain of the plane in which bending alone strains nothing.
    pub strain: f64,
    /// Height of that plane over the bottom, m.
    pub plane: f64,
}

/// Strain and curvature of a stack that is free to stretch and bend.
///
/// # Equation
/// The strain is `ε(z) = ε₀ - κ (z - z₀)` and the stress of layer i `σ = Mᵢ (ε - ε*ᵢ)` with its free strain ε*ᵢ; force and moment
/// vanish. About `z₀ = Σ Mᵢ tᵢ zᵢ / Σ Mᵢ tᵢ` they separate: `ε₀ = Σ Mᵢ tᵢ ε*ᵢ / Σ Mᵢ tᵢ` and
/// `κ = -Σ Mᵢ tᵢ ε*ᵢ (zᵢ - z₀) / Σ Mᵢ (tᵢ³/12 + tᵢ (zᵢ - z₀)²)`, with zᵢ the middle of a layer.
///
/// # Validity
/// Small strain, a bow smaller than the thickness (a larger one turns from a sphere into a cylinder), layers that cover the whole
/// substrate, away from the rim.
///
/// # Source
/// Freund and Suresh, Thin Film Materials, doi:10.1017/CBO9780511754715, sections 2.2 and 2.4.
///
/// # Verification
/// `stoney::tests::two_layers_agree_with_the_closed_form`
///
/// # Errors
/// [`MechanicsError`] without layers, or for a thickness that is not positive.
pub fn bend(layers: &[Layer]) -> Result<Bent, MechanicsError> {
    if layers.is_empty() {
        let (what, found, least) = ("layers of the stack", 0, 1);
        return Err(MechanicsError::TooFew { what, found, least });
    }
    let (mut stiffness, mut first, mut force) = (0.0, 0.0, 0.0);
    let mut bottom = 0.0;
    for l in layers {
        let k = l.elastic.biaxial() * positive("thickness of a layer", l.thickness)?;
        stiffness += k;
        first += k * (bottom + 0.5 * l.thickness);
        force += k * finite("free strain of a layer", l.free_strain)?;
        bottom += l.thickness;
    }
    let (plane, strain) = (first / stiffness, force / stiffness);
    let (mut moment, mut rigidity) = (0.0, 0.0);
    let mut bottom = 0.0;
    for l in layers {
        let (k, arm) = (l.elastic.biaxial() * l.thickness, bottom + 0.5 * l.thickness - plane);
        moment += k * (l.free_strain - strain) * arm;
        rigidity += k * (l.thickness * l.thickness / 12.0 + arm * arm);
        bottom += l.thickness;
    }
    Ok(Bent {
        curvature: -moment / rigidity,
        strain,
        plane,
    })
}

impl Bent {
    /// Stress in a layer at the height `z` over the bottom of the stack, Pa.
    pub fn stress(&self, layer: &Layer, z: f64) -> f64 {
        layer.elastic.biaxial() * (self.strain - self.curvature * (z - self.plane) - layer.free_strain)
    }
}

/// Height of the bow over a chord, m: `κ D²/8`, a sphere seen over a diameter much smaller than its radius.
pub fn bow(curvature: f64, diameter: f64) -> f64 {
    curvature * diameter * diameter / 8.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elastic(young: f64, poisson: f64) -> Elastic {
        Elastic::new(young, poisson).expect("a solid")
    }

    /// Freund and Suresh, equation 2.19: one film of any thickness.
    fn closed(h: f64, m: f64, mismatch: f64, substrate: f64) -> f64 {
        let thin = 6.0 * mismatch * h * m / substrate;
        thin * (1.0 + h) / (1.0 + 4.0 * h * m + 6.0 * h * h * m + 4.0 * h.powi(3) * m + h.powi(4) * m * m)
    }

    #[test]
    fn two_layers_agree_with_the_closed_form() {
        let (silicon, film) = (elastic(130e9, 0.28), elastic(90e9, 0.22));
        for h in [1e-4, 0.03, 0.5, 1.0, 4.0] {
            let (t, stress) = (100e-6, 300e6);
            let layers = [Layer::free(t, silicon), Layer::stressed(h * t, film, stress)];
            let found = bend(&layers).expect("a stack").curvature;
            let exact = closed(h, film.biaxial() / silicon.biaxial(), stress / film.biaxial(), t);
            assert!((found / exact - 1.0).abs() < 1e-12, "h = {h}: {found} {exact}");
        }
    }

    #[test]
    fn stress_of_any_stack_has_no_force_and_no_moment() {
        let layers = [
            Layer::free(50e-6, elastic(130e9, 0.28)),
            Layer::stressed(3e-6, elastic(70e9, 0.35), 200e6),
            Layer::stressed(7e-6, elastic(375e9, 0.2), -900e6),
            Layer::stressed(2e-6, elastic(77e9, 0.25), 50e6),
        ];
        let bent = bend(&layers).expect("a stack");
        let (mut force, mut moment, mut size) = (0.0, 0.0, 0.0);
        let mut z = 0.0;
        for l in &layers {
            // Gauss points of a straight line times a straight line.
            for s in [-1.0, 1.0] {
                let at = z + 0.5 * l.thickness * (1.0 + s / 3f64.sqrt());
                let part = 0.5 * l.thickness * bent.stress(l, at);
                (force, moment, size) = (force + part, moment + part * at, size + part.abs());
            }
            z += l.thickness;
        }
        assert!(
            force.abs() < 1e-12 * size && moment.abs() < 1e-12 * size * z,
            "{force} {moment} {size}"
        );
    }

    #[test]
    fn thin_films_approach_stoney_with_first_order() {
        let (silicon, film) = (elastic(130e9, 0.28), elastic(90e9, 0.22));
        let error = |t: f64| {
            let layers = [Layer::free(500e-6, silicon), Layer::stressed(t, film, 1e8)];
            let thin = curvature_thin(silicon.biaxial(), 500e-6, &[(1e8, t)]).expect("a film");
            (bend(&layers).expect("a stack").curvature / thin - 1.0).abs()
        };
        let order = (error(1e-6) / error(0.5e-6)).log2();
        assert!((order - 1.0).abs() < 0.01 && error(1e-6) < 0.01, "{order} {}", error(1e-6));
    }

    #[test]
    fn what_is_no_stack_is_refused() {
        assert!(bend(&[]).is_err());
        assert!(bend(&[Layer::free(0.0, elastic(1e9, 0.3))]).is_err());
        assert!(curvature_thin(180e9, 5e-4, &[(f64::NAN, 1e-6)]).is_err());
        assert!(Elastic::new(1e9, 0.5).is_err() && Elastic::new(-1.0, 0.2).is_err());
    }
}
