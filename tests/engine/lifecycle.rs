//! Up, again, down: twenty subprojects, in order, and what is left.

use serde_json::Value;

use crate::testbed::{Testbed, docker};

#[test]
fn twenty_subprojects_come_up_stay_and_go_down() {
    let bed = Testbed::new("many");
    for number in 0..20 {
        bed.app(&number.to_string(), "serve", "");
    }
    let up = bed.run(&["up", "--json"]).ok();
    let events = up.events();
    assert_eq!(events.first().unwrap()["event"], "begin");
    assert_eq!(events.last().unwrap()["ok"], true);
    for number in 0..20 {
        assert_eq!(up.finish(&bed.name(&number.to_string()))["outcome"], "up");
    }
    let before: Vec<_> = (0..20).map(|number| bed.running(&number.to_string())).collect();
    assert!(before.iter().all(|ids| ids.len() == 2), "{before:?}");

    let again = bed.run(&["up", "--json"]).ok();
    for number in 0..20 {
        assert_eq!(again.finish(&bed.name(&number.to_string()))["outcome"], "unchanged");
    }
    // One changed: one runs, the others are left alone.
    bed.write(&bed.of("7", "web/data/a.txt"), "another\n");
    let one = bed.run(&["up", "--json"]).ok();
    for number in 0..20 {
        let expected = if number == 7 { "up" } else { "unchanged" };
        assert_eq!(one.finish(&bed.name(&number.to_string()))["outcome"], expected);
    }
    let after: Vec<_> = (0..20).map(|number| bed.running(&number.to_string())).collect();
    for number in (0..20).filter(|number| *number != 7) {
        assert_eq!(before[number], after[number]);
    }
    assert_eq!(before[7].intersection(&after[7]).count(), 1, "only web is another one");

    let ps: Value = serde_json::from_str(&bed.run(&["ps", "--json"]).ok().stdout).unwrap();
    let apps = ps["apps"].as_array().unwrap();
    assert_eq!(apps.len(), 20);
    assert!(apps.iter().all(|app| app["standing"] == "up" && app["services"].as_array().unwrap().len() == 2));

    let down = bed.run(&["down", "--json"]).ok();
    assert_eq!(down.events().last().unwrap()["ok"], true);
    for number in 0..20 {
        assert_eq!(down.finish(&bed.name(&number.to_string()))["outcome"], "down");
    }
    let left = docker(&["network", "ls", "--format", "{{.Name}}"]);
    assert!(!left.contains(&bed.prefix), "{left}");
    let nothing = bed.run(&["down", "--json"]).ok();
    assert_eq!(nothing.finish(&bed.name("0"))["outcome"], "unchanged");
}

#[test]
fn dependencies_come_first_and_what_needs_a_failure_is_blocked() {
    let bed = Testbed::new("order");
    bed.app("base", "slow", "");
    bed.app("mid", "serve", &format!("depends_on: [{}]\n", bed.name("base")));
    bed.app("sick", "crash", "");
    bed.app("top", "serve", &format!("depends_on: [{}]\n", bed.name("sick")));
    let up = bed.run(&["up", "--json"]);
    assert_eq!(up.code, 1);
    let at = |event: &str, short: &str| {
        let name = bed.name(short);
        up.events().iter().position(|line| line["event"] == *event && line["app"] == *name)
    };
    assert!(at("finish", "base").unwrap() < at("start", "mid").unwrap());
    assert_eq!(up.finish(&bed.name("mid"))["outcome"], "up");
    assert_eq!(up.finish(&bed.name("top"))["outcome"], "blocked");
    assert_eq!(at("start", "top"), None);
    let failure = &up.finish(&bed.name("sick"))["failure"];
    let web = failure["services"].as_array().unwrap().iter().find(|one| one["service"] == "web").unwrap();
    assert_eq!((&web["state"], &web["exit_code"]), (&"failed".into(), &3.into()), "{failure}");
    assert!(web["log"].to_string().contains("app crashes"), "{failure}");
    // The other way round: who depends on somebody goes first.
    let down = bed.run(&["down", "--json", "-j", "1"]).ok();
    let order: Vec<_> = down
        .events()
        .iter()
        .filter(|line| line["event"] == "finish")
        .map(|line| line["app"].clone())
        .collect();
    let place = |short: &str| order.iter().position(|app| *app == *bed.name(short)).unwrap();
    assert!(place("mid") < place("base") && place("top") < place("sick"), "{order:?}");
}

#[test]
fn protected_ones_are_left_alone_unless_they_are_named() {
    let bed = Testbed::new("keep");
    bed.app("a", "serve", "");
    bed.app("vault", "serve", "x-scalr: {protected: true}\n");
    let vault = bed.of("vault", "docker-compose.yml");
    let text = bed
        .read(&vault)
        .replace("    configs: [settings]\n", "    configs: [settings]\n    volumes: [\"keep:/keep\"]\n");
    bed.write(&vault, format!("{text}volumes: {{keep: {{}}}}\n"));
    bed.run(&["up"]).ok();
    assert!(bed.running("vault").is_empty());
    bed.run(&["up", &bed.name("vault")]).ok();
    assert_eq!(bed.running("vault").len(), 2);
    bed.run(&["down", "--yes", "-v"]).ok();
    assert_eq!((bed.running("a").len(), bed.running("vault").len()), (0, 2));
    bed.run(&["down", "--yes", "-v", &bed.name("vault")]).ok();
    assert!(bed.running("vault").is_empty());
    let volumes = docker(&["volume", "ls", "--format", "{{.Name}}"]);
    assert!(volumes.contains(&bed.name("vault_keep")), "its volume stays: {volumes}");
}

#[test]
fn sign_in_is_asked_for_once() {
    let bed = Testbed::new("sign");
    bed.app("sign-in", "serve", "");
    let own = bed.of("sign-in", "");
    std::fs::create_dir(bed.path("services")).unwrap();
    std::fs::rename(bed.path(own.trim_end_matches('/')), bed.path("services/auth-dev")).unwrap();
    bed.write("registered-apps.txt", "");
    bed.app("a", "serve", "");
    // Nobody can be asked here, so it is told; a narrower wish is not about it.
    let name = bed.name("sign-in");
    let told = format!("{name} does not run, so no user can sign in; `scalr up {name}` starts it");
    assert!(bed.run(&["plan"]).ok().stderr.contains(&told));
    assert!(!bed.run(&["plan", &bed.name("a")]).ok().stderr.contains("sign in"));

    let up = bed.run(&["up", "--yes", "--json"]).ok();
    assert_eq!(up.finish(&name)["outcome"], up.finish(&bed.name("a"))["outcome"]);
    assert_eq!(bed.running("sign-in").len(), 2);
    // It runs, so there is nothing to ask; and down spares it.
    let up = bed.run(&["up", "--yes", "--json"]).ok();
    assert!(!up.stdout.contains(&name) && !up.stderr.contains("sign in"), "{up:?}");
    bed.run(&["down"]).ok();
    assert_eq!((bed.running("a").len(), bed.running("sign-in").len()), (0, 2));
}

#[test]
fn a_one_shot_that_ends_well_is_well() {
    let bed = Testbed::new("once");
    bed.app("a", "once", "");
    bed.run(&["up"]).ok();
    assert_eq!(bed.planned("a"), ("skip".to_owned(), vec![]));
    bed.run(&["restart"]).ok();
}
