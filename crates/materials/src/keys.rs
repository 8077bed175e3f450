//! The properties a material can have: name, plain words, unit, what they depend on and the range that is physically possible.

use crate::property::Argument;
use cellwright_base::units::Dimension;

/// One property name with everything needed to read, check and print its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Name in files, such as `diffusion`.
    pub name: &'static str,
    /// Plain words for messages, such as `diffusion coefficient of lithium`.
    pub words: &'static str,
    /// Unit for display.
    pub unit: &'static str,
    /// Its dimension.
    pub dimension: Dimension,
    /// What it may depend on besides temperature.
    pub argument: Argument,
    /// Smallest and largest value accepted, SI.
    pub bounds: (f64, f64),
}

macro_rules! keys {
    ($($name:ident $words:literal $unit:literal $dimension:ident $argument:ident $low:literal $high:literal;)*) => {
        /// Every property key, in the order of display.
        pub const KEYS: &[Key] = &[$(Key {
            name: stringify!($name),
            words: $words,
            unit: $unit,
            dimension: Dimension::$dimension,
            argument: Argument::$argument,
            bounds: ($low, $high),
        }),*];
    };
}

keys! {
    open_circuit_potential "open-circuit potential against lithium" "V" VOLTAGE Stoichiometry -5.0 10.0;
    entropic_coefficient "entropic coefficient" "mV/K" ENTROPIC_COEFFICIENT Stoichiometry -0.1 0.1;
    diffusion "chemical diffusion coefficient" "m2/s" DIFFUSIVITY Any 1e-26 1e-6;
    maximum_concentration "maximum lithium concentration" "mol/m3" CONCENTRATION None 1.0 1e6;
    stoichiometry_at_full "stoichiometry at full charge" "1" DIMENSIONLESS None 0.0 1.0;
    stoichiometry_at_empty "stoichiometry at full discharge" "1" DIMENSIONLESS None 0.0 1.0;
    exchange_current_density "exchange-current density" "mA/cm2" CURRENT_DENSITY Stoichiometry 1e-12 1e8;
    charge_transfer_coefficient "anodic charge-transfer coefficient" "1" DIMENSIONLESS None 0.0 1.0;
    electrolyte_reaction_order "reaction order in the electrolyte concentration" "1" DIMENSIONLESS None 0.0 2.0;
    double_layer_capacitance "double-layer capacitance" "uF/cm2" AREAL_CAPACITANCE None 0.0 1e3;
    conductivity "ionic conductivity" "mS/cm" CONDUCTIVITY Concentration 1e-20 1e3;
    transference_number "cation transference number" "1" DIMENSIONLESS Concentration -2.0 2.0;
    thermodynamic_factor "thermodynamic factor" "1" DIMENSIONLESS Concentration 0.0 100.0;
    reference_concentration "reference salt concentration" "mol/L" CONCENTRATION None 1.0 1e5;
    ionic_conductivity "ionic conductivity" "S/cm" CONDUCTIVITY None 1e-20 1e3;
    residual_electronic_conductivity "residual electronic conductivity" "S/cm" CONDUCTIVITY None 1e-30 1e3;
    total_lithium_concentration "total lithium concentration" "mol/m3" CONCENTRATION None 1.0 1e6;
    mobile_fraction "fraction of mobile lithium at equilibrium" "1" DIMENSIONLESS None 1e-9 0.999_999;
    recombination_rate "recombination rate constant" "m3/(mol s)" RECOMBINATION_RATE None 1e-30 1e12;
    diffusion_cation "diffusion coefficient of mobile lithium ions" "m2/s" DIFFUSIVITY None 1e-26 1e-6;
    diffusion_anion "diffusion coefficient of vacancies" "m2/s" DIFFUSIVITY None 1e-26 1e-6;
    electronic_conductivity "electronic conductivity" "S/cm" CONDUCTIVITY Stoichiometry 1e-30 1e10;
    particle_radius "radius of the usual powder particles" "um" LENGTH None 1e-10 1e-3;
    density "density" "g/cm3" DENSITY None 0.1 3e4;
    specific_capacity "specific capacity of the usable window" "mAh/g" SPECIFIC_CAPACITY None 1.0 5e7;
    molar_volume "partial molar volume of lithium" "cm3/mol" MOLAR_VOLUME None -1e-3 1e-3;
    volume_change "volume change over the usable window" "1" DIMENSIONLESS None -1.0 10.0;
    specific_heat "specific heat" "J/(kg K)" SPECIFIC_HEAT None 1.0 1e5;
    thermal_conductivity "thermal conductivity" "W/(m K)" THERMAL_CONDUCTIVITY None 1e-4 1e4;
    thermal_expansion "coefficient of thermal expansion" "1/K" PER_TEMPERATURE None -1e-3 1e-3;
    youngs_modulus "Young's modulus" "GPa" PRESSURE Stoichiometry 1e3 2e12;
    poisson_ratio "Poisson ratio" "1" DIMENSIONLESS Stoichiometry -1.0 0.5;
    yield_strength "yield strength" "GPa" PRESSURE Stoichiometry 1.0 1e11;
    fracture_energy "fracture energy" "J/m2" ENERGY_PER_AREA None 1e-3 1e6;
    voltage_window_low "lower end of the voltage window" "V" VOLTAGE None -5.0 10.0;
    voltage_window_high "upper end of the voltage window" "V" VOLTAGE None -5.0 10.0;
    maximum_temperature "highest process temperature" "degC" TEMPERATURE None 1.0 4000.0;
    relative_permittivity "relative permittivity" "1" DIMENSIONLESS None 1.0 1e6;
}

/// The key of a property name.
pub fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|k| k.name == name)
}
