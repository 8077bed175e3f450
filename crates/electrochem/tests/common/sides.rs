//! Side reactions for tests, fast enough to be seen.

use cellwright_electrochem::side::{Arrhenius, FreshSurface, Plating, Sei, SideReaction};

/// Interphase, with a rate constant (m/s) or limited by diffusion.
pub fn interphase(rate_constant: Option<f64>) -> SideReaction {
    SideReaction::Sei(Sei {
        solvent_concentration: 2636.0,
        diffusivity: Arrhenius::constant(2.5e-20),
        rate_constant: rate_constant.map(Arrhenius::constant),
        potential: 0.4,
        transfer_coefficient: 0.5,
        molar_volume: 9.585e-5,
        lithium: 2.0,
        conductivity: f64::INFINITY,
        initial_thickness: 5e-9,
    })
}

/// One of each.
pub fn all() -> Vec<SideReaction> {
    vec![
        interphase(Some(1e-12)),
        SideReaction::FreshSurface(FreshSurface { share: 2e-3 }),
        SideReaction::Plating(Plating {
            exchange_current: Arrhenius::constant(1e-3),
            transfer_coefficient: 0.5,
            isolation: Arrhenius::constant(1e-5),
        }),
        SideReaction::Water(1e-9),
    ]
}
