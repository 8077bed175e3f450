//! Tool paths of direct ink writing as G-code, with the extrusion that conservation of flow asks for.

use super::error::ExportError;
use std::fmt::Write;

/// Settings of the printer; all of them stand in the head of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintSettings {
    /// What is printed, in words.
    pub title: String,
    /// Ink.
    pub ink: String,
    /// Inner diameter of the nozzle, m.
    pub nozzle: f64,
    /// Height of a layer, m.
    pub layer_height: f64,
    /// Width of a filament, m; not below the height of the layer.
    pub filament_width: f64,
    /// Speed while printing, m/s.
    pub speed: f64,
    /// Speed of moves without ink, m/s.
    pub travel_speed: f64,
    /// How far the nozzle is lifted for moves without ink, m.
    pub lift: f64,
    /// Inner diameter of the syringe, m.
    pub syringe_diameter: f64,
}

impl PrintSettings {
    /// Cross-section of the filament, m².
    ///
    /// # Equation
    /// Stadium: A = (w − h) h + π h² / 4.
    pub fn filament_area(&self) -> f64 {
        let (w, h) = (self.filament_width, self.layer_height);
        (w - h) * h + std::f64::consts::FRAC_PI_4 * h * h
    }

    /// Cross-section of the syringe, m².
    pub fn syringe_area(&self) -> f64 {
        std::f64::consts::FRAC_PI_4 * self.syringe_diameter * self.syringe_diameter
    }

    fn check(&self) -> Result<(), ExportError> {
        let positive = [
            ("nozzle diameter", self.nozzle, "m"),
            ("layer height", self.layer_height, "m"),
            ("filament width", self.filament_width, "m"),
            ("printing speed", self.speed, "m/s"),
            ("travel speed", self.travel_speed, "m/s"),
            ("syringe diameter", self.syringe_diameter, "m"),
        ];
        for (what, found, unit) in positive {
            if !(found > 0.0 && found.is_finite()) {
                return Err(ExportError::Setting {
                    what,
                    found,
                    unit,
                    allowed: "above 0",
                    hint: "give the value of the printer",
                });
            }
        }
        if !(self.lift >= 0.0 && self.lift.is_finite()) {
            return Err(ExportError::Setting {
                what: "lift",
                found: self.lift,
                unit: "m",
                allowed: "0 or more",
                hint: "use 0 to stay at the height of the layer",
            });
        }
        if self.filament_width < self.layer_height {
            return Err(ExportError::Setting {
                what: "filament width",
                found: self.filament_width,
                unit: "m",
                allowed: "the height of the layer or more",
                hint: "a filament laid onto a layer is at least as wide as it is high; lower the layer",
            });
        }
        Ok(())
    }
}

/// Paths of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintLayer {
    /// Height of the nozzle: upper face of the layer, m.
    pub z: f64,
    /// Middle lines of filaments, m.
    pub paths: Vec<Vec<[f64; 2]>>,
}

/// A program and what it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintProgram {
    /// The G-code.
    pub text: String,
    /// Length of all filaments, m.
    pub printed_length: f64,
    /// Length of all moves without ink, m.
    pub travel_length: f64,
    /// Volume of ink, m³.
    pub volume: f64,
    /// Time at constant speeds, s; acceleration and pressure build-up are not counted.
    pub time: f64,
}

/// Decimals of coordinates in mm: 1 nm.
const PLACES: usize = 6;
/// Significant digits of an extrusion.
const DIGITS: i32 = 12;

/// The program: absolute coordinates in mm, extrusion as travel of the plunger in mm relative to the move before.
///
/// # Equation
/// E = A_filament L / A_syringe for each straight piece of the length L as written. Rounding of E is carried on to the next piece, so that
/// the sum is right.
///
/// # Verification
/// `extruded_volume_is_conserved`.
///
/// # Errors
/// [`ExportError::Setting`] for a setting out of range, [`ExportError::NotFinite`] for a coordinate that is not a number.
pub fn program(layers: &[PrintLayer], settings: &PrintSettings) -> Result<PrintProgram, ExportError> {
    settings.check()?;
    let places = layers
        .iter()
        .enumerate()
        .flat_map(|(i, l)| l.paths.iter().flatten().flatten().chain([&l.z]).map(move |v| (i, *v)));
    if let Some((index, found)) = places.into_iter().find(|(_, v)| !v.is_finite()) {
        return Err(ExportError::NotFinite {
            what: "print layer",
            index,
            found,
        });
    }
    let mut writer = Writer {
        body: String::new(),
        at: None,
        owed: 0.0,
        ratio: settings.filament_area() / settings.syringe_area(),
        printed: 0.0,
        travelled: 0.0,
    };
    let feed = |speed: f64| trimmed(speed * 6e4, 6);
    let mut printed_layers = 0;
    for (index, layer) in layers.iter().enumerate() {
        let z = coordinate(layer.z);
        let _ = writeln!(
            writer.body,
            "; layer {} of {}, height {} mm",
            index + 1,
            layers.len(),
            trimmed(z, PLACES)
        );
        for path in &layer.paths {
            let mut points: Vec<[f64; 2]> = path.iter().map(|p| p.map(coordinate)).collect();
            points.dedup();
            if points.len() < 2 {
                continue;
            }
            printed_layers = index + 1;
            let start = [points[0][0], points[0][1], z];
            writer.travel(start, coordinate(settings.lift), &feed(settings.travel_speed));
            for (k, p) in points[1..].iter().enumerate() {
                writer.print([p[0], p[1], z], (k == 0).then(|| feed(settings.speed)).as_deref());
            }
        }
    }
    let printed_length = writer.printed * 1e-3;
    let travel_length = writer.travelled * 1e-3;
    let volume = printed_length * settings.filament_area();
    let time = printed_length / settings.speed + travel_length / settings.travel_speed;
    let mut text = head(settings, layers.len(), printed_length, travel_length, volume, time);
    text.push_str("G21 ; millimetres\nG90 ; absolute coordinates\nM83 ; relative extrusion\nG92 E0\n");
    text.push_str(&writer.body);
    let _ = writeln!(text, "; end, {printed_layers} layers with ink");
    text.push_str("M2\n");
    Ok(PrintProgram {
        text,
        printed_length,
        travel_length,
        volume,
        time,
    })
}

struct Writer {
    body: String,
    /// Position, mm.
    at: Option<[f64; 3]>,
    /// Extrusion that rounding has not yet given, mm.
    owed: f64,
    ratio: f64,
    printed: f64,
    travelled: f64,
}

impl Writer {
    fn travel(&mut self, to: [f64; 3], lift: f64, feed: &str) {
        let number = |v: f64| trimmed(v, PLACES);
        let Some(at) = self.at else {
            // Where the nozzle comes from is not known: up first, then across, then down.
            let _ = writeln!(
                self.body,
                "G0 Z{} F{feed}\nG0 X{} Y{}\nG0 Z{}",
                number(to[2] + lift),
                number(to[0]),
                number(to[1]),
                number(to[2])
            );
            self.travelled += lift;
            self.at = Some(to);
            return;
        };
        if at == to {
            return;
        }
        let high = at[2].max(to[2]) + lift;
        if high > at[2] {
            let _ = writeln!(self.body, "G0 Z{} F{feed}", number(high));
        }
        let across = (to[0] - at[0]).hypot(to[1] - at[1]);
        if across > 0.0 {
            let _ = writeln!(self.body, "G0 X{} Y{} F{feed}", number(to[0]), number(to[1]));
        }
        if high > to[2] {
            let _ = writeln!(self.body, "G0 Z{} F{feed}", number(to[2]));
        }
        self.travelled += (high - at[2]) + across + (high - to[2]);
        self.at = Some(to);
    }

    fn print(&mut self, to: [f64; 3], feed: Option<&str>) {
        let at = self.at.unwrap_or(to);
        let length = (to[0] - at[0]).hypot(to[1] - at[1]);
        let wanted = length * self.ratio + self.owed;
        let decimals = (DIGITS - 1 - (length * self.ratio).log10().floor() as i32).clamp(0, 30) as usize;
        let e = trimmed(wanted.max(0.0), decimals);
        self.owed = wanted - e.parse().unwrap_or(wanted);
        let _ = write!(self.body, "G1 X{} Y{} E{e}", trimmed(to[0], PLACES), trimmed(to[1], PLACES));
        if let Some(feed) = feed {
            let _ = write!(self.body, " F{feed}");
        }
        self.body.push('\n');
        self.printed += length;
        self.at = Some(to);
    }
}

/// A coordinate in mm as it is written.
fn coordinate(metres: f64) -> f64 {
    let unit = 10f64.powi(PLACES as i32);
    (metres * 1e3 * unit).round() / unit
}

/// Fixed decimals without trailing zeros.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" { "0".into() } else { text.into() }
}

fn head(settings: &PrintSettings, layers: usize, printed: f64, travelled: f64, volume: f64, time: f64) -> String {
    // A line break in a name would end the comment.
    let word = |text: &str| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let number = |v: f64| cellwright_base::units::format_number(v, 9);
    let mut out = format!("; {}\n; written by Cellwright, direct ink writing\n", word(&settings.title));
    let lines = [
        ("ink", word(&settings.ink)),
        ("nozzle inner diameter", format!("{} um", number(settings.nozzle * 1e6))),
        ("layer height", format!("{} um", number(settings.layer_height * 1e6))),
        ("filament width", format!("{} um", number(settings.filament_width * 1e6))),
        (
            "filament cross-section",
            format!("{} um2, (w - h) h + pi h2 / 4", number(settings.filament_area() * 1e12)),
        ),
        ("printing speed", format!("{} mm/s", number(settings.speed * 1e3))),
        ("travel speed", format!("{} mm/s", number(settings.travel_speed * 1e3))),
        ("lift between filaments", format!("{} um", number(settings.lift * 1e6))),
        ("syringe inner diameter", format!("{} mm", number(settings.syringe_diameter * 1e3))),
        (
            "plunger travel per filament length",
            format!("{} mm/mm", number(settings.filament_area() / settings.syringe_area())),
        ),
        (
            "flow while printing",
            format!("{} uL/s", number(settings.filament_area() * settings.speed * 1e9)),
        ),
        ("layers", layers.to_string()),
        ("filament length", format!("{} mm", number(printed * 1e3))),
        ("moves without ink", format!("{} mm", number(travelled * 1e3))),
        ("extruded volume", format!("{} uL", number(volume * 1e9))),
        ("time without acceleration", format!("{} s", number(time))),
        (
            "coordinates",
            "absolute, mm; E is plunger travel of the move, mm; F in mm/min".into(),
        ),
    ];
    for (what, value) in lines {
        let _ = writeln!(out, "; {what} = {value}");
    }
    out
}
