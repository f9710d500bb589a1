//! The approval: what is asked for, by whom and why; approve, or refuse with a reason.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::form::ReasonForm;
use super::model::Proposal;
use super::{ANSWER, REASON, paths, store};
use crate::access::right::{DecideProposal, ProposeAccount, ReadAccounts};
use crate::access::{Access, Receipt, policy};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven, Typed};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{ProposalKind, ProposalOutcome, Role};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konton/forslag/{proposal}", get(show))
        .route("/konton/forslag/{proposal}/godkannande", post(approve))
        .route("/konton/forslag/{proposal}/avslag", post(refuse))
        .route("/konton/forslag/{proposal}/tillbaka", post(withdraw))
}

#[derive(Template)]
#[template(path = "staffing/proposal.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the page asks for by name")]
struct ProposalPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    proposal: Proposal,
    reason: Personal,
    answer: Option<Personal>,
    proposed_at: Moment,
    decided_at: Option<Moment>,
    /// Whether it is the actor's to answer.
    may_decide: bool,
    /// Whether it is the actor's own, and nobody has answered it.
    may_withdraw: bool,
    /// Whether the new role ends what the old one is named as.
    parts: bool,
    /// Whether there is an account to look at.
    has_account: bool,
    form: ReasonForm,
    faults: Faults,
}

/// The page before its sealed texts are opened.
struct Draft {
    proposal: Proposal,
    reason: Sealed,
    answer: Option<Sealed>,
    may_decide: bool,
    may_withdraw: bool,
    form: ReasonForm,
    faults: Faults,
}

impl Draft {
    async fn read(access: &mut Access<ReadAccounts>, id: Uuid, form: ReasonForm, faults: Faults) -> Result<Self> {
        let (proposal, reason, answer) = store::proposal(access, id).await?;
        access.shown(Note::of(Event::ProposalShown).with("account", proposal.account.to_string()));
        let actor = access.desk().actor();
        let may_decide = access.may::<DecideProposal>()
            && proposal.outcome.is_none()
            && proposal.is_others(actor.account)
            && policy::may_approve(actor.role, proposal.role);
        let may_withdraw = proposal.outcome.is_none() && proposal.proposed_by == actor.account;
        Ok(Self { proposal, reason, answer, may_decide, may_withdraw, form, faults })
    }

    fn page(self, shell: Shell, receipt: &Receipt) -> Result<ProposalPage> {
        let Self { proposal, reason, answer, may_decide, may_withdraw, form, faults } = self;
        let parts = |held: Role| proposal.role.is_some_and(|role| policy::never_together(held, role));
        Ok(ProposalPage {
            shell,
            crumbs: vec![
                Crumb::to(paths::LIST, "Konton"),
                Crumb::here(format!("{}: {}", proposal.kind, proposal.name)),
            ],
            reason: receipt.open(REASON.at(proposal.id), &reason)?,
            answer: answer.map(|sealed| receipt.open(ANSWER.at(proposal.id), &sealed)).transpose()?,
            proposed_at: Moment(stockholm(proposal.proposed_at)),
            decided_at: proposal.decided_at.map(|at| Moment(stockholm(at))),
            parts: proposal.kind == ProposalKind::Role && proposal.held.is_some_and(parts),
            has_account: proposal.kind != ProposalKind::New || proposal.outcome == Some(ProposalOutcome::Approved),
            may_decide,
            may_withdraw,
            proposal,
            form,
            faults,
        })
    }
}

async fn show(mut access: Access<ReadAccounts>, PathId(id): PathId) -> Result<Response> {
    let draft = Draft::read(&mut access, id, ReasonForm::default(), Faults::none()).await?;
    access.page(|shell, receipt| draft.page(shell, receipt)).await
}

/// What is answered, while it is still the actor's to answer.
async fn open(access: Access<DecideProposal>, id: Uuid) -> Result<(Access<DecideProposal>, Proposal)> {
    let read = async |access: &mut Access<ReadAccounts>| Ok(store::proposal(access, id).await?.0);
    let (mut access, proposal) = access.also(read).await?;
    let proposal = proposal.ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::ProposalShown).with("account", proposal.account.to_string()));
    let actor = access.desk().actor();
    if !proposal.is_others(actor.account) {
        return Err(Error::Invalid("Du kan inte godkänna ditt eget förslag, eller något om dig själv. Be en kollega."));
    }
    if !policy::may_approve(actor.role, proposal.role) {
        return Err(Error::Forbidden);
    }
    if proposal.outcome.is_some() {
        return Err(Error::Stale);
    }
    Ok((access, proposal))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProofForm {
    passkey: String,
    password: String,
    code: String,
}

async fn approve(access: Access<DecideProposal>, PathId(id): PathId, Form(form): Form<ProofForm>) -> Result<Response> {
    let (access, _) = open(access, id).await?;
    let typed = Typed { passkey: &form.passkey, password: &form.password, code: &form.code };
    let (mut access, proven) = access.prove_again(Action::GrantRole, typed).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        return again(access, id, ReasonForm::default(), Faults::from(("password", refused.unwrap_or_default()))).await;
    };
    store::approve(&mut access, id, proof).await?;
    access.redirect(&paths::proposal(id), Flash::ProposalApproved).await
}

async fn refuse(access: Access<DecideProposal>, PathId(id): PathId, Form(form): Form<ReasonForm>) -> Result<Response> {
    let (mut access, _) = open(access, id).await?;
    match form.refusal() {
        Ok(why) => {
            store::refuse(&mut access, id, &why).await?;
            access.redirect(&paths::proposal(id), Flash::ProposalRefused).await
        }
        Err(faults) => again(access, id, form, faults).await,
    }
}

async fn again(access: Access<DecideProposal>, id: Uuid, form: ReasonForm, faults: Faults) -> Result<Response> {
    let read = async |access: &mut Access<ReadAccounts>| Draft::read(access, id, form, faults).await;
    let (access, draft) = access.also(read).await?;
    let draft = draft.ok_or(Error::NotFound)?;
    access.again(|shell, receipt| draft.page(shell, receipt)).await
}

/// One's own, while nobody has answered it.
async fn withdraw(access: Access<ProposeAccount>, PathId(id): PathId) -> Result<Response> {
    let read = async |access: &mut Access<ReadAccounts>| Ok(store::proposal(access, id).await?.0);
    let (mut access, proposal) = access.also(read).await?;
    let proposal = proposal.ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::ProposalShown).with("account", proposal.account.to_string()));
    if proposal.proposed_by != access.desk().actor().account {
        return Err(Error::Forbidden);
    }
    store::withdraw(&mut access, id).await?;
    access.redirect(paths::LIST, Flash::ProposalWithdrawn).await
}
