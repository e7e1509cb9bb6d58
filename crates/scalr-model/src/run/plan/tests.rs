use serde_json::json;

use super::*;
use crate::codes::Code;
use crate::compose::config::{Build, HostPort};
use crate::run::containers::Container;
use crate::run::engine::Network;
use crate::run::fingerprint::Reasons;
use crate::run::preflight::TakenPort;
use crate::run::subproject::Subproject;

fn subproject(folder: &str, depends_on: &[&str]) -> Subproject {
    let folder = RelPath::new(folder).unwrap();
    Subproject {
        name: folder.name().to_owned(),
        depends_on: depends_on.iter().map(|slug| (*slug).to_owned()).collect(),
        folder,
        ..Subproject::default()
    }
}

/// A survey of subprojects that all have to start, each with a build.
fn survey(subprojects: &[Subproject]) -> Survey {
    let surveyed = |step: Step<()>| {
        let resolved = Resolved {
            reasons: Reasons { texts: vec!["it is not up".into()], build: true, config_holds: false },
            config: ComposeConfig {
                builds: vec![Build::default()],
                pool_networks: 1,
                ..ComposeConfig::default()
            },
            ..Resolved::default()
        };
        SurveyedSubproject {
            project: ComposeProject {
                folder: format!("/r/{}", step.subproject.folder).into(),
                ..ComposeProject::default()
            },
            compose_file: step.subproject.folder.join("docker-compose.yml"),
            compose: ComposeAnswer::Resolved(Box::new(resolved)),
            step,
        }
    };
    Survey {
        engine: "unix:///run/docker.sock".to_owned(),
        front: Front::default(),
        options: UpOptions::default(),
        facts: HostFacts::default(),
        subprojects: order::start(subprojects).unwrap().into_iter().map(surveyed).collect(),
    }
}

fn resolved(survey: &mut Survey) -> &mut Resolved {
    match &mut survey.subprojects[0].compose {
        ComposeAnswer::Resolved(resolved) => resolved,
        other => panic!("{other:?}"),
    }
}

fn port() -> HostPort {
    HostPort { address: None, port: 80, protocol: "tcp".into(), service: "web".into() }
}

#[test]
fn the_action_follows_from_what_was_found() {
    type Change = fn(&mut Survey);
    let elsewhere: Change = |survey| {
        let (project, working_dir) = ("a".to_owned(), "/other/a".to_owned());
        survey.facts.containers.push(Container { project, working_dir, ..Container::default() });
    };
    let unchanged: Change = |survey| survey.subprojects[0].compose = ComposeAnswer::NotAsked;
    // What is changed, the action, whether images are built, and the findings.
    let table: [(&str, Change, PlannedAction, bool, &[Code]); 12] = [
        ("nothing", |_| {}, PlannedAction::Up, true, &[]),
        ("unchanged", unchanged, PlannedAction::Skip, false, &[]),
        (
            "no build in the files",
            |survey| resolved(survey).config.builds.clear(),
            PlannedAction::Up,
            false,
            &[],
        ),
        (
            "no input of a build changed",
            |survey| resolved(survey).reasons.build = false,
            PlannedAction::Up,
            false,
            &[],
        ),
        ("--no-build", |survey| survey.options.build = Building::Never, PlannedAction::Up, false, &[]),
        (
            "Compose refuses",
            |survey| {
                let (reasons, problem) = (Reasons::everything("new"), "yaml: line 3".to_owned());
                survey.subprojects[0].compose = ComposeAnswer::Refused { reasons, problem };
            },
            PlannedAction::Refuse,
            false,
            &[Code::ComposeInvalid],
        ),
        (
            "a variable is not set",
            |survey| resolved(survey).undefined.push("X".into()),
            PlannedAction::Refuse,
            false,
            &[Code::VariableUndefined],
        ),
        (
            "a port is taken",
            |survey| {
                resolved(survey).config.ports.push(port());
                survey.facts.taken_ports.push(TakenPort { port: port(), process: None });
            },
            PlannedAction::Refuse,
            false,
            &[Code::HostPortTaken],
        ),
        ("another checkout runs it", elsewhere, PlannedAction::Refuse, false, &[Code::ProjectElsewhere]),
        ("--force takes it over", |survey| survey.options.force = Force::Run, PlannedAction::Up, true, &[]),
        (
            "the disk is full",
            |survey| survey.facts.free_space = Some(0),
            PlannedAction::Up,
            true,
            &[Code::DiskLow],
        ),
        (
            "the pools are used up",
            |survey| {
                let bridge = Network { driver: "bridge".into(), ..Network::default() };
                survey.facts.networks = vec![bridge; preflight::POOL_NETWORKS];
            },
            PlannedAction::Up,
            true,
            &[Code::SubnetsLow],
        ),
    ];
    for (name, change, action, build, codes) in table {
        let mut survey = survey(&[subproject("apps/a", &[])]);
        if name == "--force takes it over" {
            elsewhere(&mut survey);
        }
        change(&mut survey);
        let plan = UpPlan::new(survey, Vec::new());
        let found: Vec<Code> = plan.all_findings().iter().map(|finding| finding.code).collect();
        let document = plan.document();
        assert_eq!(
            (document.apps[0].action, document.apps[0].build, &*found),
            (action, build, codes),
            "{name}"
        );
        let refused = action == PlannedAction::Refuse;
        assert_eq!(plan.has_errors(), refused, "{name}");
        if let UpAction::Refuse { failure, .. } = &plan.steps[0].action {
            assert_eq!(failure.message, plan.steps[0].findings[0].message, "{name}");
        }
    }
}

#[test]
fn a_skipped_subproject_of_another_checkout_is_an_error() {
    let mut survey = survey(&[subproject("apps/a", &[])]);
    survey.subprojects[0].compose = ComposeAnswer::NotAsked;
    let (project, working_dir) = ("a".to_owned(), "/other/a".to_owned());
    survey.facts.containers.push(Container { project, working_dir, ..Container::default() });
    let plan = UpPlan::new(survey, Vec::new());
    assert_eq!(plan.steps[0].action, UpAction::Skip);
    assert!(plan.has_errors());
}

#[test]
fn the_shared_network_is_made_once_where_one_wants_it() {
    let networks = |wants: bool, exists: bool| {
        let mut survey = survey(&[subproject("a", &[]), subproject("b", &[])]);
        if wants {
            resolved(&mut survey).config.external_networks.insert(EDGE.to_owned());
        }
        if exists {
            survey.facts.networks.push(Network { name: EDGE.to_owned(), ..Network::default() });
        }
        UpPlan::new(survey, Vec::new()).networks
    };
    assert_eq!(networks(true, false), [EDGE]);
    assert!(networks(true, true).is_empty() && networks(false, false).is_empty());
}

#[test]
fn the_document_shows_the_steps_in_their_order() {
    let mut gateway = subproject("services/gateway", &[]);
    gateway.host = Some("gateway.localhost".to_owned());
    let plan =
        UpPlan::new(survey(&[subproject("apps/a", &["b"]), subproject("apps/b", &[]), gateway]), Vec::new());
    let app = |app: &str, path: &str, waits_for: &[&str], url: Option<&str>| {
        json!({
            "app": app, "path": path, "action": "up", "build": true, "reasons": ["it is not up"],
            "waits_for": waits_for, "url": url,
        })
    };
    assert_eq!(
        serde_json::to_value(plan.document()).unwrap(),
        json!({
            "schema": "scalr.plan/1",
            "engine": "unix:///run/docker.sock",
            "networks": [],
            "apps": [
                app("gateway", "services/gateway", &[], Some("http://gateway.localhost")),
                app("b", "apps/b", &["gateway"], None),
                app("a", "apps/a", &["b", "gateway"], None),
            ],
            "findings": [],
        })
    );
}
