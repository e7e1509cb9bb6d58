//! Many subprojects on one engine: each network with a small subnet of its own.

use serde_json::Value;

use crate::testbed::{Testbed, docker, image};

/// More than Docker's default pools hold.
const APPS: u32 = 36;

/// A subproject of one service, which has a network with this subnet.
fn app(bed: &Testbed, short: &str, subnet: &str) {
    let name = bed.name(short);
    let folder = format!("apps/{name}");
    bed.write(
        &format!("{folder}/docker-compose.yml"),
        format!(
            "name: {name}\nservices:\n  web:\n    image: {}\n    stop_grace_period: 1s\n    healthcheck: {{disable: true}}\n    \
             networks: [private]\nnetworks:\n  private:\n    ipam:\n      config:\n        - subnet: ${{APP_SUBNET:?}}\n",
            image()
        ),
    );
    bed.write(&format!("{folder}/.env.app"), format!("APP_SLUG={name}\nAPP_SUBNET={subnet}\n"));
    bed.write(
        &format!("{folder}/app.manifest.yml"),
        format!(
            "schema_version: 1\nid: 00000000-0000-4000-9000-{:012}\nslug: {name}\nname: N\ndescription: A test.\n\
             kind: internal\ncreated: 2026-11-22\nports: {{}}\nsubnet: {subnet}\n",
            short.parse::<u32>().unwrap()
        ),
    );
    let registry = bed.read("registered-apps.txt");
    bed.write("registered-apps.txt", format!("{registry}{folder}\n"));
}

/// A /29 of a range that belongs to this run of the tests.
fn subnet(number: u32) -> String {
    let third = std::process::id() % 126 * 2 + number / 32;
    format!("10.231.{third}.{}/29", number % 32 * 8)
}

#[test]
fn more_subprojects_come_up_than_the_pools_have_networks() {
    let bed = Testbed::new("nets");
    for number in 0..APPS {
        app(&bed, &number.to_string(), &subnet(number));
    }
    let plan: Value = serde_json::from_str(&bed.run(&["plan", "--json"]).ok().stdout).unwrap();
    let codes: Vec<_> = plan["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert!(!codes.iter().any(|code| *code == "subnets-low"), "{codes:?}");
    let up = bed.run(&["up", "--json"]).ok();
    assert_eq!(up.events().last().unwrap()["ok"], true);
    let networks = docker(&["network", "ls", "--format", "{{.Name}}"]);
    assert_eq!(networks.lines().filter(|name| name.starts_with(&bed.prefix)).count(), APPS as usize);

    // One that overlaps with what is there is told before anything of it starts; what runs is left alone.
    app(&bed, "99", &subnet(3).replace("/29", "/28").replace(".24/", ".16/"));
    let plan: Value = serde_json::from_str(&bed.run(&["plan", "--json"]).stdout).unwrap();
    let findings = plan["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["code"], "subnet-taken");
    // Two of them have a part of it; the engine lists them in no order.
    let message = findings[0]["message"].as_str().unwrap();
    assert!(["2_private", "3_private"].iter().any(|name| message.contains(&bed.name(name))), "{message}");
    let again = bed.run(&["up", "--json"]);
    assert_eq!(again.code, 1);
    assert_eq!(again.finish(&bed.name("3"))["outcome"], "unchanged");
    assert_eq!(bed.running("99").len(), 0);
    bed.run(&["down", "--json"]).ok();
}
