//! Tests of the protocol language: what is understood, what is refused and how.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn steps(line: &str) -> Vec<Step> {
    Protocol::parse_line(line).unwrap_or_else(|e| panic!("{line}: {e}")).0.steps
}

fn one(line: &str) -> Step {
    let mut s = steps(line);
    assert_eq!(s.len(), 1, "{line}");
    s.remove(0)
}

fn volts(volts: f64, crossing: Crossing) -> Termination {
    Termination::Voltage { volts, crossing }
}

#[test]
fn actions_and_rates() {
    let falling = || vec![volts(3.0, Crossing::Falling)];
    for (text, rate) in [
        ("1C", Rate::C(1.0)),
        ("C/2", Rate::C(0.5)),
        ("0.5 C", Rate::C(0.5)),
        ("c / 3", Rate::C(1.0 / 3.0)),
        ("C", Rate::C(1.0)),
        ("2 mA", Rate::Absolute(2e-3)),
        ("50uA/cm2", Rate::PerArea(0.5)),
        ("50 µA cm-2", Rate::PerArea(0.5)),
    ] {
        let s = one(&format!("Discharge at {text} until 3.0 V"));
        match (&s.action, rate) {
            (Action::Current(Rate::PerArea(a)), Rate::PerArea(b)) => assert!((a - b).abs() < 1e-12, "{text}"),
            (a, b) => assert_eq!(*a, Action::Current(b), "{text}"),
        }
        assert_eq!(s.until, falling(), "{text}");
    }
    assert_eq!(one("charge AT 2C   until 4.2V").until, vec![volts(4.2, Crossing::Rising)]);
    assert_eq!(one("Charge at 2C until 4.2 V").action, Action::Current(Rate::C(-2.0)));
    assert_eq!(one("Discharge at 3 mW until 3 V").action, Action::Power(Power::Absolute(3e-3)));
    assert_eq!(one("Charge at 3 W/m2 until 3 V").action, Action::Power(Power::PerArea(-3.0)));
    assert_eq!(
        one("Discharge through 10 kohm until 3 V").action,
        Action::Resistance(Resistance::Absolute(1e4))
    );
    assert_eq!(one("Hold at 4.2 V until C/50").until, vec![Termination::Current(Rate::C(0.02))]);
    assert_eq!(one("Charge at 4.2 V for 1 h"), one("Hold at 4.2 V for 60 min"));
    assert_eq!(one("Rest for 1 hour").duration, Some(3600.0));
    assert_eq!(one("Rest for 1 h 30 min 5 s").duration, Some(5405.0));
    assert_eq!(
        one("Sweep from 3.0 V to 4.2 V at 0.1 mV/s").action,
        Action::Sweep {
            from: Some(3.0),
            to: 4.2,
            rate: 1e-4
        }
    );
    assert_eq!(
        one("Sweep to 3.0 V at 5 mV/s").action,
        Action::Sweep {
            from: None,
            to: 3.0,
            rate: 5e-3
        }
    );
    assert_eq!(
        one("Impedance from 1 MHz to 1 mHz at 10 points per decade").action,
        Action::Impedance {
            fmin: 1e-3,
            fmax: 1e6,
            points_per_decade: 10
        }
    );
    assert_eq!(
        one("Follow \"my profile.csv\" until 3 V").action,
        Action::Profile {
            file: "my profile.csv".to_owned()
        }
    );
    let s = one("Discharge at 0.5C for 20 minutes, or until 3.0 V or 5 uAh");
    assert_eq!(
        (s.duration, s.until),
        (
            Some(1200.0),
            vec![
                volts(3.0, Crossing::Falling),
                Termination::Capacity(Capacity::Absolute(5.0 * (3600.0 * 1e-6)))
            ]
        )
    );
    assert_eq!(one("Rest until below 3.5 V or for 1 h").until, vec![volts(3.5, Crossing::Falling)]);
}

#[test]
fn repeats_nest_and_items_repeat() {
    let line = "Rest for 1 s; Repeat 3 times: (Repeat 2x: (Rest for 2 s; Rest for 3 s); Rest for 4 s); Rest for 5 s";
    let (p, _) = Protocol::parse_line(line).unwrap();
    let seen: Vec<(u64, u64, f64)> = p.unrolled().map(|l| (l.index, l.cycle, l.step.duration.unwrap())).collect();
    let expected = [
        (0, 0, 1.0),
        (1, 1, 2.0),
        (2, 1, 3.0),
        (3, 2, 2.0),
        (4, 2, 3.0),
        (5, 2, 4.0),
        (6, 3, 2.0),
    ];
    assert_eq!(seen[..7], expected);
    assert_eq!((seen.len(), p.unrolled_len()), (17, 17));
    assert_eq!(seen[16], (16, 6, 5.0));
    for k in 0..=17 {
        let tail: Vec<_> = p.unrolled_from(k).map(|l| (l.index, l.cycle, l.step.duration.unwrap())).collect();
        assert_eq!(tail, seen[k as usize..], "from {k}");
    }
    let items = vec![
        StepText::Line("Rest for 1 s".into()),
        StepText::Repeat {
            repeat: 3,
            steps: vec![StepText::Line("Rest for 2 s".into()), StepText::Line("Rest for 3 s".into())],
        },
    ];
    let (p, _) = Protocol::parse_items(&items).unwrap();
    assert_eq!(p.to_string(), "Rest for 1 s; Repeat 3 times: (Rest for 2 s; Rest for 3 s)");
    assert_eq!(p.steps[1].place.item, 1);
    let json = r#"["Rest for 1 s", {"repeat": 3, "steps": ["Rest for 2 s", "Rest for 3 s"]}]"#;
    assert_eq!(serde_json::from_str::<Vec<StepText>>(json).unwrap(), items);
    assert!(
        Protocol::parse_line("Repeat 200 times: Rest for 1 s; Rest for 2 s")
            .unwrap()
            .0
            .unrolled_len()
            == 400
    );
}

#[test]
fn a_million_cycles_are_lazy() {
    let (p, _) = Protocol::parse_line("Repeat 1000000 times: (Rest for 1 s; Rest for 2 s)").unwrap();
    assert_eq!(
        p.unrolled_from(1_999_999).next().map(|l| (l.index, l.cycle)),
        Some((1_999_999, 1_000_000))
    );
    assert_eq!(p.unrolled().last().map(|l| l.cycle), Some(1_000_000));
    assert_eq!(p.unrolled_from(2_000_000).next(), None);
}

/// Code, marked text and a piece of the help of the first error.
fn refusal(line: &str) -> (&'static str, String, String) {
    let e = Protocol::parse_line(line).expect_err(line);
    let f = &e.findings[0];
    (f.diagnostic.code, line[f.span.clone()].to_owned(), f.diagnostic.helps.join("\n"))
}

#[test]
fn refusals_point_at_the_fault_and_offer_a_way_out() {
    for (line, code, marked, help) in [
        ("Dischrage at 1C until 3.0 V", "E041", "Dischrage", "Discharge"),
        ("", "E041", "", ""),
        ("Discharge at 1C", "E045", "Discharge at 1C", "Discharge at 1C until 3.0 V"),
        ("Charge at 2 mA", "E045", "Charge at 2 mA", "Charge at 2 mA until 4.2 V"),
        ("Hold at 4.2 V", "E045", "Hold at 4.2 V", "Hold at 4.2 V until C/50"),
        ("Rest", "E045", "Rest", "Rest for 10 min"),
        ("Rest for 0 s", "E046", "0 s", "for 20 min"),
        ("Rest for -5 min", "E046", "-5 min", "for 20 min"),
        ("Rest for inf", "E042", "inf", ""),
        ("Rest for 1e300 s", "E046", "for 1e300 s", "10 years"),
        ("Discharge at -1C until 3 V", "E046", "-1C", ""),
        ("Discharge at 0 mA until 3 V", "E046", "0 mA", ""),
        ("Discharge at 5 until 3 V", "E042", "5", "C/2"),
        ("Discharge at 2 mAh until 3 V", "E043", "2 mAh", ""),
        ("Discharge at 1C until 3,0 V", "E042", "3,0 V", "3.0 V"),
        ("Discharge at 1C until 20 min", "E044", "20 min", "for 20 min"),
        ("Discharge at 1C until C/50", "E044", "C/50", ""),
        ("Hold at 4.2 V until 4.1 V", "E044", "4.1 V", "C/50"),
        ("Hold at 2 mA until C/50", "E043", "2 mA", "Hold at 4.2 V"),
        ("Charge through 10 kohm until 4 V", "E043", "10 kohm", "Charge at 1C"),
        ("Discharge at 1C until 3 V and 2 h", "E048", "and", "or"),
        ("Rest for 1 h then Rest for 2 h", "E048", "then", ";"),
        ("Charge at 1C to 4.2 V", "E048", "to", "until"),
        ("Rest for 1 fortnight", "E042", "1 fortnight", "20 min"),
        ("Rest for 1 h utnil 3 V", "E042", "1 h utnil 3 V", ""),
        ("Repeat 0 times: Rest for 1 s", "E047", "0", "Repeat 200 times"),
        ("Repeat 1000001 times: Rest for 1 s", "E047", "1000001", ""),
        ("Repeat 2 times:", "E047", "Repeat 2 times:", ""),
        ("Repeat 2 times: (Rest for 1 s", "E048", "(", "close"),
        ("Rest for 1 s)", "E048", ")", "remove"),
        ("Sweep from 3 V to 3 V at 1 mV/s", "E046", "from 3 V to 3 V", "Hold at 3.0 V"),
        ("Sweep from 3 V to 4 V at 1 mV", "E043", "1 mV", "mV/s"),
        ("Impedance from 1 mHz to 1 MHz at 0 points per decade", "E042", "0", ""),
        ("Impedance from 1 mHz to 1 MHz at 10 points per decade until 3 V", "E044", "3 V", ""),
        ("Follow", "E042", "", "profile.csv"),
    ] {
        let (c, m, h) = refusal(line);
        assert_eq!((c, m.as_str()), (code, marked), "{line}");
        assert!(h.contains(help), "{line}: {h}");
    }
}

#[test]
fn nesting_and_length_are_limited() {
    let deep = format!("{}Rest for 1 s{}", "Repeat 2 times: (".repeat(5), ")".repeat(5));
    assert_eq!(refusal(&deep).0, "E047");
    assert!(Protocol::parse_line(&format!("{}Rest for 1 s{}", "Repeat 2 times: (".repeat(4), ")".repeat(4))).is_ok());
    assert_eq!(refusal(&"Repeat 9 times: (".repeat(50_000)).0, "E047");
    let many = "Repeat 1000000 times: Repeat 1000000 times: Repeat 1000000 times: Repeat 1000000 times: Rest for 1 s";
    assert_eq!(refusal(many).0, "E047");
    assert!(Protocol::parse(&[] as &[&str]).is_err());
    let e = Protocol::parse(&["Rest", "Rest for 1 s", "Rst for 1 s"]).expect_err("two faults");
    assert_eq!(e.findings.iter().map(|f| f.item).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn places_move_into_the_design_file() {
    let source = "[protocol]\nsteps = [\n  \"Discharge at 1C until 3.0 mA\",\n]\n";
    let start = source.find("Discharge").unwrap();
    let e = Protocol::parse(&["Discharge at 1C until 3.0 mA"]).expect_err("a current cannot end it");
    let d = e.findings[0].placed("d.toml", source, start);
    let p = d.place.unwrap();
    assert_eq!((p.line, p.column, p.length), (3, 26, 6));
}

#[test]
fn doubtful_protocols_warn() {
    let codes = |line: &str| {
        Protocol::parse_line(line)
            .unwrap()
            .1
            .iter()
            .map(|f| f.diagnostic.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("Charge at 1C until 4.2 V; Discharge at 1C until 4.2 V"), ["W041"]);
    assert_eq!(codes("Discharge at 1C until 3 V; Rest for 1 h; Charge at 1C until 2.9 V"), ["W041"]);
    assert_eq!(
        codes("Charge at 1C until 4.2 V; Hold at 4.2 V until C/50; Discharge at 1C until 3 V"),
        [""; 0]
    );
    assert_eq!(codes("Charge at 1C until 4200 V"), ["W042"]);
}

fn magnitude() -> impl Strategy<Value = f64> {
    prop_oneof![
        1e-9..1e9f64,
        (1u32..1000).prop_map(|n| f64::from(n) * 1e-6),
        (1u32..1000).prop_map(|n| 1.0 / f64::from(n)),
        (1u32..5000).prop_map(|n| f64::from(n) / 10.0)
    ]
}

fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        magnitude().prop_map(Rate::C),
        magnitude().prop_map(Rate::Absolute),
        magnitude().prop_map(Rate::PerArea)
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let volts = || prop_oneof![-1.0..6.0f64, (0i32..60).prop_map(|n| f64::from(n) / 10.0)];
    prop_oneof![
        (rate(), any::<bool>()).prop_map(|(r, charge)| Action::Current(if charge { r.reversed() } else { r })),
        (magnitude(), any::<bool>(), any::<bool>()).prop_map(|(p, area, charge)| {
            let p = if area { Power::PerArea(p) } else { Power::Absolute(p) };
            Action::Power(if charge { p.reversed() } else { p })
        }),
        (magnitude(), any::<bool>()).prop_map(|(r, area)| Action::Resistance(if area {
            Resistance::TimesArea(r)
        } else {
            Resistance::Absolute(r)
        })),
        volts().prop_map(Action::Voltage),
        Just(Action::Rest),
        "[a-zA-Z0-9 ./;:()_-]{1,20}".prop_map(|file| Action::Profile { file }),
        (proptest::option::of(volts()), volts(), magnitude())
            .prop_filter("a sweep moves", |(a, b, _)| *a != Some(*b))
            .prop_map(|(from, to, rate)| Action::Sweep { from, to, rate }),
        (magnitude(), magnitude(), 1u32..100)
            .prop_filter("a span", |(a, b, _)| a != b)
            .prop_map(|(a, b, n)| Action::Impedance {
                fmin: a.min(b),
                fmax: a.max(b),
                points_per_decade: n
            }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let crossing = prop_oneof![Just(Crossing::Falling), Just(Crossing::Rising)];
    (
        action(),
        proptest::option::of(magnitude()),
        proptest::option::of((0.0..6.0f64, crossing)),
        rate(),
        proptest::option::of((magnitude(), any::<bool>())),
    )
        .prop_map(|(action, duration, limit, current, charge)| {
            let mut until = vec![];
            if let (Some((volts, crossing)), false) = (
                limit,
                matches!(action, Action::Voltage(_) | Action::Sweep { .. } | Action::Impedance { .. }),
            ) {
                until.push(Termination::Voltage { volts, crossing });
            }
            if matches!(action, Action::Voltage(_) | Action::Resistance(_)) {
                until.push(Termination::Current(current));
            }
            if let (Some((q, area)), false) = (charge, matches!(action, Action::Rest | Action::Impedance { .. })) {
                until.push(Termination::Capacity(if area {
                    Capacity::PerArea(q)
                } else {
                    Capacity::Absolute(q)
                }));
            }
            let duration = if matches!(action, Action::Impedance { .. }) {
                None
            } else {
                duration
            };
            let needs_end = until.is_empty() && !action.ends_by_itself();
            Step::new(action, until, duration.or(needs_end.then_some(60.0)))
        })
}

fn protocol() -> impl Strategy<Value = Protocol> {
    let leaf = step().boxed();
    let nested = leaf.prop_recursive(3, 12, 4, |inner| {
        (1..=20u64, prop::collection::vec(inner, 1..4)).prop_map(|(count, steps)| Step::new(Action::Repeat { count, steps }, vec![], None))
    });
    prop::collection::vec(nested, 1..5).prop_map(|steps| Protocol { steps })
}

proptest! {
    #[test]
    fn canonical_text_reads_back(p in protocol()) {
        let text = p.to_string();
        let (back, _) = Protocol::parse_line(&text).map_err(|e| TestCaseError::fail(format!("{text}\n{e}")))?;
        prop_assert_eq!(&back, &p, "{}", text);
        prop_assert_eq!(back.to_string(), text);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,60}") {
        if let Err(e) = Protocol::parse_line(&text) {
            prop_assert!(!e.to_string().is_empty());
        }
        let _ = CurrentProfile::parse("p.csv", &text);
    }

    #[test]
    fn shuffled_words_never_panic(words in prop::collection::vec(prop::sample::select(vec![
        "Discharge", "Charge", "Hold", "Rest", "Repeat", "at", "1C", "C/", "until", "for", "or", "3.0", "V", "µA", "(", ")", ":", ";", "2", "times", "-", "e9", "\"", "'", ",", "Impedance", "from", "to", "mV/s", "C/0", "above",
    ]), 0..14), glue in prop::sample::select(vec![" ", ""])) {
        let text = words.join(glue);
        if let Err(e) = Protocol::parse_line(&text) {
            for f in &e.findings {
                prop_assert!(text.get(f.span.clone()).is_some(), "span inside the text on character borders");
            }
        }
    }
}
