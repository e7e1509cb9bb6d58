//! `scalr set-public-domain`

use std::time::Duration;

use super::{CommandError, Context, Outcome, Status, shared_env};
use scalr_host::{apply, dns};
use scalr_model::publication::{Publication, PublicationRequest, PublicationStatus};

/// The time limit for DNS.
const PATIENCE: Duration = Duration::from_secs(4);

/// Publish the apps under a domain: each gets https://SLUG.DOMAIN
///
/// Writes SCALR_PUBLIC_DOMAIN, and with --email SCALR_ACME_EMAIL, into .env.shared, and leaves every other byte of it as it is. Tells
/// which DNS records are needed and what DNS says of them now. `scalr up` then starts what is deployed instead of what is developed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr set-public-domain example.org --email admin@example.org\n  scalr set-public-domain example.org --dry-run\n  scalr set-public-domain --unset"
)]
pub(crate) struct SetPublicDomainArgs {
    /// The domain, such as example.org; each app becomes a name below it
    #[arg(value_name = "DOMAIN", required_unless_present = "unset", conflicts_with = "unset")]
    domain: Option<String>,
    /// Whom the certificate authority writes to when a certificate is about to expire
    #[arg(long, value_name = "ADDRESS", conflicts_with = "unset")]
    email: Option<String>,
    /// Publish nothing any more: back to http://SLUG.localhost
    #[arg(long)]
    unset: bool,
    /// Don't ask DNS
    #[arg(long)]
    no_check: bool,
    /// Show what would be written, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(context: &Context, args: &SetPublicDomainArgs) -> Outcome {
    let request = PublicationRequest::parse(args.domain.as_deref(), args.email.as_deref());
    let request = request.map_err(|problems| CommandError::usage(&problems).hint("nothing was changed"))?;
    let repository = context.repository()?;
    let (workspace, shared) = (&repository.workspace, shared_env::variables(&repository)?);
    let mut publication =
        Publication::plan(request, workspace, shared, &repository.root.environment().shell());
    if publication.status == PublicationStatus::Planned && !args.dry_run {
        let lock = context.lock(&repository)?;
        apply::edit(&repository.root, &lock, &publication.edits())?;
        publication.status = PublicationStatus::Written;
    }
    if !args.no_check {
        publication.looked_up(&dns::look_up(&publication.names(), PATIENCE));
    }
    context.printer.show(&publication)?;
    Ok(Status::Done)
}
