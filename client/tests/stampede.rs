//! Five thousand desktops and a server that comes back: when each of them tries (semantics 5.1: at once, but
//! not all at once).

#![allow(clippy::print_stdout, reason = "the distribution is for whoever reads the run")]

use std::time::Duration;

use baton_client::core::{Core, Effect, Input, Now};
use baton_client::settings::Settings;

const DESKTOPS: u64 = 5000;

/// When this desktop first tries once the server is back, if every attempt before is refused at once.
fn first_try(seed: u64, back: Now) -> Now {
    let kept = Settings {
        server: Some("127.0.0.1:7420".into()),
        ..Settings::default()
    };
    let mut core = Core::new(kept, seed);
    // The line of all of them broke at the same moment, which is the worst case.
    let mut now = Now::ZERO;
    let mut effects = core.begin(now);
    loop {
        if effects.iter().any(|effect| matches!(effect, Effect::Connect(_))) {
            if now >= back {
                return now;
            }
            let why = "refused".into();
            core.handle(now, Input::Disconnected { why });
        }
        now = core.next_deadline().expect("it never gives up");
        effects = core.handle(now, Input::Tick);
    }
}

#[test]
fn five_thousand_desktops_come_back_within_a_second_and_spread_over_it() {
    for minutes in [1, 5] {
        let back = Duration::from_secs(minutes * 60);
        let mut tenths = [0_u64; 10];
        let mut hundredths = [0_u64; 100];
        for seed in 0..DESKTOPS {
            let late = first_try(seed, back) - back;
            assert!(
                late < Duration::from_secs(1),
                "desktop {seed} tries only after {late:?}"
            );
            let millis = usize::try_from(late.as_millis()).expect("less than a second");
            tenths[millis / 100] += 1;
            hundredths[millis / 10] += 1;
        }
        let most = hundredths.iter().max().copied().unwrap_or_default();
        println!(
            "after {minutes} min: desktops that try in each tenth of the second {tenths:?}; at most {most} in 10 ms"
        );
        // Spread evenly over the shortest wait, half a second, it would be 100.
        assert!(most < 200, "they come in a crowd of {most}");
    }
}
