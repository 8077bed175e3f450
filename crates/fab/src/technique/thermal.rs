//! Thermal budget: does a hot step destroy what is already on the wafer?

/// A material that is on the wafer when a step begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Present<'a> {
    /// The step that made it.
    pub step: &'a str,
    /// Name of the material.
    pub material: &'a str,
    /// Highest temperature it survives, K; `None` if nobody has published one.
    pub maximum_temperature: Option<f64>,
}

/// A material that does not survive a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offender<'a> {
    /// The material.
    pub present: Present<'a>,
    /// By how much its limit is exceeded, K.
    pub excess: f64,
}

/// The materials that a step at `temperature` (K) destroys, worst first.
///
/// A material without a known limit is no offender; [`unknown_limits`] names it.
pub fn too_hot<'a>(present: &[Present<'a>], temperature: f64) -> Vec<Offender<'a>> {
    let mut offenders: Vec<Offender<'a>> = present
        .iter()
        .filter_map(|&present| {
            let excess = temperature - present.maximum_temperature?;
            (excess > 0.0).then_some(Offender { present, excess })
        })
        .collect();
    offenders.sort_by(|a, b| b.excess.total_cmp(&a.excess));
    offenders
}

/// The materials whose limit nobody knows, in the order of the wafer.
pub fn unknown_limits<'a>(present: &[Present<'a>]) -> Vec<Present<'a>> {
    present.iter().filter(|p| p.maximum_temperature.is_none()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lithium_does_not_survive_the_anneal_of_the_cathode() {
        let on = |step, material, maximum_temperature| Present {
            step,
            material,
            maximum_temperature,
        };
        let present = [
            on("pad", "Pt", None),
            on("anode", "Li", Some(453.15)),
            on("film", "LiPON", Some(573.15)),
        ];
        let hot = too_hot(&present, 973.15);
        assert_eq!(hot.iter().map(|o| o.present.material).collect::<Vec<_>>(), ["Li", "LiPON"]);
        assert!((hot[0].excess - 520.0).abs() < 1e-9);
        assert!(too_hot(&present, 453.15).is_empty());
        assert_eq!(unknown_limits(&present), [present[0]]);
    }
}
