//! A flexible stack: where bending strains nothing, and how far the films let it be bent.

use crate::error::{MechanicsError, positive};
use crate::stoney::Layer;

/// Height over the bottom at which a stack that is bent to a cylinder is not strained, m.
///
/// # Equation
/// `z₀ = Σ Eᵢ' tᵢ zᵢ / Σ Eᵢ' tᵢ` with the plane-strain moduli `E' = E/(1-ν²)`, because a wide foil does not narrow when it is bent.
///
/// # Source
/// Suo, Ma, Gleskova, Wagner 1999, doi:10.1063/1.123478.
///
/// # Verification
/// `bending::tests::a_film_on_a_foil_agrees_with_the_closed_form`
///
/// # Errors
/// [`MechanicsError`] without layers, or for a thickness that is not positive.
pub fn neutral_plane(layers: &[Layer]) -> Result<f64, MechanicsError> {
    let (mut stiffness, mut first, mut bottom) = (0.0, 0.0, 0.0);
    for l in layers {
        let k = l.elastic.plane_strain() * positive("thickness of a layer", l.thickness)?;
        stiffness += k;
        first += k * (bottom + 0.5 * l.thickness);
        bottom += l.thickness;
    }
    if layers.is_empty() {
        let (what, found, least) = ("layers of the stack", 0, 1);
        return Err(MechanicsError::TooFew { what, found, least });
    }
    Ok(first / stiffness)
}

/// The layer that limits bending and the radius of the neutral plane at which it cracks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Number of the layer, from the bottom.
    pub layer: usize,
    /// Smallest radius, m.
    pub radius: f64,
}

/// Smallest radii to which a stack may be bent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radii {
    /// With the top outwards; `None` if no layer that may crack is pulled.
    pub top_outwards: Option<Limit>,
    /// With the top inwards.
    pub top_inwards: Option<Limit>,
}

/// Smallest radii to which a stack may be bent; `critical` holds the strain under tension at which each layer cracks, if it can.
///
/// # Equation
/// Bent to the radius R the strain at the height z is `(z - z₀)/R` with the top outwards, and `-(z - z₀)/R` with the top inwards. A layer
/// cracks where its most pulled face reaches its critical strain.
///
/// # Validity
/// Small strain (R much larger than the thickness), linear layers, tension as the cause of failure; strain that the films already carry is
/// taken off the critical one by the caller.
///
/// # Verification
/// `bending::tests::a_film_on_a_foil_agrees_with_the_closed_form`
///
/// # Errors
/// [`MechanicsError`] for lists of different length, no layers, or a critical strain that is not positive.
pub fn least_radii(layers: &[Layer], critical: &[Option<f64>]) -> Result<Radii, MechanicsError> {
    if layers.len() != critical.len() {
        let (what, found, expected) = ("critical strains", critical.len(), layers.len());
        return Err(MechanicsError::Mismatched { what, found, expected });
    }
    let plane = neutral_plane(layers)?;
    let mut radii = Radii {
        top_outwards: None,
        top_inwards: None,
    };
    let mut bottom = 0.0;
    for (layer, (l, strain)) in layers.iter().zip(critical).enumerate() {
        let top = bottom + l.thickness;
        if let Some(strain) = strain {
            positive("critical strain", *strain)?;
            let ends = [(&mut radii.top_outwards, top - plane), (&mut radii.top_inwards, plane - bottom)];
            for (limit, reach) in ends {
                let radius = reach / strain;
                if radius > limit.map_or(0.0, |l| l.radius) {
                    *limit = Some(Limit { layer, radius });
                }
            }
        }
        bottom = top;
    }
    Ok(radii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elastic::Elastic;

    #[test]
    fn a_film_on_a_foil_agrees_with_the_closed_form() {
        // Suo et al. 1999, equation 2: strain at the top of a film on a foil.
        let (foil, film) = (
            Elastic::new(2.5e9, 0.35).expect("a foil"),
            Elastic::new(183e9, 0.2).expect("a film"),
        );
        for thickness in [0.1e-6, 1e-6, 20e-6] {
            let layers = [Layer::free(25e-6, foil), Layer::free(thickness, film)];
            let (eta, chi) = (thickness / 25e-6, film.plane_strain() / foil.plane_strain());
            let over = 0.5 * (25e-6 + thickness) * (1.0 + 2.0 * eta + chi * eta * eta) / ((1.0 + eta) * (1.0 + chi * eta));
            let radii = least_radii(&layers, &[None, Some(0.003)]).expect("a stack");
            let found = radii.top_outwards.expect("the film is pulled");
            assert!((found.radius / (over / 0.003) - 1.0).abs() < 1e-12 && found.layer == 1);
        }
    }

    #[test]
    fn a_film_in_the_neutral_plane_is_safe_and_the_weaker_one_decides() {
        let solid = Elastic::new(5e9, 0.3).expect("a solid");
        let layers = [Layer::free(10e-6, solid), Layer::free(2e-6, solid), Layer::free(10e-6, solid)];
        assert!((neutral_plane(&layers).expect("a stack") - 11e-6).abs() < 1e-18);
        let inner = least_radii(&layers, &[None, Some(0.01), None]).expect("a stack");
        assert!((inner.top_outwards.expect("a limit").radius - 1e-6 / 0.01).abs() < 1e-15);
        let both = least_radii(&layers, &[Some(0.02), Some(0.01), Some(0.05)]).expect("a stack");
        assert_eq!(both.top_outwards.map(|l| l.layer), Some(2));
        assert_eq!(both.top_inwards.map(|l| l.layer), Some(0));
        assert!(least_radii(&layers, &[None]).is_err());
    }
}
