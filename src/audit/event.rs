//! Everything that the log can say: one line for each event.

/// What happened. One line each: the code that the log keeps, and the Swedish sentence that a reviewer reads.
macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $sentence:literal;)+) => {
        /// Everything that the log can say.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Event { $($(#[$doc])* $name),+ }

        impl Event {
            /// Every event, for the catalogue and its tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code that the log keeps; never changed once used.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What a reviewer reads.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),+ }
            }

            /// The event of a code that the log has kept.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|event| event.code() == code)
            }
        }
    };
}

events! {
    SignedIn = "session.started", "Loggade in";
    SignInRefused = "session.refused", "Inloggning nekades";
    SignedOut = "session.ended", "Loggade ut";
    SessionEnded = "session.revoked", "Avslutade en egen session";
    AccountActivated = "account.activated", "Aktiverade kontot";
    AccountCreated = "account.created", "Konto lades upp av driften";
    ActivationIssued = "account.code", "Ny aktiveringskod lämnades av driften";
    SessionsEndedByOrder = "account.sessions_ended", "Driften avslutade kontots sessioner";
    SettingsChanged = "account.settings", "Ändrade egna inställningar";
    OwnSessionsShown = "account.sessions", "Visade egna sessioner";
    FormKept = "form.kept", "Ett formulär från en utgången session sparades åt sin ägare";
    KeptFormsShown = "form.shown", "Visade egna formulär som inte hann sparas";
    KeptFormSent = "form.sent", "Skickade ett formulär som inte hann sparas";
    KeptFormDiscarded = "form.discarded", "Kastade ett formulär som inte hann sparas";
    KeysShown = "account.keys", "Visade egna nycklar";
    KeyAdded = "account.key_added", "Lade till en nyckel att logga in med";
    KeyRemoved = "account.key_removed", "Tog bort en nyckel att logga in med";
    KeyDemanded = "session.key_demanded", "Leddes till att registrera sin första nyckel";
    MunicipalitySet = "organisation.set", "Organisationen lades upp av driften";
    CasesListed = "case.listed", "Visade en lista med ärenden";
    CaseRead = "case.read", "Öppnade ärendet";
    TimelineShown = "case.timeline", "Visade ärendets tidslinje";
    CaseRefused = "case.refused", "Nekades ett ärende";
    CaseOpened = "case.opened", "Skapade ärendet";
    CaseChanged = "case.changed", "Ändrade ärendets uppgifter";
    CaseClosed = "case.closed", "Avslutade ärendet";
    ColleaguesListed = "account.listed", "Visade kollegor att välja bland";
    AssignmentsChanged = "case.assigned", "Ändrade vem som arbetar med ärendet";
    HandoverOffered = "handover.offered", "Erbjöd en kollega att ta över ärendet";
    HandoverWithdrawn = "handover.withdrawn", "Tog tillbaka ett erbjudande om att ta över ärendet";
    HandoversShown = "handover.shown", "Visade ärenden som erbjuds hen att ta över";
    HandoverAccepted = "handover.accepted", "Tog över ärendet";
    HandoverDeclined = "handover.declined", "Tackade nej till att ta över ärendet";
    PersonShown = "person.shown", "Visade personuppgifter";
    PlacementsListed = "placement.listed", "Visade placeringar";
    PlacementStarted = "placement.started", "Registrerade en placering";
    PlacementBegun = "placement.begun", "Registrerade en inskrivning";
    PlacementCancelled = "placement.cancelled", "Ställde in en placering";
    PlacementEnded = "placement.ended", "Avslutade en placering";
    AbsenceNoted = "placement.absence", "Registrerade frånvaro";
    LocationOpened = "location.opened", "Öppnade en vistelseort";
    PlaceStopped = "place.stopped", "Stoppades: texten verkade röja var personen vistas";
    PlaceLetThrough = "place.let_through", "Sparade en text som verkade röja plats, med skäl";
    ThreatShown = "threat.shown", "Visade hotbedömningar";
    ThreatRegistered = "threat.registered", "Registrerade en hotbedömning";
    ThreatConfirmed = "threat.confirmed", "Fastställde en hotbedömning";
    ThreatRejected = "threat.rejected", "Avvisade en registrerad hotbedömning";
    ThreatWithdrawn = "threat.withdrawn", "Makulerade en hotbedömning";
    IntakesListed = "intake.listed", "Visade en lista med aktualiseringar";
    IntakeShown = "intake.shown", "Visade en aktualisering";
    IntakeRegistered = "intake.registered", "Registrerade en aktualisering";
    IntakeHandedOver = "intake.handed_over", "Överlämnade en aktualisering till barn- och ungdomsenheten";
    IntakeClosed = "intake.closed", "Avslutade en aktualisering utan ärende";
    IntakeBecameCase = "intake.became_case", "Skapade ärendet från en aktualisering";
    IntakeJoined = "intake.joined", "Förde en aktualisering till ärendet";
    PoliceContactsShown = "police_contact.shown", "Visade kontakter med polisen";
    PoliceContactRegistered = "police_contact.registered", "Registrerade en kontakt med polisen";
    JournalShown = "journal.shown", "Visade journalen";
    JournalDraftSaved = "journal.draft_saved", "Sparade ett eget utkast till journalen";
    JournalDraftDiscarded = "journal.draft_discarded", "Tog bort ett eget utkast till journalen";
    JournalEntered = "journal.entered", "Förde in en anteckning i journalen";
    JournalCorrected = "journal.corrected", "Rättade en anteckning i journalen";
    JournalDisputed = "journal.disputed", "Förde in vad den enskilde invänt mot en anteckning";
    JournalCancelled = "journal.cancelled", "Makulerade en anteckning i journalen";
    JournalCancelledShown = "journal.cancelled_shown", "Öppnade en makulerad anteckning";
    ConsentsShown = "consent.shown", "Visade samtycken";
    ConsentGiven = "consent.given", "Registrerade ett samtycke";
    ConsentWithdrawn = "consent.withdrawn", "Registrerade att ett samtycke återkallats";
    IdentityProven = "session.proven", "Bekräftade vem hen är på nytt";
    ProofRefused = "session.proof_refused", "Bekräftelse av identiteten nekades";
    DecisionsShown = "decision.shown", "Visade beslut";
    DecisionDrafted = "decision.drafted", "Skrev ett utkast till beslut";
    DecisionEdited = "decision.edited", "Ändrade ett utkast till beslut";
    DecisionSent = "decision.sent", "Skickade ett utkast för beslut";
    DecisionReturned = "decision.returned", "Återlämnade ett utkast till beslut";
    DecisionSigned = "decision.signed", "Fattade ett beslut";
    DecisionWithoutDelegation = "decision.no_delegation", "Nekades att fatta ett beslut utan delegation";
    DecisionNoticeShown = "decision.notice", "Visade en underrättelse om beslut";
    DecisionNotified = "decision.notified", "Registrerade underrättelse om ett beslut";
    DecisionReceived = "decision.received", "Registrerade att parten har tagit emot ett beslut";
    DecisionExecuted = "decision.executed", "Registrerade att ett beslut är verkställt";
    DecisionDelayed = "decision.delayed", "Registrerade varför ett beslut inte är verkställt";
    DecisionAppealed = "decision.appealed", "Registrerade ett överklagande";
    DecisionEnded = "decision.ended", "Registrerade att ett beslut har upphört";
    DecisionCorrected = "decision.corrected", "Rättade ett beslut";
    UnexecutedListed = "decision.unexecuted", "Visade beslut som inte är verkställda";
    MotivationShown = "motivation.shown", "Visade motivationsbedömningar";
    MotivationAssessed = "motivation.assessed", "Signerade en motivationsbedömning";
    InvestigationsShown = "investigation.shown", "Visade utredningar";
    InvestigationStarted = "investigation.started", "Inledde en utredning";
    InvestigationWritten = "investigation.written", "Skrev i en utredning";
    InvestigationExtended = "investigation.extended", "Förlängde en utredning";
    InvestigationDelayNoticed = "investigation.delay_notice", "Registrerade underrättelse om att en utredning är försenad";
    InvestigationRulingDemanded = "investigation.demanded", "Registrerade att parten begärt att ärendet avgörs";
    InvestigationCommunicated = "investigation.communicated", "Registrerade kommunicering av en utredning";
    InvestigationReplied = "investigation.replied", "Registrerade partens yttrande i en utredning";
    InvestigationCompleted = "investigation.completed", "Färdigställde en utredning";
    InvestigationDecided = "investigation.decided", "Registrerade beslutet som en utredning ledde till";
    InvestigationDiscontinued = "investigation.discontinued", "Avslutade en utredning utan beslut";
    SupportAssessed = "investigation.support", "Sparade en stödbedömning";
    ChildrenAnswered = "investigation.children", "Registrerade om det finns barn";
    ChildSeen = "investigation.child", "Registrerade barnperspektivet";
    ConcernReported = "investigation.concern", "Registrerade en orosanmälan";
    PlansShown = "plan.shown", "Visade planer";
    PlanDrafted = "plan.drafted", "Skrev ett utkast till plan";
    PlanEdited = "plan.edited", "Ändrade ett utkast till plan";
    PlanActivated = "plan.activated", "Fastställde en plan";
    PlanEnded = "plan.ended", "Avslutade en plan";
    InterventionsShown = "intervention.shown", "Visade insatser";
    InterventionPlanned = "intervention.planned", "Registrerade en insats";
    InterventionStarted = "intervention.started", "Registrerade att en insats började";
    InterventionPaused = "intervention.paused", "Registrerade ett uppehåll i en insats";
    InterventionResumed = "intervention.resumed", "Registrerade att en insats återupptogs";
    InterventionEnded = "intervention.ended", "Avslutade en insats";
    FollowUpsShown = "follow_up.shown", "Visade uppföljningar";
    FollowUpPlanned = "follow_up.planned", "Planerade en uppföljning";
    FollowUpHeld = "follow_up.held", "Registrerade en uppföljning";
    ProvidersListed = "provider.listed", "Visade leverantörer";
    ProviderAdded = "provider.added", "Lade till en leverantör";
    HomeAdded = "provider.home", "Lade till ett boende";
    AgreementAdded = "provider.agreement", "Lade till ett ramavtal";
    PriceAdded = "provider.price", "Lade till ett pris";
    PersonChanged = "person.changed", "Ändrade uppgifter om personen";
    PersonIdentified = "person.identified", "Registrerade namn eller nummer";
    MarkingRegistered = "marking.registered", "Registrerade en skyddsmarkering";
    MarkingEnded = "marking.ended", "Avslutade en skyddsmarkering";
    ContactDetailsShown = "contact_detail.shown", "Visade kontaktuppgifter";
    ContactDetailRegistered = "contact_detail.registered", "Registrerade en kontaktuppgift";
    ContactDetailEnded = "contact_detail.ended", "Avslutade en kontaktuppgift";
    RelationsShown = "relation.shown", "Visade närstående";
    RelationRegistered = "relation.registered", "Registrerade en närstående";
    RelationChanged = "relation.changed", "Ändrade uppgifter om en närstående";
    IdentityBroken = "person.identity_broken", "Genomförde en identitetsbrytning";
    DuplicatesListed = "duplicate.listed", "Visade möjliga dubbletter";
    DuplicateSettled = "duplicate.settled", "Bedömde en möjlig dubblett";
    IntakeLinked = "intake.linked", "Förde en anonym konsultation till en senare aktualisering";
    PageRefused = "page.refused", "Nekades en sida";
    ChecksShown = "check.shown", "Visade slagningar";
    CheckRegistered = "check.registered", "Registrerade en slagning";
    DeviationsShown = "deviation.shown", "Visade avvikelser";
    DeviationReported = "deviation.reported", "Registrerade en avvikelse";
    DeviationAcknowledged = "deviation.acknowledged", "Tog emot en avvikelse";
    DeviationAssessed = "deviation.assessed", "Bedömde en avvikelse";
    DeviationReconsidered = "deviation.reconsidered", "Tog tillbaka bedömningen av en avvikelse";
    DeviationActionDecided = "deviation.action_decided", "Beslutade om åtgärd för en avvikelse";
    DeviationClosed = "deviation.closed", "Avslutade en avvikelse";
    SessionsCleaned = "task.sessions", "Gamla sessioner och oanvända aktiveringskoder togs bort";
    DraftsPurged = "task.drafts", "Gamla utkast togs bort";
    ReturnShown = "return.shown", "Visade återvändandebedömningar";
    ReturnAssessed = "return.assessed", "Bedömde om personen kan återvända";
    MeetingsShown = "meeting.shown", "Visade samverkansmöten";
    MeetingPlanned = "meeting.planned", "Planerade ett samverkansmöte";
    MeetingChanged = "meeting.changed", "Ändrade ett planerat samverkansmöte";
    MeetingHeld = "meeting.held", "Registrerade ett genomfört samverkansmöte";
    MeetingCancelled = "meeting.cancelled", "Ställde in ett samverkansmöte";
    SigShown = "sig.shown", "Visade sociala insatsgrupper";
    SigFormed = "sig.formed", "Bildade en social insatsgrupp";
    SigChanged = "sig.changed", "Ändrade en social insatsgrupp";
    RequestsShown = "request.shown", "Visade interna begäranden";
    RequestSent = "request.sent", "Lämnade ut uppgifter i en intern begäran";
    RequestAnswered = "request.answered", "Registrerade svar på en intern begäran";
    OutcomesShown = "outcome.shown", "Visade utfall";
    OutcomeRecorded = "outcome.recorded", "Registrerade utfall";
    OutcomeFollowed = "outcome.followed", "Registrerade utfall efter avslut";
    UnsafePlaceStopped = "placement.unsafe_stopped", "Hindrades att planera en placering i en osäker kommun";
    PrintsShown = "case.prints", "Visade utskrifter ur ärendet";
    CasePrinted = "case.printed", "Skrev ut delar av ärendet";
    FollowUpMoved = "follow_up.moved", "Flyttade en uppföljning";
    FollowUpCancelled = "follow_up.cancelled", "Ställde in en uppföljning";
    RelationRemoved = "relation.removed", "Tog bort en felaktigt införd närstående";
    ChildRemoved = "investigation.child_removed", "Tog bort ett felaktigt infört barn";
    SupportOffered = "placement.support_offered", "Registrerade vilket fortsatt stöd som erbjöds";
    PlanDiscarded = "plan.discarded", "Kastade ett eget utkast till plan";
    UnsafePlaceAllowed = "placement.unsafe_allowed", "Placerade med undantag i en osäker kommun";
    CasesSearched = "search.made", "Sökte efter ett ärende";
    ConflictDeclared = "conflict.declared", "Anmälde jäv";
    LooksShown = "case.looks", "Visade vem som har läst ärendet";
    GlassBroken = "break_glass.opened", "Nödöppnade ärendet";
    GlassRefused = "break_glass.refused", "Nekades att nödöppna ett ärende";
    GlassesShown = "glass_review.shown", "Visade nödöppningar";
    GlassReviewed = "glass_review.saved", "Granskade en nödöppning";
    NamesIndexed = "task.names", "Namn från tiden före sökningen gjordes sökbara";
    StartShown = "start.shown", "Visade sin första sida";
    LogReviewShown = "log_review.shown", "Visade loggranskningen";
    LogReviewDrawn = "log_review.drawn", "Gjorde månadens urval ur loggen";
    LogReviewMarked = "log_review.marked", "Bedömde en post i loggranskningen";
    LogReviewSigned = "log_review.signed", "Undertecknade loggranskningen för en månad";
    LogReviewClosed = "log_review.closed", "Stängde loggranskningen för en månad";
    LogQuestionShown = "log_question.shown", "Visade en fråga om loggen";
    LogQuestionAnswered = "log_question.answered", "Svarade på en fråga om loggen";
    ExposureShown = "exposure.shown", "Visade vad ett konto har sett och kunnat nå";
    AccountLocked = "account.locked", "Låste ett konto";
    AccountLockSettled = "account.lock_settled", "Registrerade att alla som ett låst konto rör är ringda";
    AccountUnlocked = "account.unlocked", "Driften öppnade ett låst konto";
    CaseMoved = "case.moved", "Ändrade ärendets status";
    CaseDormant = "case.dormant", "Gjorde ärendet vilande";
    DormancyReviewed = "case.dormancy_reviewed", "Såg över ett vilande ärende";
    DormancyShown = "case.dormancy_shown", "Visade varför ärendet vilar";
    CaseNotOpened = "case.not_opened", "Avslutade ärendet utan att en utredning inleddes";
    CaseTransferred = "case.transferred", "Flyttade över ärendet till en annan kommun";
    TransfersShown = "transfer.shown", "Visade begäran om överflyttning";
    TransferPlaceShown = "transfer.place", "Visade vilken kommun som ska ta över ärendet";
    TransferRequested = "transfer.requested", "Registrerade en begäran om överflyttning";
    TransferAnswered = "transfer.answered", "Registrerade svar på en begäran om överflyttning";
    TransferTried = "transfer.tried", "Registrerade att IVO prövar en överflyttning";
    FormDraftBegun = "form_draft.begun", "Började ett eget utkast till ett formulär";
    FormDraftShown = "form_draft.shown", "Fick tillbaka ett eget utkast till ett formulär";
    FormDraftSent = "form_draft.sent", "Skickade ett formulär som hade ett utkast";
    FormDraftDiscarded = "form_draft.discarded", "Kastade ett eget utkast till ett formulär";
    DisclosuresShown = "disclosure.shown", "Visade utlämnanden";
    DisclosureDrafted = "disclosure.drafted", "Skrev ett utkast till utlämnande";
    DisclosureDiscarded = "disclosure.discarded", "Kastade ett utkast till utlämnande";
    DisclosureItemFrozen = "disclosure.item_frozen", "Lade en uppgift till ett utlämnande";
    DisclosureItemRemoved = "disclosure.item_removed", "Tog bort en uppgift ur ett utkast till utlämnande";
    DisclosureDecided = "disclosure.decided", "Beslutade om ett utlämnande";
    DisclosureRefused = "disclosure.refused", "Beslutade att inte lämna ut";
    DisclosureReleased = "disclosure.released", "Lämnade ut uppgifter";
    DisclosureRevoked = "disclosure.revoked", "Dolde ett utlämnande för mottagaren";
    ReleasedListed = "released.listed", "Visade det som är utlämnat till den egna organisationen";
    ReleasedOpened = "released.opened", "Öppnade en utlämnad uppgift";
    ReleasedTakenOut = "released.taken_out", "Hämtade en utlämnad uppgift som fil";
    EconomyShown = "economy.shown", "Visade ekonomin";
    BudgetLineAdded = "budget_line.added", "La till en budgetpost";
    BudgetLineWithdrawn = "budget_line.withdrawn", "Återkallade en budgetpost";
    MonthClosed = "month.closed", "Stängde en månad i ekonomin";
    ForecastKept = "task.forecast", "Månadens prognos sparades";
    ReleasedRefused = "released.refused", "Försökte öppna något som inte är utlämnat";
    AnchorFailed = "task.anchor_failed", "Loggens försegling kunde inte skrivas till filen utanför databasen";
    LogReviewReturned = "log_review.returned", "Lämnade tillbaka loggranskningen för en månad";
    LocationBeyond = "location.beyond", "Hindrades: försökte öppna fler vistelseorter än kvoten";
    LocationRequested = "location.requested", "Bad om att få se en vistelseort tillsammans med en kollega";
    LocationRequestsShown = "location.requests", "Visade begäranden om att få se en vistelseort";
    LocationApproved = "location.approved", "Godkände att en kollega får se en vistelseort";
    LocationReadersShown = "location.readers", "Visade vem som får se vistelseorten";
    WhyAsked = "case.why_asked", "Ombads säga varför ett skyddat ärende öppnas";
    WhySaid = "case.why_said", "Sade varför ett skyddat ärende öppnas";
    ConflictEnded = "conflict.ended", "Registrerade att ett jäv har upphört";
    ConflictsShown = "conflict.shown", "Visade anmälda jäv";
    GlassesCounted = "glass_review.counted", "Visade statistik över nödöppningar";
    LocationReadersChanged = "location.readers_changed", "Ändrade vem som får se vistelseorten";
    AccountsListed = "account.all_listed", "Visade konton";
    AccountShown = "account.shown", "Visade ett konto";
    AccountProposed = "account.proposed", "Lämnade ett förslag om ett konto";
    ProposalShown = "account.proposal_shown", "Visade ett förslag om ett konto";
    ProposalApproved = "account.approved", "Godkände ett förslag om ett konto";
    ProposalRefused = "account.refused", "Avslog ett förslag om ett konto";
    ActivationCodeShown = "account.code_shown", "Tog fram en aktiveringskod att lämna över";
    SessionsOfOtherEnded = "account.sessions_revoked", "Avslutade en annans inloggningar";
    AccountEnded = "account.ended", "Avslutade kontot för någon som slutar";
    RightsListed = "right.listed", "Visade behörigheter att bekräfta";
    RightConfirmed = "right.confirmed", "Bekräftade en behörighet";
    RightEnded = "right.ended", "Avslutade en behörighet";
    SettingsShown = "setting.shown", "Visade kommunens inställningar";
    SettingDecided = "setting.decided", "Ändrade en av kommunens inställningar";
    ConditionsShown = "conditions.shown", "Visade polisens villkor";
    ConditionsRegistered = "conditions.registered", "Registrerade polisens villkor";
    DeathRegistered = "person.died", "Registrerade att personen har avlidit";
    BoardShown = "board.shown", "Visade nämndrapporten";
    BoardExported = "board.exported", "Hämtade nämndrapportens tabeller som fil";
    BoardHistoryLoaded = "board.history", "Tidigare redovisade år lades in av driften";
    InvolvementRegistered = "case.involved", "Registrerade vilka andra aktörer som följer personen";
}
