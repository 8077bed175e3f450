//! Known quantities, refusals with their words, and property tests of the quantity parser.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn close(text: &str, dimension: Dimension, si: f64) {
    let got = parse_quantity(text, dimension).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert!((got - si).abs() <= 1e-12 * si.abs(), "{text}: {got:e}, expected {si:e}");
}

#[test]
fn every_spelling_of_the_contract_is_read() {
    use Dimension as D;
    for (text, dimension, si) in [
        ("5 um", D::LENGTH, 5e-6),
        ("5um", D::LENGTH, 5e-6),
        ("5 \u{b5}m", D::LENGTH, 5e-6),
        ("5 \u{3bc}m", D::LENGTH, 5e-6),
        ("320 nm", D::LENGTH, 320e-9),
        ("1.2 mm", D::LENGTH, 1.2e-3),
        ("3 cm", D::LENGTH, 0.03),
        ("10 uA/cm2", D::CURRENT_DENSITY, 0.1),
        ("1 mA cm-2", D::CURRENT_DENSITY, 10.0),
        ("1 mA\u{b7}cm\u{207b}\u{b2}", D::CURRENT_DENSITY, 10.0),
        ("1 mA*cm^-2", D::CURRENT_DENSITY, 10.0),
        ("1 uAh/cm2", D::AREAL_CAPACITY, 36.0),
        ("2 mAh", D::CAPACITY, 7.2),
        ("2 Ah", D::CAPACITY, 7200.0),
        ("2e-6 S/cm", D::CONDUCTIVITY, 2e-4),
        ("50 ohm cm2", D::AREA_RESISTANCE, 5e-3),
        ("2 kohm", D::RESISTANCE, 2e3),
        ("3 \u{3a9}", D::RESISTANCE, 3.0),
        ("150 uohm cm", D::RESISTIVITY, 1.5e-6),
        ("1e-15 m2/s", D::DIFFUSIVITY, 1e-15),
        ("1e-11 cm^2/s", D::DIFFUSIVITY, 1e-15),
        ("1.2 mol/L", D::CONCENTRATION, 1200.0),
        ("23300 mol/m3", D::CONCENTRATION, 23300.0),
        ("1 M", D::CONCENTRATION, 1000.0),
        ("25 degC", D::TEMPERATURE, 298.15),
        ("-20 \u{b0}C", D::TEMPERATURE, 253.15),
        ("300 K", D::TEMPERATURE, 300.0),
        ("10 min", D::TIME, 600.0),
        ("2 h", D::TIME, 7200.0),
        ("2 hours", D::TIME, 7200.0),
        ("7 s", D::TIME, 7.0),
        ("33 %", D::DIMENSIONLESS, 0.33),
        ("0.5", D::DIMENSIONLESS, 0.5),
        ("100 mV", D::VOLTAGE, 0.1),
        ("-0.1 mV/K", D::ENTROPIC_COEFFICIENT, -1e-4),
        ("35 kJ/mol", D::MOLAR_ENERGY, 35e3),
        ("0.55 eV", D::MOLAR_ENERGY, 0.55 * 96_485.332_123_310_01),
        ("1 eV", D::ENERGY, 1.602_176_634e-19),
        ("10 uF/cm2", D::AREAL_CAPACITANCE, 0.1),
        ("10 W/(m2 K)", D::HEAT_TRANSFER, 10.0),
        ("10 W/m2/K", D::HEAT_TRANSFER, 10.0),
        ("5.05 g/cm3", D::DENSITY, 5050.0),
        ("90 GPa", D::PRESSURE, 90e9),
        ("0.9e-6 m3/(mol s)", D::RECOMBINATION_RATE, 0.9e-6),
        ("4.1e-6 1/K", D::PER_TEMPERATURE, 4.1e-6),
        ("4.1e-6 K-1", D::PER_TEMPERATURE, 4.1e-6),
        ("13 cm3/mol", D::MOLAR_VOLUME, 13e-6),
        ("1 1/m", D::PER_LENGTH, 1.0),
        ("4e5 /m", D::PER_LENGTH, 4e5),
        ("90 deg", D::DIMENSIONLESS, std::f64::consts::FRAC_PI_2),
        ("88 \u{b0}", D::DIMENSIONLESS, 88.0 * std::f64::consts::PI / 180.0),
        ("1.5 rad", D::DIMENSIONLESS, 1.5),
        ("0.1 Pa s", D::EXPOSURE, 0.1),
        ("2 Torr s", D::EXPOSURE, 2.0 * 101_325.0 / 760.0),
        ("3 Langmuir", D::EXPOSURE, 3e-6 * 101_325.0 / 760.0),
    ] {
        close(text, dimension, si);
    }
}

#[test]
fn refusals_say_what_was_found() {
    use Dimension as D;
    for (text, dimension, code, message, found) in [
        (
            "2.5 mg/cm2",
            D::LENGTH,
            "E021",
            "expected a length, found a surface density",
            "milligram per square centimetre",
        ),
        (
            "5",
            D::LENGTH,
            "E021",
            "expected a length, found a number without a unit",
            "a number without a unit",
        ),
        (
            "25 degC",
            D::LENGTH,
            "E021",
            "expected a length, found a temperature",
            "degree Celsius",
        ),
        ("nan m", D::LENGTH, "E023", "the number is not finite", "`nan m`"),
        ("-inf m", D::LENGTH, "E023", "the number is not finite", "`-inf m`"),
        ("1e400 m", D::LENGTH, "E023", "the number is too large", "`1e400`"),
        ("1e70 m", D::LENGTH, "E023", "the number is too large", "`1e70`"),
        (
            "-300 degC",
            D::TEMPERATURE,
            "E023",
            "the temperature is below absolute zero",
            "-26.850000000000023 K",
        ),
        ("five um", D::LENGTH, "E020", "expected a length, found no number", "`five um`"),
        ("1,5 um", D::LENGTH, "E020", "a comma inside a number", "`1,5 um`"),
        ("5 furlong", D::LENGTH, "E020", "unknown unit `furlong`", "`furlong`"),
        ("5 m//s", D::VELOCITY, "E020", "two `/` in a row", "`m//s`"),
        ("5 W/", D::POWER, "E020", "the unit is incomplete", "`W/`"),
        (
            "5 V/degC",
            D::ENTROPIC_COEFFICIENT,
            "E020",
            "degC has an offset and stands alone",
            "`V/degC`",
        ),
        (
            "5.1e-6 m^2.8 mol^-0.6 s^-1",
            D::DIMENSIONLESS,
            "E020",
            "a fractional power of `m` is not a unit",
            "`m^2.8 mol^-0.6 s^-1`",
        ),
        ("5 m^0", D::LENGTH, "E020", "`m` to the power 0", "`m^0`"),
        ("5 m99", D::LENGTH, "E020", "the unit is out of all proportion", "`m99`"),
    ] {
        let e = parse_quantity(text, dimension).unwrap_err();
        assert_eq!((e.code, e.message.as_str(), e.found.as_str()), (code, message, found), "{text}");
    }
    assert_eq!(
        parse_quantity("5 ohms", D::RESISTANCE).unwrap_err().hint.as_deref(),
        Some("did you mean `ohm`?")
    );
}

#[test]
fn output_reads_like_a_lab_notebook() {
    use Dimension as D;
    for (si, dimension, text) in [
        (320e-9, D::LENGTH, "320 nm"),
        (1.5e-6, D::LENGTH, "1.5 µm"),
        (999.7e-9, D::LENGTH, "1 µm"),
        (29.7e-6 * 3600.0, D::CAPACITY, "29.7 µAh"),
        (2.44e-4, D::CONDUCTIVITY, "2.44e-6 S/cm"),
        (1.76e-15, D::DIFFUSIVITY, "1.76e-15 m2/s"),
        (0.1, D::CURRENT_DENSITY, "10 µA/cm2"),
        (298.15, D::TEMPERATURE, "25 °C"),
        (0.0, D::LENGTH, "0 m"),
        (9936.0, D::TIME, "2.76 h"),
        (25e-6, D::AREA, "25 mm2"),
        (5050.0, D::DENSITY, "5.05 g/cm3"),
        (-0.113, D::VOLTAGE, "-113 mV"),
    ] {
        assert_eq!(format_quantity(si, dimension), text);
    }
    assert_eq!(format_as(0.0265, "uA/cm2", 3), "2.65 uA/cm2");
    assert_eq!(format_as(298.15, "degC", 3), "25 degC");
    assert_eq!(format_as(1.0, "parsec", 3), "1 in SI (unknown unit `parsec`)");
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,60}") {
        for d in [Dimension::LENGTH, Dimension::TEMPERATURE, Dimension::MOLAR_ENERGY, Dimension::DIMENSIONLESS] {
            if let Ok(v) = parse_quantity(&text, d) {
                prop_assert!(v.is_finite());
            }
        }
    }

    #[test]
    fn quantity_like_text_never_panics(text in "-?[0-9]{0,3}\\.?[0-9]{0,3}(e-?[0-9]{0,3})? ?[a-zA-Z%µ°/*^()0-9 .-]{0,24}") {
        for d in [Dimension::LENGTH, Dimension::CONDUCTIVITY, Dimension::DIMENSIONLESS] {
            if let Ok(v) = parse_quantity(&text, d) {
                prop_assert!(v.is_finite());
            }
        }
    }

    #[test]
    fn exact_text_gives_the_same_number(exponent in -17.0f64..8.0, negative: bool) {
        let si = 10f64.powf(exponent) * if negative { -1.0 } else { 1.0 };
        for d in Dimension::named().filter(|d| *d != Dimension::TEMPERATURE || (si > 0.0 && si < 1e5)) {
            let text = write_quantity(si, d);
            let back = parse_quantity(&text, d).unwrap_or_else(|e| panic!("{text}: {e}"));
            let scale = if d == Dimension::TEMPERATURE { 273.15f64.max(si) } else { si.abs() };
            prop_assert!((back - si).abs() <= 1e-14 * scale, "{} gave {}", text, back);
            prop_assert!(text.is_ascii());
        }
        let angle = parse_quantity(&write_angle(si), Dimension::DIMENSIONLESS).unwrap();
        prop_assert!((angle - si).abs() <= 1e-14 * si.abs());
    }

    #[test]
    fn what_is_written_is_read_back(exponent in -17.0f64..8.0, negative: bool) {
        let si = 10f64.powf(exponent) * if negative { -1.0 } else { 1.0 };
        for d in Dimension::named().filter(|d| *d != Dimension::TEMPERATURE) {
            let text = format_quantity(si, d);
            let back = parse_quantity(&text, d).unwrap_or_else(|e| panic!("{text}: {e}"));
            prop_assert!((back - si).abs() <= 6e-3 * si.abs(), "{} gave {}", text, back);
        }
    }
}
