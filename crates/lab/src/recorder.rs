//! Keeps what a run produces, thins the profile frames, and freezes everything into a checkpoint.

mod long;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::impedance::{self, Spectrum};
use crate::maps;
use crate::results::TimeSeries;
use crate::solution::{Balances, COLUMNS, Frame, Solution, StepEnd, StepRecord};
use crate::temperature;
use cellwright_base::constants::FARADAY;
use cellwright_dae::Statistics;
use cellwright_electrochem::balance::Inventory;
use cellwright_electrochem::losses::LOSSES;
use cellwright_electrochem::maps::Map;
use cellwright_electrochem::model::{CHARGE, CURRENT, ENERGY, Model, TEMPERATURE};
use cellwright_electrochem::profiles::ProfileAxis;

/// Frames are thinned by half whenever there are this many.
const MOST_FRAMES: usize = 400;
/// The same for frames that hold maps, and the memory that those may take, bytes.
const MOST_MAPS: (usize, usize) = (60, 50_000_000);
/// Rows of the series from which on every second is left out at the end of a step.
const MOST_ROWS: usize = 200_000;
/// Steps from the start that have frames at both ends whatever the stride.
const MARKED_STEPS: usize = 100;
/// Steps from the start that keep their rows and half of the frames once there are twice as many: what a report draws of a long life.
const WHOLE_STEPS: usize = 10;
/// Names of the loss columns.
const LOSS_NAMES: [&str; LOSSES.len()] = [
    "Positive Diffusion Loss",
    "Positive Charge-Transfer Loss",
    "Electrolyte Concentration Loss",
    "Electrolyte Ohmic Loss",
    "Negative Charge-Transfer Loss",
    "Negative Diffusion Loss",
    "Electronic Loss",
    "Series Resistance Loss",
];

/// Everything recorded so far.
#[derive(Clone, Debug)]
pub struct Recorder {
    series: TimeSeries,
    axes: Vec<ProfileAxis>,
    frames: Vec<Frame>,
    spectra: Vec<Spectrum>,
    most_frames: usize,
    /// Rows from which on they are thinned.
    most_rows: usize,
    /// Shape of the maps; none for stacks, which have profiles.
    mapped: Option<[usize; 3]>,
    /// True if the series has the columns of a temperature field.
    heat: bool,
    /// Every how many rows a frame is kept.
    stride: usize,
    details: bool,
    balances: Balances,
    start: Inventory,
    steps: Vec<StepRecord>,
    remarks: Vec<String>,
    /// Charge and energy in both directions, and their values at the last row.
    throughput: [f64; 4],
    last: [f64; 2],
    count: (f64, f64, f64),
    /// Words of the present stops.
    pub stop_texts: Vec<String>,
}

impl Recorder {
    /// An empty record of `model` that starts at `y`.
    pub fn new(model: &Model, y: &[f64], details: bool) -> Recorder {
        let mut series = TimeSeries::new(&COLUMNS);
        if details {
            series.add("Open-Circuit Voltage", "V");
            for name in LOSS_NAMES {
                series.add(name, "V");
            }
        }
        let mapped = (details && model.has_maps()).then(|| model.map_shape());
        let heat = details && model.has_field();
        if heat {
            temperature::add_columns(&mut series);
        }
        Recorder {
            series,
            axes: if details && mapped.is_none() {
                model.profile_axes()
            } else {
                vec![]
            },
            frames: vec![],
            spectra: vec![],
            most_frames: mapped.map_or(MOST_FRAMES, |shape| {
                (MOST_MAPS.1 / (4 * Map::len(shape)).max(1)).clamp(4, MOST_MAPS.0)
            }),
            mapped,
            heat,
            most_rows: MOST_ROWS,
            stride: 1,
            details,
            balances: Balances::default(),
            start: model.inventory(y),
            steps: vec![],
            remarks: vec![],
            throughput: [0.0; 4],
            last: [0.0; 2],
            count: (0.0, 0.0, 0.0),
            stop_texts: vec![],
        }
    }

    /// Rows so far.
    pub fn rows(&self) -> usize {
        self.series.len()
    }

    /// The following rows belong to this step.
    pub fn begin_step(&mut self, index: u64, cycle: u64, resumed: bool) {
        if !resumed {
            self.count = (cycle as f64, index as f64 + 1.0, 0.0);
        }
    }

    /// A remark for the report.
    pub fn remark(&mut self, text: String) {
        if self.remarks.len() < 20 {
            self.remarks.push(text);
        }
    }

    /// Records one accepted state. A state that was not `solved` for but interpolated, at a stop, fulfils the algebraic equations within
    /// the tolerance of the time integration only: the losses then add up no better.
    pub fn row(&mut self, model: &mut Model, y: &[f64], time: f64, solved: bool) {
        let (v, i) = (model.voltage(y), model.border(y, CURRENT));
        let (q, w) = (model.border(y, CHARGE), model.border(y, ENERGY));
        self.count.2 += 1.0;
        for (k, change) in [q - self.last[0], w - self.last[1]].into_iter().enumerate() {
            self.throughput[2 * k + usize::from(change > 0.0)] += change.abs();
        }
        self.last = [q, w];
        let t = self.throughput;
        let mut row = vec![
            time,
            v,
            i,
            self.count.0,
            self.count.1,
            self.count.2,
            t[0],
            t[1],
            t[2],
            t[3],
            v * i,
            model.spec.ambient,
            model.border(y, TEMPERATURE),
        ];
        if self.details {
            let losses = model.losses(y);
            row.push(losses.open_circuit);
            row.extend(losses.parts);
            if solved && i.abs() > 1e-9 * model.spec.current_1c.abs() {
                self.balances.loss_closure = self.balances.loss_closure.max(losses.closure.abs());
            }
            if self.rows().is_multiple_of(self.stride) || self.count.2 == 1.0 && self.is_marked() {
                self.frame(model, y, self.rows());
            }
        }
        if self.heat {
            row.extend(temperature::values(model, y));
        }
        self.series.push(&row);
        self.balance(model, y, i);
    }

    fn balance(&mut self, model: &Model, y: &[f64], current: f64) {
        let now = model.inventory(y);
        let gap = model.charge_gap(&self.start, &now, model.charge_through(y));
        let currents = model.current_gap(y);
        let b = &mut self.balances;
        b.lithium_moved = (self.throughput[0] + self.throughput[1]) / FARADAY;
        b.lithium_gap = b.lithium_gap.max((now.total() - self.start.total()).abs());
        b.charge_gap = b.charge_gap.max(gap.0.abs()).max(gap.1.abs());
        b.current_gap = b.current_gap.max(currents.0.abs()).max(currents.1.abs());
        b.current_scale = b.current_scale.max(current.abs());
    }

    fn frame(&mut self, model: &mut Model, y: &[f64], row: usize) {
        self.frames.push(Frame {
            row,
            values: self.axes.iter().map(|a| model.profile(y, a.quantity)).collect(),
            map: self.mapped.map(|_| model.map(y)),
        });
        if self.frames.len() > self.most_frames {
            let first = self.first_rows();
            let kept = self.frames.iter().filter(|f| f.row < first).count();
            let first = if 2 * kept <= self.most_frames { first } else { 0 };
            let mut keep = false;
            self.frames.retain(|f| {
                keep = !keep;
                keep || f.row < first
            });
            self.stride *= 2;
        }
    }

    /// Rows of the first steps, which are kept when a run is long; none as long as it is not.
    fn first_rows(&self) -> usize {
        if self.steps.len() < 2 * WHOLE_STEPS {
            return 0;
        }
        self.steps[WHOLE_STEPS].first_row
    }

    /// Charge and energy in both directions so far: charged, delivered, C and J.
    pub fn throughput(&self) -> [f64; 4] {
        self.throughput
    }

    /// Keeps a spectrum.
    pub fn spectrum(&mut self, spectrum: Spectrum) {
        self.spectra.push(spectrum);
    }

    /// True if the present step has frames at its start and end whatever the stride: of many steps only some.
    fn is_marked(&self) -> bool {
        self.steps.len() < MARKED_STEPS || self.steps.len().is_multiple_of(self.stride)
    }

    /// Closes a step; its end has a frame, of many steps that of some and of the last one.
    pub fn end_step(&mut self, model: &mut Model, y: &[f64], record: StepRecord, last: bool) {
        if self.details && (last || self.is_marked()) && self.frames.last().is_none_or(|f| f.row + 1 != self.rows()) {
            self.frame(model, y, self.rows().saturating_sub(1));
        }
        self.steps.push(record);
        if self.rows() > self.most_rows {
            self.thin();
            self.most_rows = MOST_ROWS.max(self.rows() + MOST_ROWS / 4);
        }
    }

    /// The result.
    pub fn finish(self, model: &Model, y: Vec<f64>, statistics: Statistics, complete: bool) -> Solution {
        let end = model.inventory(&y);
        Solution {
            series: self.series,
            steps: self.steps,
            axes: self.axes,
            frames: self.frames,
            spectra: self.spectra,
            balances: self.balances,
            inventory: (self.start, end),
            statistics,
            state: y,
            remarks: self.remarks,
            worn: model.wears.iter().map(|w| w.total).collect(),
            jumped: crate::jump::Jumped::default(),
            complete,
        }
    }

    /// Freezes the record and the state; the caller fills in the design hash.
    pub fn checkpoint(&self, step: u64, time: f64, step_time: f64, y: &[f64], begin: [f64; 2]) -> Checkpoint {
        let mut c = Checkpoint {
            step,
            time,
            step_time,
            ..Checkpoint::default()
        };
        c.arrays.insert("state".into(), y.to_vec());
        c.arrays.insert("step".into(), begin.to_vec());
        for (k, column) in self.series.columns().iter().enumerate() {
            c.arrays.insert(format!("column {k:03}"), column.values.clone());
        }
        let s = &self.start;
        let b = &self.balances;
        let mut numbers = vec![
            s.negative,
            s.positive,
            s.electrolyte,
            s.bound,
            s.metal,
            s.taken[0],
            s.taken[1],
            s.isolated[0],
            s.isolated[1],
            s.double_layer[0],
            s.double_layer[1],
        ];
        numbers.extend([
            b.lithium_moved,
            b.lithium_gap,
            b.charge_gap,
            b.current_gap,
            b.current_scale,
            b.loss_closure,
        ]);
        numbers.extend(self.throughput);
        numbers.extend(self.last);
        numbers.extend([self.count.0, self.count.1, self.count.2, self.stride as f64]);
        c.arrays.insert("record".into(), numbers);
        c.arrays
            .insert("frame rows".into(), self.frames.iter().map(|f| f.row as f64).collect());
        c.arrays.insert(
            "frames".into(),
            self.frames.iter().flat_map(|f| f.values.iter().flatten().copied()).collect(),
        );
        if self.mapped.is_some() {
            c.arrays.insert("maps".into(), maps::packed(&self.frames));
        }
        impedance::save(&self.spectra, &mut c);
        for (k, r) in self.steps.iter().enumerate() {
            let values = vec![
                r.index as f64,
                r.cycle as f64,
                r.start,
                r.end,
                r.charge,
                r.energy,
                r.voltage,
                r.current,
                r.first_row as f64,
                f64::from(u8::from(r.settling)),
            ];
            c.arrays.insert(format!("record {k:08}"), values);
            c.texts.insert(format!("record {k:08}"), r.text.clone());
            let ended = match &r.ended {
                StepEnd::Time => "time".to_owned(),
                StepEnd::Limit(t) => format!("limit {t}"),
                StepEnd::AtOnce(t) => format!("at once {t}"),
                StepEnd::Interrupted => "interrupted".to_owned(),
            };
            c.texts.insert(format!("ended {k:08}"), ended);
        }
        for (k, r) in self.remarks.iter().enumerate() {
            c.texts.insert(format!("remark {k:03}"), r.clone());
        }
        c.numbers.insert("unknowns".into(), y.len() as u64);
        c.numbers.insert("steps".into(), self.steps.len() as u64);
        c
    }

    /// Takes up a frozen record; `y` becomes the frozen state.
    ///
    /// # Errors
    /// [`CheckpointError`] if something is missing or does not fit the model.
    pub fn restore(&mut self, c: &Checkpoint, y: &mut [f64]) -> Result<(), CheckpointError> {
        let misfit = |what: &'static str| CheckpointError::Damaged { what };
        let state = c.array("state")?;
        if state.len() != y.len() {
            return Err(misfit("the state belongs to another mesh"));
        }
        y.copy_from_slice(state);
        let n_columns = self.series.columns().len();
        let columns: Vec<&[f64]> = (0..n_columns)
            .map(|k| c.array(&format!("column {k:03}")))
            .collect::<Result<_, _>>()?;
        let rows = columns.first().map_or(0, |c| c.len());
        if columns.iter().any(|c| c.len() != rows) {
            return Err(misfit("columns of unequal length"));
        }
        for r in 0..rows {
            let row: Vec<f64> = columns.iter().map(|c| c[r]).collect();
            self.series.push(&row);
        }
        let n = c.array("record")?;
        if n.len() != 27 || c.array("step")?.len() != 2 {
            return Err(misfit("the record has another layout"));
        }
        self.start = Inventory {
            negative: n[0],
            positive: n[1],
            electrolyte: n[2],
            bound: n[3],
            metal: n[4],
            taken: [n[5], n[6]],
            isolated: [n[7], n[8]],
            double_layer: [n[9], n[10]],
        };
        self.balances = Balances {
            lithium_moved: n[11],
            lithium_gap: n[12],
            charge_gap: n[13],
            current_gap: n[14],
            current_scale: n[15],
            loss_closure: n[16],
        };
        self.throughput.copy_from_slice(&n[17..21]);
        self.last.copy_from_slice(&n[21..23]);
        self.count = (n[23], n[24], n[25]);
        self.stride = (n[26] as usize).max(1);
        let widths: Vec<usize> = self.axes.iter().map(|a| a.position.len()).collect();
        let (frame_rows, mut values) = (c.array("frame rows")?, c.array("frames")?);
        if values.len() != frame_rows.len() * widths.iter().sum::<usize>() {
            return Err(misfit("profile frames of another size"));
        }
        for row in frame_rows {
            let mut frame = Frame {
                row: *row as usize,
                values: vec![],
                map: None,
            };
            for w in &widths {
                let (head, tail) = values.split_at(*w);
                frame.values.push(head.to_vec());
                values = tail;
            }
            self.frames.push(frame);
        }
        if let Some(shape) = self.mapped
            && !maps::unpack(c.array("maps")?, shape, &mut self.frames)
        {
            return Err(misfit("maps of another size"));
        }
        for k in 0..c.number("steps")? {
            let v = c.array(&format!("record {k:08}"))?;
            let [index, cycle, start, end, charge, energy, voltage, current, first_row, settling] =
                <[f64; 10]>::try_from(v).map_err(|_| misfit("a step record of another size"))?;
            let ended = c.text(&format!("ended {k:08}"))?;
            let ended = match ended.split_once(' ') {
                _ if ended == "time" => StepEnd::Time,
                Some(("limit", t)) => StepEnd::Limit(t.to_owned()),
                Some(("at", t)) => StepEnd::AtOnce(t.trim_start_matches("once ").to_owned()),
                _ => StepEnd::Interrupted,
            };
            self.steps.push(StepRecord {
                index: index as u64,
                cycle: cycle as u64,
                text: c.text(&format!("record {k:08}"))?.to_owned(),
                start,
                end,
                charge,
                energy,
                voltage,
                current,
                ended,
                first_row: first_row as usize,
                settling: settling != 0.0,
            });
        }
        self.spectra = impedance::load(c)?;
        self.remarks = (0..20)
            .map_while(|k| c.text(&format!("remark {k:03}")).ok().map(str::to_owned))
            .collect();
        Ok(())
    }
}
