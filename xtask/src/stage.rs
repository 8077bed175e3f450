//! Stages of a long run: a title and a time each, a table at the end.

use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::Outcome;

/// How one stage ended; the text says what was done, missing or wrong.
pub enum Verdict {
    Passed(String),
    Skipped(String),
    Failed(String),
}

impl Verdict {
    /// Success with a remark, or the failure.
    pub fn from(outcome: Outcome<String>) -> Self {
        outcome.map_or_else(Self::Failed, Self::Passed)
    }
}

struct Row {
    title: &'static str,
    seconds: f64,
    verdict: Verdict,
}

/// The stages so far.
pub struct Stages {
    only: Option<String>,
    rows: Vec<Row>,
    start: Instant,
}

/// A stage for the background: its title, and what it does, given the text that it would print.
pub type Background = (&'static str, Box<dyn FnOnce(&mut String) -> Verdict + Send>);

/// Stages that run one after the other beside those in the foreground; what they print is kept until they are joined.
pub struct Beside(JoinHandle<Vec<(Row, String)>>);

impl Stages {
    /// No stage has run yet; with `only`, those whose title does not contain it will not.
    pub fn new(only: Option<&str>) -> Self {
        Self {
            only: only.map(str::to_owned),
            rows: Vec::new(),
            start: Instant::now(),
        }
    }

    /// Whether a stage of this title would run.
    pub fn wants(&self, title: &str) -> bool {
        self.only.as_ref().is_none_or(|only| title.contains(only.as_str()))
    }

    /// Runs one stage; true when it did not fail.
    pub fn run(&mut self, title: &'static str, body: impl FnOnce() -> Verdict) -> bool {
        if !self.wants(title) {
            return true;
        }
        println!("== {title}");
        let start = Instant::now();
        let verdict = body();
        let seconds = start.elapsed().as_secs_f64();
        self.told(Row { title, seconds, verdict })
    }

    fn told(&mut self, row: Row) -> bool {
        let (word, remark) = words(&row.verdict);
        println!(
            "== {}: {word} in {:.1} s{}{remark}",
            row.title,
            row.seconds,
            if remark.is_empty() { "" } else { ", " }
        );
        let held = !matches!(row.verdict, Verdict::Failed(_));
        self.rows.push(row);
        held
    }

    /// Begins stages that use a single core each, one after the other, in the background.
    pub fn begin(&self, stages: Vec<Background>) -> Beside {
        let wanted: Vec<Background> = stages.into_iter().filter(|(title, _)| self.wants(title)).collect();
        Beside(thread::spawn(move || {
            let timed = wanted.into_iter().map(|(title, body)| {
                let (start, mut text) = (Instant::now(), String::new());
                let verdict = body(&mut text);
                let seconds = start.elapsed().as_secs_f64();
                (Row { title, seconds, verdict }, text)
            });
            timed.collect()
        }))
    }

    /// Waits for the stages in the background and tells what they did.
    pub fn join(&mut self, beside: Beside) {
        let lost = |_| {
            let row = Row {
                title: "stages in the background",
                seconds: 0.0,
                verdict: Verdict::Failed("their thread was lost".into()),
            };
            vec![(row, String::new())]
        };
        for (row, text) in beside.0.join().unwrap_or_else(lost) {
            print!("== {}, beside the others\n{text}", row.title);
            self.told(row);
        }
    }

    /// Prints the table; an error names the stages that failed.
    pub fn finish(&self) -> Outcome<()> {
        println!("\n{:<34} {:>8}   result", "stage", "seconds");
        for row in &self.rows {
            let (word, remark) = words(&row.verdict);
            let first = remark.lines().next().unwrap_or_default();
            println!(
                "{:<34} {:>8.1}   {word}{}{first}",
                row.title,
                row.seconds,
                if first.is_empty() { "" } else { ": " }
            );
        }
        println!("{:<34} {:>8.1}", "all, some beside others", self.start.elapsed().as_secs_f64());
        let failed: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| matches!(row.verdict, Verdict::Failed(_)))
            .map(|row| row.title)
            .collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(format!("failed: {}", failed.join(", ")))
        }
    }
}

fn words(verdict: &Verdict) -> (&'static str, &str) {
    match verdict {
        Verdict::Passed(remark) => ("passed", remark.trim()),
        Verdict::Skipped(reason) => ("skipped", reason.trim()),
        Verdict::Failed(reason) => ("FAILED", reason.trim()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_failed_stage_fails_the_run_and_a_skipped_one_does_not() {
        let mut stages = Stages::new(None);
        assert!(stages.run("one", || Verdict::Passed("3 files".into())));
        assert!(stages.run("two", || Verdict::Skipped("no browser".into())));
        assert!(stages.finish().is_ok());
        assert!(!stages.run("three", || Verdict::Failed("broken".into())));
        assert_eq!(stages.finish().unwrap_err(), "failed: three");
        assert!(Stages::new(Some("two")).run("three", || Verdict::Failed("not run".into())));
    }

    #[test]
    fn a_stage_in_the_background_counts_like_any_other() {
        let broken = |text: &mut String| {
            text.push_str("one line\n");
            Verdict::Failed("broken".into())
        };
        let mut stages = Stages::new(Some("o"));
        let beside = stages.begin(vec![("one", Box::new(broken)), ("left", Box::new(broken))]);
        stages.join(beside);
        assert_eq!(stages.finish().unwrap_err(), "failed: one");
    }
}
