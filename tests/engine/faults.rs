//! What goes wrong: each subproject gets its own clear end, and the next up heals.

use std::net::TcpListener;

use crate::testbed::Testbed;

/// The failure of one subproject; the other one is up.
fn fails(bed: &Testbed, args: &[&str]) -> String {
    let up = bed.run(&[&["up", "--json"], args].concat());
    assert_eq!(up.code, 1, "{up:?}");
    assert_eq!(up.finish(&bed.name("well"))["outcome"], "up", "the other one is not kept from starting");
    let finish = up.finish(&bed.name("a"));
    assert_eq!(finish["outcome"], "failed", "{finish}");
    finish["failure"].to_string()
}

fn bed(name: &str, word: &str) -> (Testbed, u16) {
    let bed = Testbed::new(name);
    bed.app("well", "serve", "");
    let port = bed.app("a", word, "");
    (bed, port)
}

fn heals(bed: &Testbed) {
    bed.run(&["up"]).ok();
    assert_eq!(bed.running("a").len(), 2);
}

#[test]
fn a_port_that_is_taken_is_known_before_anything_starts() {
    let (bed, port) = bed("port", "serve");
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let plan = bed.run(&["plan"]);
    assert_eq!(plan.code, 1);
    let expected = format!("port {port} of web is taken by");
    assert!(
        plan.stdout.contains(&expected) && plan.stdout.contains(&format!("(process {})", std::process::id())),
        "{plan:?}"
    );
    assert!(fails(&bed, &[]).contains(&expected));
    assert!(bed.running("a").is_empty());
    drop(listener);
    heals(&bed);
    // Its own containers hold the port now.
    assert_eq!(bed.run(&["plan", "--force"]).code, 0);
}

#[test]
fn a_health_check_that_never_passes_ends_with_what_it_said() {
    let (bed, _) = bed("sick", "sick");
    let failure = fails(&bed, &[]);
    assert!(
        failure.contains("web did not come up") && failure.contains("the moon is in the wrong phase"),
        "{failure}"
    );
    let compose = bed.of("a", "docker-compose.yml");
    bed.write(&compose, bed.read(&compose).replace("[/app, sick]", "[/app, serve]"));
    heals(&bed);
}

#[test]
fn time_is_bounded() {
    let (bed, _) = bed("late", "serve");
    let compose = bed.of("a", "docker-compose.yml");
    let slow = "    healthcheck: {test: [CMD, /app, health], interval: 60s}\n    configs: [settings]\n";
    bed.write(&compose, bed.read(&compose).replace("    configs: [settings]\n", slow));
    assert!(fails(&bed, &["--timeout", "3"]).contains("did not become healthy within 3 s"));
}

#[test]
fn a_build_that_fails_says_why() {
    let (bed, _) = bed("build", "serve");
    let dockerfile = bed.of("a", "web/Dockerfile");
    let before = bed.read(&dockerfile);
    bed.write(&dockerfile, before.clone() + "COPY nowhere /\n");
    assert!(fails(&bed, &[]).contains("nowhere"));
    bed.write(&dockerfile, before);
    heals(&bed);
}

#[test]
fn an_image_that_is_missing_says_so() {
    let (bed, _) = bed("image", "serve");
    let compose = bed.of("a", "docker-compose.yml");
    let before = bed.read(&compose);
    bed.write(&compose, before.replace(crate::testbed::image(), "scalr-engine-test-nowhere:1"));
    let failure = fails(&bed, &[]);
    // Where no registry answers, Compose only names the service.
    assert!(failure.contains("side Error") || failure.contains("scalr-engine-test-nowhere"), "{failure}");
    bed.write(&compose, before);
    heals(&bed);
}

#[test]
fn variables_that_nobody_sets_are_told_all_at_once() {
    let (bed, _) = bed("var", "serve");
    let compose = bed.of("a", "docker-compose.yml");
    let before = bed.read(&compose);
    bed.write(&compose, before.replace("${TEST_TAG:-none}", "${NOBODY_1}${NOBODY_2}"));
    let plan = bed.run(&["plan"]);
    assert_eq!(plan.code, 1);
    for name in ["NOBODY_1", "NOBODY_2"] {
        assert!(plan.stdout.contains(&format!("the variable {name} is not set")), "{plan:?}");
    }
    assert!(fails(&bed, &[]).contains("NOBODY_1"));
    bed.write(&compose, before.replace("${TEST_TAG:-none}", "${NOBODY:?ask Bob}"));
    assert!(fails_again(&bed).contains("ask Bob"));
    bed.write(&compose, before);
    heals(&bed);
}

fn fails_again(bed: &Testbed) -> String {
    let up = bed.run(&["up", "--json"]);
    assert_eq!(up.code, 1);
    up.finish(&bed.name("a"))["failure"].to_string()
}

#[test]
fn a_compose_file_that_is_broken_and_a_folder_that_goes() {
    let (bed, _) = bed("gone", "serve");
    let compose = bed.of("a", "docker-compose.yml");
    let before = bed.read(&compose);
    bed.write(&compose, "services: [\n");
    assert!(fails(&bed, &[]).contains("yaml"));
    bed.write(&compose, before);
    heals(&bed);
    // What runs without a readable compose file still goes down, by its labels.
    bed.write(&compose, "services: [\n");
    bed.run(&["down", &bed.name("a")]).ok();
    assert!(bed.running("a").is_empty());
    std::fs::remove_dir_all(bed.path(&bed.of("a", ""))).unwrap();
    let up = bed.run(&["up"]);
    assert_eq!(up.code, 1);
    assert!(up.stderr.contains("does not exist") && up.stderr.contains("registry-missing"), "{up:?}");
}

#[test]
fn everything_that_the_machine_lacks_is_told_at_once() {
    let (bed, _) = bed("none", "serve");
    std::fs::remove_file(bed.path(".env.shared")).unwrap();
    let ran = bed.command(&["up"]).env("DOCKER_HOST", "unix:///nowhere.sock").output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(3));
    assert!(said.contains("no Docker engine answers at unix:///nowhere.sock"), "{said}");
    assert!(said.contains("scalr doctor --fix makes it from .env.shared.example"), "{said}");
    bed.write(".env.shared", "COMPOSE_PROJECT_NAME=x\n");
    let ran = bed.run(&["up"]);
    assert!(ran.code == 3 && ran.stderr.contains("env-reserved"), "{ran:?}");
}

#[test]
fn another_checkout_is_not_taken_over_silently() {
    let (bed, _) = bed("twin", "serve");
    bed.run(&["up"]).ok();
    let other = tempfile::tempdir().unwrap();
    let copied =
        std::process::Command::new("cp").args(["-a"]).arg(bed.path(".")).arg(other.path()).status().unwrap();
    assert!(copied.success());
    let ran = |args: &[&str]| bed.command(args).current_dir(other.path()).output().unwrap();
    std::fs::remove_dir_all(other.path().join(".scalr")).unwrap();
    let up = ran(&["up", "--json"]);
    assert_eq!(up.status.code(), Some(1));
    let said = String::from_utf8(up.stdout).unwrap();
    assert!(said.contains("runs from another checkout") && said.contains("project-elsewhere"), "{said}");
    let ps = String::from_utf8(ran(&["ps", "--json"]).stdout).unwrap();
    assert_eq!(ps.matches("\"elsewhere\"").count(), 2, "{ps}");
    assert!(ran(&["up", "--force"]).status.success());
}

#[test]
fn an_engine_that_is_reached_through_docker_itself() {
    let (bed, _) = bed("remote", "serve");
    // Any address that is no local socket goes through `docker system dial-stdio`.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let mut proxy = proxy(port);
    let ran = bed
        .command(&["up", "--json"])
        .env("DOCKER_HOST", format!("tcp://127.0.0.1:{port}"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    proxy.kill().unwrap();
    proxy.wait().unwrap();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains(&format!("tcp://127.0.0.1:{port}")));
    assert_eq!(bed.running("a").len(), 2);
}

/// A TCP port that leads to the engine's socket, by Python's standard library.
fn proxy(port: u16) -> std::process::Child {
    let code = format!(
        "import socket,threading\n\
         def pump(a,b):\n\
         \x20try:\n\
         \x20 while True:\n\
         \x20  d=a.recv(65536)\n\
         \x20  if not d: break\n\
         \x20  b.sendall(d)\n\
         \x20 b.shutdown(1)\n\
         \x20except OSError: pass\n\
         s=socket.create_server(('127.0.0.1',{port}))\n\
         while True:\n\
         \x20c,_=s.accept()\n\
         \x20u=socket.socket(socket.AF_UNIX); u.connect('/var/run/docker.sock')\n\
         \x20threading.Thread(target=pump,args=(c,u),daemon=True).start()\n\
         \x20threading.Thread(target=pump,args=(u,c),daemon=True).start()\n"
    );
    let child = std::process::Command::new("python3").args(["-c", &code]).spawn().unwrap();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::yield_now();
    }
    child
}
