//! `scalr new-app`

mod answers;
mod atomic;
mod commit;
mod create;
mod free_text;
mod template;
mod terminal;

use crate::sandbox::Sandbox;

/// All four answers for an app of that slug.
fn answers(slug: &str) -> [&str; 9] {
    ["new-app", "--name", "Order Desk", "--slug", slug, "--description", "Takes orders.", "--kind", "product"]
}

/// A repository whose template is as small as one can be and still meets every kind of rule.
fn small() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "template-app/app.manifest.yml",
        "schema_version: 1\nid: 5f3c1d52-8c0e-4b7a-9a64-2f1e7d0b6c38\nslug: template-app\nname: Template App\n\
         description: A start.\nkind: internal\ncreated: 2026-11-22\nports:\n  frontend: 13000\n  backend: 18000\n  db: 15432\n\
         subnet: 10.213.0.0/28\n",
    );
    sandbox.write(
        "template-app/.env.app",
        "APP_SLUG=template-app\nFRONTEND_PORT=13000\nBACKEND_PORT=18000\nDB_PORT=15432\nAPP_SUBNET=10.213.0.0/28\n",
    );
    sandbox
        .write("template-app/docker-compose.yml", "name: template-app\nservices:\n  web:\n    build: ..\n");
    sandbox.write("template-app/scripts/run.sh", "#!/bin/sh\necho template_app\n");
    sandbox.write("template-app/template.yml", RULES);
    std::os::unix::fs::symlink("../packages/ui", sandbox.path("template-app/ui")).unwrap();
    set_mode(&sandbox, "template-app/scripts/run.sh", 0o755);
    sandbox
}

const RULES: &str = "\
schema_version: 1
exclude: [node_modules/, .venv/, '*.log']
tokens:
  - {find: template-app, replace: slug, reason: The slug.}
  - {find: template_app, replace: slug | snake, reason: Identifiers.}
paths:
  - {files: ['**'], base: file, reason: Outside paths keep their targets.}
set:
  - file: app.manifest.yml
    format: yaml
    reason: The manifest is what the app is.
    values:
      id: id
      slug: slug
      name: name
      description: description
      kind: kind
      created: created
      ports.frontend: ports.frontend
      ports.backend: ports.backend
      ports.db: ports.db
      subnet: subnet
  - file: .env.app
    format: dotenv
    reason: Compose reads it.
    values: {APP_SLUG: slug, FRONTEND_PORT: ports.frontend, BACKEND_PORT: ports.backend, DB_PORT: ports.db, APP_SUBNET: subnet}
";

fn set_mode(sandbox: &Sandbox, path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(sandbox.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(sandbox: &Sandbox, path: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    sandbox.path(path).metadata().unwrap().permissions().mode() & 0o777
}
