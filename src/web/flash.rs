//! One sentence for the page after a redirect. The cookie holds a code from this list, never a text: nothing about a
//! person can get into it.

use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use time::Duration;

const NAME: &str = "__Host-besked";

macro_rules! flashes {
    ($($name:ident $code:literal $sentence:literal)*) => {
        /// What was just done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Flash { $($name),* }

        impl Flash {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What the cookie holds.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// What the page says.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),* }
            }
        }
    };
}

flashes! {
    Saved "sparat" "Ändringen är sparad."
    DraftSaved "utkast" "Utkastet är sparat."
    CaseOpened "arende-skapat" "Ärendet är skapat."
    CaseClosed "arende-avslutat" "Ärendet är avslutat."
    HandoverOffered "overlamning-fragad" "Kollegan är tillfrågad."
    HandoverWithdrawn "overlamning-aterkallad" "Erbjudandet är taget tillbaka."
    HandoverAccepted "overlamning-tagen" "Du är ansvarig handläggare."
    HandoverDeclined "overlamning-nekad" "Du har tackat nej."
    Assigned "tilldelat" "Handläggaren är tilldelad."
    AssignmentEnded "tilldelning-avslutad" "Tilldelningen är avslutad."
    PlacementSaved "placering-sparad" "Placeringen är sparad."
    PlacementBegun "inskriven" "Inskrivningen är registrerad."
    PlacementCancelled "placering-installd" "Placeringen är inställd."
    AbsenceSaved "franvaro-sparad" "Frånvaron är sparad."
    PlacementEnded "placering-avslutad" "Placeringen är avslutad."
    ProviderSaved "leverantor-sparad" "Leverantören är sparad."
    HomeSaved "boende-sparat" "Boendet är sparat."
    AgreementSaved "ramavtal-sparat" "Ramavtalet är sparat."
    PriceSaved "pris-sparat" "Priset är sparat."
    AccountActivated "konto-aktiverat" "Kontot är aktiverat. Logga in."
    ThreatSaved "hotbedomning-sparad" "Hotbedömningen är sparad."
    ThreatConfirmed "hotbedomning-faststalld" "Hotbedömningen är fastställd."
    ThreatRejected "hotbedomning-avvisad" "Registreringen är avvisad."
    ThreatWithdrawn "hotbedomning-makulerad" "Hotbedömningen är makulerad."
    IntakeHandedOver "aktualisering-overlamnad" "Överlämningen är registrerad."
    IntakeClosed "aktualisering-avslutad" "Aktualiseringen är avslutad."
    IntakeJoined "aktualisering-ford" "Aktualiseringen är förd till ärendet."
    PoliceContactSaved "poliskontakt-sparad" "Kontakten med polisen är sparad."
    DraftDiscarded "utkast-borttaget" "Utkastet är borttaget."
    JournalEntered "journal-inford" "Anteckningen är införd i journalen."
    JournalCorrected "journal-rattad" "Rättelsen är införd i journalen."
    JournalCancelled "journal-makulerad" "Anteckningen är makulerad."
    JournalDisputed "journal-invandning" "Den enskildes invändning är införd."
    ConsentSaved "samtycke-sparat" "Samtycket är sparat."
    ConsentWithdrawn "samtycke-aterkallat" "Samtycket är återkallat."
    DecisionSent "beslut-skickat" "Utkastet är skickat för beslut."
    DecisionReturned "beslut-aterlamnat" "Utkastet är återlämnat."
    DecisionSigned "beslut-fattat" "Beslutet är fattat."
    DecisionNotified "beslut-underrattat" "Underrättelsen är registrerad."
    DecisionReceived "beslut-mottaget" "Mottagandet är registrerat."
    DecisionExecuted "beslut-verkstallt" "Verkställigheten är registrerad."
    DecisionAppealed "beslut-overklagat" "Överklagandet är registrerat."
    DecisionEnded "beslut-upphort" "Beslutet har upphört."
    DecisionCorrected "beslut-rattat" "Beslutet är rättat."
    PersonSaved "person-sparad" "Uppgifterna om personen är sparade."
    MarkingSaved "skydd-sparat" "Skyddsmarkeringen är sparad."
    MarkingEnded "skydd-avslutat" "Skyddsmarkeringen är avslutad."
    ContactDetailSaved "kontakt-sparad" "Kontaktuppgiften är sparad."
    ContactDetailEnded "kontakt-avslutad" "Kontaktuppgiften är avslutad."
    RelationSaved "narstaende-sparad" "Uppgifterna om den närstående är sparade."
    IdentityBroken "identitet-bruten" "Identitetsbrytningen är genomförd."
    DuplicateSettled "dubblett-bedomd" "Bedömningen är sparad."
    IntakeLinked "konsultation-ford" "Konsultationen är förd till aktualiseringen."
    PlanActivated "plan-faststalld" "Planen är fastställd."
    PlanEnded "plan-avslutad" "Planen är avslutad."
    InterventionSaved "insats-sparad" "Insatsen är sparad."
    InterventionStarted "insats-paborjad" "Insatsens start är registrerad."
    InterventionPaused "insats-pausad" "Uppehållet är registrerat."
    InterventionResumed "insats-aterupptagen" "Insatsen är återupptagen."
    InterventionEnded "insats-avslutad" "Insatsen är avslutad."
    FollowUpPlanned "uppfoljning-planerad" "Uppföljningen är planerad."
    FollowUpHeld "uppfoljning-genomford" "Uppföljningen är registrerad."
    CheckSaved "slagning-sparad" "Slagningen är sparad."
    DeviationSaved "avvikelse-sparad" "Avvikelsen är sparad."
    DeviationAcknowledged "avvikelse-mottagen" "Avvikelsen är mottagen."
    DeviationAssessed "avvikelse-bedomd" "Bedömningen är sparad."
    DeviationReconsidered "avvikelse-atertagen" "Bedömningen är återtagen."
    DeviationActionDecided "avvikelse-atgard" "Åtgärden är sparad."
    DeviationClosed "avvikelse-avslutad" "Avvikelsen är avslutad."
    AccountCreated "konto-skapat" "Kontot är skapat."
    AccountChanged "konto-andrat" "Kontot är ändrat."
    PasswordChanged "losenord-bytt" "Lösenordet är bytt."
    FactorAdded "faktor-tillagd" "Inloggningssättet är tillagt."
    FactorRemoved "faktor-borttagen" "Inloggningssättet är borttaget."
    SessionEnded "session-avslutad" "Inloggningen är avslutad."
    OthersEnded "sessioner-avslutade" "De andra inloggningarna är avslutade."
    MotivationSaved "motivation-signerad" "Motivationsbedömningen är signerad."
    InvestigationStarted "utredning-inledd" "Utredningen är inledd."
    InvestigationCompleted "utredning-fardig" "Utredningen är färdig."
    InvestigationDiscontinued "utredning-avslutad" "Utredningen är avslutad utan beslut."
    SupportSaved "stodbedomning-sparad" "Stödbedömningen är sparad som en ny version."
    ChildSaved "barn-sparat" "Barnperspektivet är sparat."
    ConcernSaved "orosanmalan-sparad" "Orosanmälan är registrerad."
    FormKept "formular-kvar" "Du loggades ut. Det du skrev finns kvar i ett dygn."
    FormDiscarded "formular-kastat" "Formuläret är kastat."
    SignedOut "utloggad" "Du är utloggad."
    ReturnAssessed "atervandande-bedomt" "Återvändandebedömningen är sparad."
    MeetingPlanned "mote-planerat" "Mötet är planerat."
    MeetingHeld "mote-genomfort" "Mötet är genomfört."
    MeetingCancelled "mote-installt" "Mötet är inställt."
    SigSaved "sig-sparad" "Gruppen är sparad."
    RequestSent "begaran-sparad" "Begäran är sparad."
    RequestAnswered "begaran-besvarad" "Svaret är sparat."
    Removed "felinfort-borttaget" "Uppgifterna är borttagna."
    SupportOffered "fortsatt-stod" "Erbjudandet om fortsatt stöd är sparat."
    FollowUpMoved "uppfoljning-flyttad" "Uppföljningen är flyttad."
    FollowUpCancelled "uppfoljning-installd" "Uppföljningen är inställd."
    OutcomeRecorded "utfall-sparat" "Utfallet är sparat."
    ConflictDeclared "jav-anmalt" "Jävet är anmält och ärendet är stängt för dig."
    ConflictOfColleague "jav-kollega" "Jävet är anmält."
    GlassBroken "nodoppnat" "Ärendet är nödöppnat i 60 minuter."
    GlassReviewed "nodoppning-granskad" "Granskningen är sparad."
    LogReviewDrawn "logg-urval" "Månadens urval är gjort."
    LogMarked "logg-bedomd" "Bedömningen är sparad."
    LogAnswered "logg-besvarad" "Svaret är sparat."
    LogReviewSigned "logg-undertecknad" "Granskningen är undertecknad."
    LogReviewClosed "logg-stangd" "Månaden är stängd."
    LogAlertSeen "logg-larm-sett" "Larmet är sett. Det granskas med månadens logg."
    LogReviewReturned "logg-tillbaka" "Månaden är lämnad tillbaka till granskaren."
    AccountLocked "konto-last" "Kontot är låst. Ring dem som berörs."
    AccountLockSettled "konto-klart" "Det är registrerat att alla är ringda."
    CaseStatusChanged "arende-status" "Ärendets status är ändrad."
    CaseDormant "arende-vilar" "Ärendet är vilande."
    DormancyReviewed "vila-sedd" "Översynen är sparad. Ärendet vilar vidare."
    CaseNotOpened "arende-ej-inlett" "Ärendet är avslutat utan att en utredning inleddes."
    CaseTransferred "arende-overflyttat" "Ärendet är överflyttat."
    TransferRequested "overflyttning-begard" "Begäran om överflyttning är sparad."
    TransferAnswered "overflyttning-besvarad" "Kommunens svar är sparat."
    TransferTried "overflyttning-ivo" "Uppgiften om IVO är sparad."
    DraftThrownAway "utkast-kastat" "Utkastet är kastat."
    AlreadySent "redan-sparat" "Formuläret var redan sparat. Din nya text är ett utkast."
    SomebodyFirst "nagon-hann-fore" "Någon annan hann före. Din text är ett utkast."
    DisclosureDrafted "utlamnande-utkast" "Utkastet till utlämnande är sparat."
    DisclosureItemFrozen "utlamnande-uppgift" "Uppgiften är tillagd."
    DisclosureItemRemoved "utlamnande-borttagen" "Uppgiften är borttagen ur utkastet."
    DisclosureDecided "utlamnande-beslutat" "Utlämnandet är beslutat."
    DisclosureRefused "utlamnande-avslaget" "Avslaget är sparat."
    DisclosureReleased "utlamnande-klart" "Uppgifterna är utlämnade."
    DisclosureRevoked "utlamnande-dolt" "Utlämnandet är dolt."
    BudgetSaved "budget-sparad" "Budgetposten är sparad."
    BudgetWithdrawn "budget-aterkallad" "Budgetposten är återkallad."
    MonthClosed "manad-stangd" "Månaden är stängd."
    ConflictEnded "jav-upphort" "Det är sparat när jävet upphör."
    ReaderNamed "lasare-vald" "Kollegan får nu se vistelseorten."
    ReaderEnded "lasare-borttagen" "Kollegan får inte längre se vistelseorten."
    LocationRequested "ort-begard" "Begäran är skickad och gäller i tio minuter."
    LocationApproved "ort-godkand" "Du har godkänt en visning av vistelseorten."
    AccountProposed "konto-foreslaget" "Förslaget är sparat. Någon annan godkänner det."
    ProposalApproved "konto-godkant" "Förslaget är godkänt."
    ProposalRefused "konto-avslaget" "Förslaget är avslaget."
    SessionsOfOtherEnded "konto-utloggat" "Inloggningarna är avslutade."
    AccountEnded "konto-avslutat" "Kontot är avslutat."
    RightConfirmed "behorighet-bekraftad" "Behörigheten är bekräftad."
    RightEnded "behorighet-avslutad" "Behörigheten är avslutad."
    SettingDecided "installning-andrad" "Inställningen är ändrad."
    ConditionsSaved "villkor-sparade" "Villkoren är sparade."
    DeathRevoked "dodsfall-tillbaka" "Dödsfallet är taget tillbaka."
    DeathRegistered "dodsfall" "Dödsfallet är registrerat."
    RecoveryStarted "aterstallning-begard" "Återställningen är påbörjad. En chef bekräftar."
    RecoveryNoted "aterstallning-sedd" "Kontrollen är sparad."
    ProposalWithdrawn "konto-tillbaka" "Förslaget är tillbakataget."
    FundingDrafted "medel-utkast" "Utkastet till ansökan är sparat."
    FundingDiscarded "medel-kastat" "Utkastet till ansökan är kastat."
    FundingSent "medel-skickad" "Ansökan är undertecknad."
    FundingAnswered "medel-besked" "Beskedet är registrerat."
    FundingReported "medel-aterrapport" "Återrapporteringen är registrerad."
    FundingPaid "medel-utbetald" "Utbetalningen är bokförd."
    FundingClosed "medel-avslutad" "Ansökan är avslutad."
    InvoiceRegistered "faktura-sparad" "Fakturan är sparad."
    InvoiceDisputed "faktura-bestriden" "Fakturan är bestriden."
    InvoiceApproved "faktura-godkand" "Fakturan är godkänd."
    AlarmAcknowledged "bevakning-kvitterad" "Bevakningen är kvitterad."
}

impl Flash {
    /// Redirects to a page that will say it.
    pub fn redirect(self, to: &str) -> Response {
        (CookieJar::new().add(self.cookie()), Redirect::to(to)).into_response()
    }

    /// What the cookie says: nothing without a cookie, and nothing worth saying (`Some(None)`) in one that is not ours.
    pub fn read(jar: &CookieJar) -> Option<Option<Self>> {
        jar.get(NAME).map(|cookie| Self::parse(cookie.value()))
    }

    /// Takes it away: it is said once. A removal must carry the same attributes, or the browser does not take a
    /// `__Host-` cookie at all.
    pub fn removal() -> Cookie<'static> {
        shaped("", Duration::ZERO)
    }

    pub fn cookie(self) -> Cookie<'static> {
        shaped(self.code(), Duration::MINUTE)
    }

    fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|flash| flash.code() == code)
    }
}

fn shaped(value: &'static str, age: Duration) -> Cookie<'static> {
    Cookie::build((NAME, value)).path("/").secure(true).http_only(true).same_site(SameSite::Strict).max_age(age).build()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::*;

    fn sent_back(cookie: &str) -> (Vec<String>, Option<Flash>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        let jar = CookieJar::from_headers(&headers);
        let read = Flash::read(&jar);
        let answer = if read.is_some() { jar.add(Flash::removal()) } else { jar }.into_response();
        let flash = read.flatten();
        let set = answer.headers().get_all(header::SET_COOKIE).iter().map(|set| set.to_str().unwrap().to_owned());
        (set.collect(), flash)
    }

    #[test]
    fn it_is_said_once() {
        let (set, flash) = sent_back("__Host-besked=sparat");
        assert_eq!(flash, Some(Flash::Saved));
        assert_eq!(set.len(), 1);
        assert!(set[0].starts_with("__Host-besked=;") && set[0].contains("Max-Age=0") && set[0].contains("Secure"));
    }

    #[test]
    fn nothing_is_set_when_there_is_nothing_to_say() {
        assert_eq!(sent_back("a=b"), (Vec::new(), None));
    }

    #[test]
    fn a_text_of_someone_elses_is_never_said() {
        let (set, flash) = sent_back("__Host-besked=Ring%20070-1740605");
        assert_eq!((set.len(), flash), (1, None));
    }

    #[test]
    fn the_redirect_carries_it_safely() {
        let answer = Flash::Saved.redirect("/arenden");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[header::LOCATION], "/arenden");
        assert_eq!(
            answer.headers()[header::SET_COOKIE],
            "__Host-besked=sparat; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60"
        );
    }

    #[test]
    fn every_code_is_its_own_and_every_sentence_ends() {
        for flash in Flash::ALL {
            assert_eq!(Flash::parse(flash.code()), Some(*flash));
            assert!(flash.sentence().ends_with('.') && flash.sentence().len() < 60, "{flash:?}");
        }
    }
}
