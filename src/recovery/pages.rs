//! `/aterstallningar`: which accounts were opened again, by whom, and who has taken note of it; and the confirmation, which
//! shows the code once.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use time::OffsetDateTime;
use uuid::Uuid;

use super::form::ProofForm;
use super::model::{Eye, Recovery};
use super::{CHECKED, REASON, paths, store};
use crate::access::right::{ConfirmRecovery, NoteRecovery, ReadAccounts, ReadRecoveries};
use crate::access::{Access, Receipt};
use crate::calendar::stockholm;
use crate::crypto::token::Code;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven};
use crate::personal::Personal;
use crate::staffing::paths as accounts;
use crate::state::AppState;
use crate::vocabulary::RecoveryKind;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/aterstallningar", get(list))
        .route("/aterstallningar/{recovery}", get(show).post(confirm))
        .route("/aterstallningar/{recovery}/sedd", post(note))
}

struct Row {
    href: String,
    name: String,
    kind: RecoveryKind,
    status: &'static str,
    started_at: Moment,
    started_by: String,
    confirmed_by: Option<String>,
    noted_by: Option<String>,
    /// Whether something is asked of the actor.
    is_mine: bool,
}

#[derive(Template)]
#[template(path = "recovery/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
}

async fn list(mut access: Access<ReadRecoveries>) -> Result<Response> {
    let eye = Eye::of(&access);
    let rows = store::list(&mut access).await?.into_iter().map(|one| Row {
        href: paths::show(one.id),
        status: one.status(eye.now),
        is_mine: one.can_be_confirmed(&eye) || one.must_be_noted(&eye),
        started_at: moment(one.started_at),
        name: one.name,
        kind: one.kind,
        started_by: one.started_by_name,
        confirmed_by: one.confirmed_by,
        noted_by: one.noted_by,
    });
    let rows = rows.collect();
    access.page(|shell, _| Ok(ListPage { shell, rows })).await
}

fn moment(at: OffsetDateTime) -> Moment {
    Moment(stockholm(at))
}

#[derive(Template)]
#[template(path = "recovery/show.html")]
struct ShowPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    one: Recovery,
    status: &'static str,
    reason: Option<Personal>,
    checked: Option<Personal>,
    started_at: Moment,
    confirmed_at: Option<Moment>,
    used_at: Option<Moment>,
    /// Where the account is, for those who keep accounts.
    account: Option<String>,
    may_confirm: bool,
    may_note: bool,
    faults: Faults,
}

/// The page before its sealed texts are opened.
struct Draft {
    one: Recovery,
    eye: Eye,
    account: Option<String>,
    faults: Faults,
}

impl Draft {
    async fn read(access: &mut Access<ReadRecoveries>, id: Uuid, faults: Faults) -> Result<Self> {
        let one = store::get(access, id).await?;
        let account = access.may::<ReadAccounts>().then(|| accounts::show(one.account));
        Ok(Self { one, eye: Eye::of(access), account, faults })
    }

    fn page(self, shell: Shell, receipt: &Receipt) -> Result<ShowPage> {
        let Self { one, eye, account, faults } = self;
        Ok(ShowPage {
            shell,
            crumbs: vec![Crumb::to(paths::LIST, "Återställningar"), Crumb::here(one.name.clone())],
            status: one.status(eye.now),
            reason: one.reason.as_ref().map(|sealed| receipt.open(REASON.at(one.id), sealed)).transpose()?,
            checked: one.checked.as_ref().map(|sealed| receipt.open(CHECKED.at(one.id), sealed)).transpose()?,
            started_at: moment(one.started_at),
            confirmed_at: one.confirmed_at.map(moment),
            used_at: one.used_at.map(moment),
            may_confirm: one.can_be_confirmed(&eye),
            may_note: one.must_be_noted(&eye),
            account,
            one,
            faults,
        })
    }
}

async fn show(mut access: Access<ReadRecoveries>, PathId(id): PathId) -> Result<Response> {
    let draft = Draft::read(&mut access, id, Faults::none()).await?;
    access.page(|shell, receipt| draft.page(shell, receipt)).await
}

#[derive(Template)]
#[template(path = "recovery/code.html")]
struct CodePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    name: String,
    code: Code,
    expires_at: Moment,
    back: String,
}

/// What is confirmed, while it is the actor's to confirm.
async fn open(access: Access<ConfirmRecovery>, id: Uuid) -> Result<(Access<ConfirmRecovery>, Recovery)> {
    let read = async |access: &mut Access<ReadRecoveries>| Ok((store::get(access, id).await?, Eye::of(access)));
    let (access, found) = access.also(read).await?;
    let (one, eye) = found.ok_or(Error::NotFound)?;
    if eye.account == one.account || eye.account == one.started_by {
        return Err(Error::Invalid("Du kan inte bekräfta en återställning som du har påbörjat eller som gäller dig."));
    }
    if !one.can_be_confirmed(&eye) {
        return Err(Error::Stale);
    }
    Ok((access, one))
}

/// The code is shown on the answer itself and nowhere else: no address leads to it.
async fn confirm(access: Access<ConfirmRecovery>, PathId(id): PathId, Form(form): Form<ProofForm>) -> Result<Response> {
    let (access, one) = open(access, id).await?;
    let (mut access, proven) = access.prove_again(Action::RecoverAccount, form.typed()).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        let read = async |access: &mut Access<ReadRecoveries>| Draft::read(access, id, faults).await;
        let (access, draft) = access.also(read).await?;
        let draft = draft.ok_or(Error::NotFound)?;
        return access.again(|shell, receipt| draft.page(shell, receipt)).await;
    };
    let code = store::confirm(&mut access, &one, proof).await?;
    let expires_at = moment(access.desk().clock().now() + super::model::CODE_LIVES);
    let page = |shell| CodePage {
        shell,
        crumbs: vec![
            Crumb::to(paths::LIST, "Återställningar"),
            Crumb::to(paths::show(one.id), one.name.clone()),
            Crumb::here("Kod"),
        ],
        back: paths::show(one.id),
        name: one.name,
        code,
        expires_at,
    };
    access.page(|shell, _| Ok(page(shell))).await
}

async fn note(access: Access<NoteRecovery>, PathId(id): PathId) -> Result<Response> {
    let read = async |access: &mut Access<ReadRecoveries>| Ok((store::get(access, id).await?, Eye::of(access)));
    let (mut access, found) = access.also(read).await?;
    let (one, eye) = found.ok_or(Error::NotFound)?;
    if eye.account == one.account {
        return Err(Error::Invalid("Det är ditt eget konto. En kollega tar ställning till det."));
    }
    if one.must_be_noted(&eye) {
        store::note(&mut access, id).await?;
    }
    access.redirect(&paths::show(id), Flash::RecoveryNoted).await
}
