//! Electrical tests for the report.

use super::{pulses, transference};
use crate::electrical::words;
use crate::prepare::Prepared;
use crate::report::data::{Electrical, PeakLine, TitrationSeries, Voltammogram};
use crate::report::kind::Kind;
use crate::report::number::{compact, significant};
use crate::study::Study;
use crate::summary::symbols;
use cellwright_lab::titration::Doubt;
use cellwright_lab::voltammetry::{Pair, Scan};

/// The chapter; none without a test.
pub fn chapter(prepared: &Prepared, study: &Study) -> Option<Electrical> {
    let tests = &study.tests;
    if tests.scans.is_empty() && tests.titration.is_none() && tests.train.is_none() && tests.transference.is_none() {
        return None;
    }
    let mut out = Electrical {
        area: prepared.cell.device.active_area,
        voltammograms: voltammograms(&tests.scans),
        ..Electrical::default()
    };
    let mut lede = vec![];
    if let (Some(slow), Some(fast)) = (tests.pairs.first(), tests.pairs.last()) {
        let distance = |p: &Pair| format!("{} at {}", Kind::Voltage.text(p.separation()), rate(p.rate));
        lede.push(match tests.pairs.len() {
            1 => format!("The peaks are {} apart.", distance(slow)),
            _ => format!("The peaks move from {} to {} apart.", distance(slow), distance(fast)),
        });
        for (name, b, peak) in [
            ("discharge", tests.exponents[0], (|p| p.falling.current) as fn(&Pair) -> f64),
            ("charge", tests.exponents[1], |p| p.rising.current),
        ] {
            let Some(b) = b else { continue };
            out.peaks.push(PeakLine {
                label: format!("{name}, b = {}", significant(b, 3)),
                rate: tests.pairs.iter().map(|p| p.rate).collect(),
                current: tests.pairs.iter().map(|p| peak(p).abs()).collect(),
            });
        }
    } else if !tests.scans.is_empty() {
        lede.push("No sweep has a peak inside.".into());
    }
    if let Some(t) = &tests.titration {
        out.stoichiometry = format!("Lithium fraction x in {}", symbols(prepared)[if t.electrode == 0 { 0 } else { 2 }]);
        let n = t.pulses.len();
        let line = |label: &str, places: Vec<f64>, values: Vec<f64>, truth| TitrationSeries {
            label: label.into(),
            truth,
            stoichiometry: places,
            diffusivity: values,
        };
        let places: Vec<f64> = t
            .pulses
            .iter()
            .map(|p| p.stoichiometry)
            .chain(t.holds.iter().map(|h| h.stoichiometry))
            .collect();
        let mut known: Vec<(f64, f64)> = places.into_iter().zip(t.truth.iter().copied()).collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (x, d) = known.into_iter().unzip();
        out.titration.push(line("of the model", x, d, true));
        let gitt = t.pulses.iter().map(|p| (p.stoichiometry, p.diffusivity, p.doubts.is_empty()));
        let pitt = t.holds.iter().map(|h| (h.stoichiometry, h.diffusivity, h.doubts.is_empty()));
        let methods: [(&str, Vec<_>, _); 2] = [("GITT", gitt.collect(), &t.truth[..n]), ("PITT", pitt.collect(), &t.truth[n..])];
        for (label, points, truth) in methods {
            for (trusted, label) in [(true, label.to_owned()), (false, format!("{label}, in doubt"))] {
                let chosen = points.iter().zip(truth).filter(|(p, _)| p.2 == trusted);
                let worst = chosen.clone().map(|(p, t)| (p.1 / t - 1.0).abs()).reduce(f64::max);
                let Some(worst) = worst else { continue };
                lede.push(format!("{label}: within {} of the truth.", Kind::Percent.text(worst)));
                let (x, d) = chosen.map(|(p, _)| (p.0, p.1)).unzip();
                out.titration.push(line(&label, x, d, false));
            }
        }
        let doubts = t.pulses.iter().map(|p| &p.doubts).chain(t.holds.iter().map(|h| &h.doubts));
        let all: Vec<&Vec<Doubt>> = doubts.collect();
        let count = |d: Doubt| all.iter().filter(|v| v.contains(&d)).count();
        let listed: Vec<String> = [Doubt::Long, Doubt::Unrested, Doubt::Curved, Doubt::Short]
            .into_iter()
            .filter(|d| count(*d) > 0)
            .map(|d| format!("{} of {}: {}", count(d), all.len(), words(d)))
            .collect();
        out.doubts = if listed.is_empty() {
            "The measurement gives no reason to doubt its assumptions; a slow step elsewhere in the cell would not show.".into()
        } else {
            format!("**Not to be believed:** {}.", listed.join("; "))
        };
    }
    if let Some(train) = &tests.train {
        let (data, finding) = pulses::train(train);
        out.pulses = Some(data);
        lede.push(finding);
    }
    if let Some(t) = &tests.transference {
        out.transference = Some(transference::test(t, study));
        lede.push(transference::finding(t));
    }
    out.lede = lede.join(" ");
    Some(out)
}

/// "0.1 mV/s".
fn rate(v: f64) -> String {
    format!("{} mV/s", compact(1e3 * v, 3))
}

/// Sweeps of the same rate as one curve each.
fn voltammograms(scans: &[Scan]) -> Vec<Voltammogram> {
    let mut rates: Vec<f64> = scans.iter().map(|s| s.rate.abs()).collect();
    rates.sort_by(f64::total_cmp);
    rates.dedup_by(|b, a| *b <= *a * (1.0 + 1e-9));
    let one = |r: f64| {
        let same = scans.iter().filter(|s| (s.rate.abs() / r - 1.0).abs() < 1e-9);
        let mut out = Voltammogram {
            label: rate(r),
            ..Voltammogram::default()
        };
        for s in same {
            // A gap between two sweeps unless one goes on where the other ended.
            if out.voltage.last().is_some_and(|v| (v - s.voltage[0]).abs() > 1e-3) {
                out.voltage.push(f64::NAN);
                out.current.push(f64::NAN);
            }
            out.voltage.extend(&s.voltage);
            out.current.extend(&s.current);
        }
        out
    };
    rates.into_iter().map(one).collect()
}
