//! Long runs: rows that are thinned out, and times that were jumped over.

use super::{MOST_ROWS, Recorder};
use crate::solution::{COLUMNS, FIRST_LOSS, StepEnd, StepRecord};
use cellwright_electrochem::losses::LOSSES;

impl Recorder {
    /// Counts what `passes` that were not carried out moved between two times; charge and energy are then at the given values. The series
    /// has a row at either end, with the mean current between them.
    pub fn jump(&mut self, throughput: &[f64; 4], last: [f64; 2], passes: u64, [start, end]: [f64; 2]) {
        let Some(before) = self.steps.last().cloned() else { return };
        let current = (throughput[1] - throughput[0]) / (end - start);
        let first_row = self.rows();
        self.gap_row(start, current, before.voltage);
        self.throughput.iter_mut().zip(throughput).for_each(|(t, by)| *t += by);
        self.last = last;
        self.gap_row(end, current, before.voltage);
        self.steps.push(StepRecord {
            text: format!("{passes} passes jumped over"),
            start,
            end,
            charge: 0.0,
            energy: 0.0,
            current,
            ended: StepEnd::Time,
            first_row,
            settling: true,
            ..before
        });
    }

    /// A row of a time that is jumped over: nothing is lost, since nothing is known.
    fn gap_row(&mut self, time: f64, current: f64, voltage: f64) {
        self.count.2 += 1.0;
        let columns = self.series.columns();
        let mut row: Vec<f64> = columns.iter().map(|c| c.values.last().copied().unwrap_or(0.0)).collect();
        (row[0], row[1], row[2]) = (time, voltage, current);
        row[5] = self.count.2;
        row[6..10].copy_from_slice(&self.throughput);
        row[10] = voltage * current;
        if self.details {
            row[COLUMNS.len()] = voltage;
            row[FIRST_LOSS..FIRST_LOSS + LOSSES.len()].fill(0.0);
        }
        self.series.push(&row);
    }

    /// Every second row of the steps that are done, but for their first and last, those with frames, the first steps and the discharge
    /// that moved most, from which the headline numbers come.
    pub(super) fn thin(&mut self) {
        let n = self.rows();
        let mut marked: Vec<bool> = (0..n).map(|row| row.is_multiple_of(2)).collect();
        let end = |k: usize| self.steps.get(k + 1).map_or(n, |s| s.first_row);
        let largest = |best: usize, k: usize| {
            if self.steps[k].charge > self.steps[best].charge * (1.0 + 1e-6) {
                k
            } else {
                best
            }
        };
        let most = (0..self.steps.len()).filter(|k| !self.steps[*k].settling).reduce(largest);
        let whole = most.map_or(0..0, |k| self.steps[k].first_row..end(k));
        for rows in [0..self.first_rows(), whole] {
            if rows.len() <= MOST_ROWS / 8 {
                marked[rows].fill(true);
            }
        }
        for step in &self.steps {
            marked[step.first_row.min(n - 1)] = true;
            marked[step.first_row.saturating_sub(1)] = true;
        }
        self.frames.iter().for_each(|f| marked[f.row] = true);
        marked[n - 1] = true;
        let mut place = 0;
        let places: Vec<usize> = marked
            .iter()
            .map(|m| {
                place += usize::from(*m);
                place - 1
            })
            .collect();
        self.series.keep(&marked);
        self.steps.iter_mut().for_each(|s| s.first_row = places[s.first_row.min(n - 1)]);
        self.frames.iter_mut().for_each(|f| f.row = places[f.row]);
    }
}
