//! The columnar time series and the quantities of the Battery Data Format.

use cellwright_base::constants::ZERO_CELSIUS;

use crate::checkpoint::{Checkpoint, CheckpointError};

/// A quantity of the Battery Data Format that a simulation knows.
///
/// # Units
/// In memory SI with discharge positive; the file units, and the sign of current and power, are those of the format.
///
/// # Source
/// Battery Data Format 1.0, Battery Data Alliance (labels as in its Python package `batterydf` 0.1.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Time since the start of the test, s.
    TestTime,
    /// Terminal voltage, V.
    Voltage,
    /// Current, A; discharge positive in memory, charge positive in files.
    Current,
    /// Cycle number; see [`Leaf::cycle`](crate::protocol::Leaf::cycle).
    CycleCount,
    /// Running number of the step over the whole test, from 1.
    StepCount,
    /// Number of the row within its step, from 1.
    StepIndex,
    /// Charge passed in the charging direction since the start of the test, A s (file: Ah).
    ChargingCapacity,
    /// Charge passed in the discharging direction since the start of the test, A s (file: Ah).
    DischargingCapacity,
    /// Energy taken up since the start of the test, J (file: Wh).
    ChargingEnergy,
    /// Energy delivered since the start of the test, J (file: Wh).
    DischargingEnergy,
    /// Power, W; delivered positive in memory, taken up positive in files.
    Power,
    /// Temperature of the surroundings, K (file: °C).
    AmbientTemperature,
    /// Temperature of the cell, K (file: °C).
    SurfaceTemperature,
}

impl Quantity {
    /// All quantities, in the order in which files are usually laid out.
    pub const ALL: [Quantity; 13] = [
        Quantity::TestTime,
        Quantity::Voltage,
        Quantity::Current,
        Quantity::CycleCount,
        Quantity::StepCount,
        Quantity::StepIndex,
        Quantity::ChargingCapacity,
        Quantity::DischargingCapacity,
        Quantity::ChargingEnergy,
        Quantity::DischargingEnergy,
        Quantity::Power,
        Quantity::AmbientTemperature,
        Quantity::SurfaceTemperature,
    ];

    /// The heading in a file.
    pub fn label(self) -> &'static str {
        match self {
            Quantity::TestTime => "Test Time / s",
            Quantity::Voltage => "Voltage / V",
            Quantity::Current => "Current / A",
            Quantity::CycleCount => "Cycle Count / 1",
            Quantity::StepCount => "Step Count / 1",
            Quantity::StepIndex => "Step Index / 1",
            Quantity::ChargingCapacity => "Charging Capacity / Ah",
            Quantity::DischargingCapacity => "Discharging Capacity / Ah",
            Quantity::ChargingEnergy => "Charging Energy / Wh",
            Quantity::DischargingEnergy => "Discharging Energy / Wh",
            Quantity::Power => "Power / W",
            Quantity::AmbientTemperature => "Ambient Temperature / degC",
            Quantity::SurfaceTemperature => "Surface Temperature T1 / degC",
        }
    }

    /// Whether the values are whole numbers.
    pub fn is_count(self) -> bool {
        matches!(self, Quantity::CycleCount | Quantity::StepCount | Quantity::StepIndex)
    }

    fn in_file(self, si: f64) -> f64 {
        match self {
            Quantity::Current | Quantity::Power => 0.0 - si,
            Quantity::ChargingCapacity | Quantity::DischargingCapacity | Quantity::ChargingEnergy | Quantity::DischargingEnergy => {
                si / 3600.0
            }
            Quantity::AmbientTemperature | Quantity::SurfaceTemperature => si - ZERO_CELSIUS,
            _ => si,
        }
    }
}

/// One column: what it is and its values, SI.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The quantity of the Battery Data Format, if it is one of them.
    pub quantity: Option<Quantity>,
    /// The heading in a file, with the unit.
    pub label: String,
    /// Values, SI, discharge positive.
    pub values: Vec<f64>,
}

impl Column {
    /// Whether the values are whole numbers.
    pub fn is_count(&self) -> bool {
        self.quantity.is_some_and(Quantity::is_count)
    }

    /// The value of one row in the unit and sign of the file.
    pub fn in_file(&self, row: usize) -> f64 {
        self.quantity.map_or(self.values[row], |q| q.in_file(self.values[row]))
    }
}

/// Columns of equal length.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TimeSeries {
    columns: Vec<Column>,
}

impl TimeSeries {
    /// An empty series with these columns.
    pub fn new(quantities: &[Quantity]) -> TimeSeries {
        let column = |q: &Quantity| Column {
            quantity: Some(*q),
            label: q.label().to_owned(),
            values: vec![],
        };
        TimeSeries {
            columns: quantities.iter().map(column).collect(),
        }
    }

    /// Keeps the rows that are marked.
    pub fn keep(&mut self, marked: &[bool]) {
        for column in &mut self.columns {
            let mut marks = marked.iter();
            column.values.retain(|_| marks.next().is_none_or(|m| *m));
        }
    }

    /// Adds a column of our own, written as it is under `"name / unit"`; rows that exist already get NaN.
    pub fn add(&mut self, name: &str, unit: &str) -> usize {
        self.columns.push(Column {
            quantity: None,
            label: format!("{name} / {unit}"),
            values: vec![f64::NAN; self.len()],
        });
        self.columns.len() - 1
    }

    /// Adds a column with its values.
    ///
    /// # Panics
    /// If the length differs from that of the other columns.
    pub fn add_values(&mut self, name: &str, unit: &str, values: Vec<f64>) {
        assert!(
            self.columns.is_empty() || values.len() == self.len(),
            "column {name} has {} rows, the series {}",
            values.len(),
            self.len()
        );
        self.columns.push(Column {
            quantity: None,
            label: format!("{name} / {unit}"),
            values,
        });
    }

    /// Appends one row: a value for every column, in order.
    ///
    /// # Panics
    /// If there are more or fewer values than columns.
    pub fn push(&mut self, row: &[f64]) {
        assert_eq!(row.len(), self.columns.len(), "one value for every column");
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.values.push(*value);
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |c| c.values.len())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Values of a quantity, SI, discharge positive; none if the series has no such column.
    pub fn get(&self, quantity: Quantity) -> Option<&[f64]> {
        self.columns
            .iter()
            .find(|c| c.quantity == Some(quantity))
            .map(|c| c.values.as_slice())
    }

    /// Values of the column with this heading, SI; the part before ` / unit` suffices.
    pub fn named(&self, label: &str) -> Option<&[f64]> {
        let name = |c: &Column| c.label.rsplit_once(" / ").is_some_and(|(n, _)| n == label);
        self.columns
            .iter()
            .find(|c| c.label == label || name(c))
            .map(|c| c.values.as_slice())
    }

    /// Drops all rows from `len` on, as when a run resumes from an earlier checkpoint.
    pub fn truncate(&mut self, len: usize) {
        self.columns.iter_mut().for_each(|c| c.values.truncate(len));
    }

    /// Stores all columns in a checkpoint.
    pub fn save(&self, checkpoint: &mut Checkpoint) {
        for column in &self.columns {
            checkpoint.arrays.insert(entry(column), column.values.clone());
        }
    }

    /// Replaces the rows by those that [`TimeSeries::save`] stored.
    ///
    /// # Errors
    /// [`CheckpointError`] if a column is absent or shorter than the others; the rows are then unchanged.
    pub fn load(&mut self, checkpoint: &Checkpoint) -> Result<(), CheckpointError> {
        let stored = self
            .columns
            .iter()
            .map(|c| checkpoint.array(&entry(c)))
            .collect::<Result<Vec<_>, _>>()?;
        if stored.windows(2).any(|w| w[0].len() != w[1].len()) {
            return Err(CheckpointError::Damaged {
                what: "columns of different length",
            });
        }
        for (column, values) in self.columns.iter_mut().zip(stored) {
            column.values = values.to_vec();
        }
        Ok(())
    }
}

fn entry(column: &Column) -> String {
    format!("series: {}", column.label)
}
