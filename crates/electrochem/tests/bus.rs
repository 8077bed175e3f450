//! Fingers on two resistive buses with pads in their middle, against the ladder of two rails in closed form.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
#[path = "common/comb.rs"]
mod comb;
mod common;

use cellwright_device::mesh::{BoundaryFace, Bus, ELECTROLYTE, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR, on_bus};
use comb::{Comb, TEMPERATURE};

/// All fingers as one volume of electrolyte between two volumes of metal that lose nothing up to the bus.
fn fingers() -> Mesh {
    let mut mesh = Mesh {
        volumes: vec![1e-12, 1e-12, 1e-12],
        regions: vec![ELECTROLYTE, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR],
        position: vec![0.0; 3],
        boxes: vec![[[0.0; 3], [1e-4, 1e-4, 1e-4]]; 3],
        ..Mesh::default()
    };
    let site = |metal| BoundaryFace {
        supply: Some(metal),
        ..BoundaryFace::flat(0, 1e-8, 1e-5)
    };
    mesh.negative = vec![site(1), BoundaryFace::flat(1, 1e-6, 1e-6)];
    mesh.positive = vec![site(2), BoundaryFace::flat(2, 1e-6, 1e-6)];
    mesh
}

#[test]
fn buses_with_pads_are_a_ladder_of_two_rails() {
    let exchange = |r: f64| 8.314462618 * TEMPERATURE / (96485.33212 * r);
    let (metal, thickness, width, length, pad) = (1e6, [100e-9, 100e-9], 100e-6, 4e-3, [4e-4, 2e-4]);
    let bus = Bus {
        width,
        length,
        pad,
        thickness,
    };
    for nu in [0.3f64, 1.0, 3.0] {
        let reach = 0.5 * (length - pad[0]);
        let rail = 1.0 / (metal * width * thickness[0]);
        // ν = ℓ sqrt(2 r g'), with the conductance g' of the fingers per length of half a bus.
        let per_length = (nu / reach).powi(2) / (2.0 * rail);
        let whole = 2.0 * per_length * (reach + 0.5 * pad[0]);
        // Half of it in the electrolyte, a quarter at each interface.
        let area = 1e-8;
        let comb = Comb {
            metal,
            electrolyte: 2.0 * whole * 2e-5 / area,
            exchange: exchange(0.25 * area / whole),
        };
        let alone = comb.resistance(fingers(), 0.0) * whole;
        assert!((alone - 1.0).abs() < 1e-6, "{alone}");
        let halves = 2.0 * (per_length * 0.5 * pad[0] + (per_length / (2.0 * rail)).sqrt() * nu.tanh());
        let leads = 2.0 * (pad[1] + 0.5 * width) / (metal * pad[0] * thickness[0]);
        let exact = 1.0 / halves + leads;
        let error = |pieces: usize| comb.resistance(on_bus(&fingers(), &bus, pieces), 0.0) / exact - 1.0;
        let errors = [9, 17, 33].map(error);
        let order = (errors[0] / errors[2]).log2() / 2.0;
        println!("ν {nu}: {errors:?}, order {order:.2}");
        // One piece has the mean resistance of the bus: exact for small drops.
        let one = error(1);
        println!("one piece {one}");
        assert!(one.abs() < 0.08 * nu * nu, "ν {nu}: {one}");
        assert!(errors[2].abs() < 1e-3 && order > 1.9, "ν {nu}: {errors:?}");
    }
}
