//! The second half of the walk: what is given on the decision, what happens meanwhile, and how the case ends. Closing
//! stands in one piece.

use utvag::vocabulary::Role;

use crate::hands::Hands;
use crate::support::app::App;
use crate::support::people::Person;
use crate::walk::{Colleagues, TODAY, becomes};

const GOAL: &str = "Ingen kontakt med grupperingen";

/// The home is chosen on the decision, and the plan is made.
pub async fn places(hands: &Hands<'_>, malin: &Person<'_>, case: &str) {
    hands.becomes(malin).await;
    hands.follows(case).await;
    hands.follows("Ny placering").await;
    hands.selects("Form", "HVB").await;
    hands.selects("Boende", "L-001").await;
    hands.writes("Inskrivning", TODAY).await;
    hands.writes("Planerat slut", "2027-06-29").await;
    hands.picks("Hur platsen köps", "Inom ramavtal").await;
    hands.picks("Hur dygnskostnaden anges", "Samma dygnskostnad hela tiden").await;
    hands.presses("Spara placering").await;
    becomes(hands, "Insats pågår").await;

    hands.follows("Plan och uppföljning").await;
    hands.follows("Ny plan").await;
    hands.picks("Slags plan", "Vårdplan").await;
    hands.writes_in("Mål 1", "Mål", GOAL).await;
    hands.writes_in("Mål 1", "Senast", "2027-06-30").await;
    hands.writes_in("Mål 1", "Ansvarig", "Personen").await;
    hands.writes("Insatser", "Samtal två gånger i veckan.").await;
    hands.writes("Andras ansvar", "Regionen ansvarar för psykologkontakt.").await;
    hands.writes("Personens syn", "Vill börja arbeta.").await;
    hands.writes("Planen följs upp", "2027-03-31").await;
    hands.presses("Spara utkast").await;
    hands.presses("Fastställ planen").await;
}

/// What the police report, and what comes of it.
pub async fn sees_to_deviations(hands: &Hands<'_>, colleagues: &Colleagues<'_>, case: &str) {
    hands.follows("Samverkan").await;
    hands.follows("Ny slagning").await;
    hands.picks("Gjord av", "Lokalpolisområdet").await;
    hands.writes("Gjord", "2026-12-30").await;
    hands.writes("Rapporterad till oss", TODAY).await;
    hands.writes("Grund", "Polisen gör slagningen i sitt eget ärende.").await;
    hands.picks("Resultat", "Utan avvikelse").await;
    hands.presses("Spara slagningen").await;

    hands.follows("Samverkan").await;
    hands.follows("Ny avvikelse").await;
    hands.picks("Vem som har rapporterat", "Polisen").await;
    hands.writes("Rapporterad till oss", TODAY).await;
    hands.selects("Vad som har hänt", "Utebliven kontakt").await;
    hands.picks("Hur allvarlig", "Medel").await;
    hands.writes("Hände", "2026-12-30").await;
    hands.writes("Beskrivning", "Kom inte till mötet.").await;
    hands.presses("Spara avvikelsen").await;

    hands.becomes(&colleagues.karin).await;
    hands.opens_the_case("Ärenden", case).await;
    hands.follows("Samverkan").await;
    hands.follows("Utebliven kontakt").await;
    hands.presses("Ta emot avvikelsen").await;
    hands.becomes(&colleagues.malin).await;
    hands.follows(case).await;
    hands.follows("Samverkan").await;
    hands.follows("Utebliven kontakt").await;
    hands.follows("Bedöm avvikelsen").await;
    hands.writes("Bedömning", "Personen var sjuk.").await;
    hands.presses("Spara bedömningen").await;
    hands.follows("Besluta om åtgärd").await;
    hands.picks("Vad avvikelsen leder till", "Ingen åtgärd").await;
    hands.presses("Spara åtgärden").await;
    hands.presses("Avsluta avvikelsen").await;
    hands.reads("Avslutad").await;
}

pub async fn follows_up(hands: &Hands<'_>) {
    hands.follows("Plan och uppföljning").await;
    hands.follows("Planera uppföljning").await;
    hands.picks("Vad som följs upp", "Placering").await;
    hands.writes("Dag", TODAY).await;
    hands.presses("Planera uppföljning").await;
    hands.follows("Registrera genomförd uppföljning").await;
    hands.writes("Genomförd", TODAY).await;
    hands.picks("Hur den gick till", "Besök").await;
    hands.selects(GOAL, "Delvis uppnått").await;
    hands.writes("Personens syn", "Trivs.").await;
    hands.writes("Nästa uppföljning", "2027-01-31").await;
    hands.presses("Registrera uppföljning").await;

    hands.follows("Ny journalanteckning").await;
    hands.writes("Datum för händelsen", TODAY).await;
    hands.selects("Typ", "Möte").await;
    hands.writes("Källa", "Den enskilde").await;
    hands.writes("Fakta", "Vi gick igenom planen.").await;
    hands.writes("Bedömning", "Följer planen.").await;
    hands.picks("Har den enskilde fått veta vad som antecknas?", "Ja").await;
    hands.presses("För in i journalen").await;
    hands.reads("Vi gick igenom planen.").await;
}

/// The placement, and how it went.
pub async fn ends(hands: &Hands<'_>) {
    hands.follows("Placering och kostnad 1").await;
    hands.follows("HVB, L-001").await;
    hands.follows("Avsluta placeringen").await;
    hands.writes("Sista dagen", TODAY).await;
    hands.selects("Varför placeringen avslutas", "Målet är uppnått").await;
    hands.presses("Avsluta placeringen").await;

    hands.follows("Möten och utfall").await;
    hands.follows("Registrera utfall vid avslut").await;
    hands.writes("Uppgifterna avser", TODAY).await;
    hands.selects("Hur avhoppet slutade", "Fullföljt avhopp").await;
    hands.selects("Boende", "Egen bostad").await;
    hands.selects("Försörjning", "Lön eller eget företag").await;
    hands.selects("Sysselsättning", "Arbete eller praktik").await;
    hands.selects("Beroende", "Drogfri").await;
    hands.selects("Kontakt med barn", "Regelbunden kontakt").await;
    hands.selects("Har personen begått nya brott?", "Nej").await;
    hands.selects("Vem uppgiften kommer från", "Polisen").await;
    hands.presses("Spara utfallet").await;
}

/// All of the way from a case that is worked with to one that can only be read: on its way to its end what waits is
/// finished and consents are taken back, and then the coordinator closes it.
pub async fn closes(hands: &Hands<'_>, karin: &Person<'_>, case: &str) {
    becomes(hands, "Avslutas").await;
    hands.follows("Plan och uppföljning").await;
    hands.follows("Placering").await;
    hands.follows("Registrera genomförd uppföljning").await;
    hands.writes("Genomförd", TODAY).await;
    hands.picks("Hur den gick till", "Möte").await;
    hands.selects(GOAL, "Uppnått").await;
    hands.writes("Personens syn", "Är nöjd.").await;
    hands.presses("Registrera uppföljning").await;
    hands.follows("Samverkan").await;
    hands.follows("Visa alla samtycken").await;
    hands.follows("Informationsutbyte").await;
    hands.follows("Återkalla samtycket").await;
    hands.writes("Hur samtycket återkallades", "Muntligt vid sista mötet.").await;
    hands.presses("Återkalla samtycket").await;

    hands.becomes(karin).await;
    hands.opens_the_case("Ärenden", case).await;
    hands.acts("Avsluta ärendet").await;
    hands.picks("Varför avslutas ärendet?", "Målet är uppnått").await;
    hands.writes("Avslutat", TODAY).await;
    hands.writes("Skriv ärendenumret för att bekräfta", case).await;
    hands.presses("Avsluta ärendet").await;
    hands.reads("Ärendet är avslutat och kan bara läsas.").await;
}

/// Those who look on from beside have no way to a case.
pub async fn others_see_nothing(hands: &Hands<'_>, app: &App, case: &str) {
    for role in [Role::Controller, Role::LogReviewer] {
        hands.signs_in(&mut Person::hired(app, role).await).await;
        let words = hands.browser.words().await;
        assert!(!words.contains(case) && !words.contains("Ärenden"), "{words}");
    }
}
