//! One case from what came in to how it went, by those who work with it and with the keyboard alone: nobody is sent to an
//! address, everything is found from the first page. The same once more without any script.

use crate::hands::Hands;
use crate::support::app::App;
use crate::support::people::Person;
use crate::walk_given::{closes, ends, follows_up, others_see_nothing, places, sees_to_deviations};
use crate::window::Browser;
use utvag::vocabulary::Role;

pub const TODAY: &str = "2026-12-31";
const WEIGHING: &str = "Uppgiften behövs för att förhindra brott mot personen. Inget väger tyngre än det.";
const REASONS: &str = "Behovet kan inte tillgodoses på annat sätt, och personen samtycker till insatsen.";
/// The areas that have to be assessed, in the order of the page.
const AREAS: [&str; 7] = [
    "Boende",
    "Försörjning",
    "Arbete/sysselsättning",
    "Beroende",
    "Familj och barn",
    "Nätverk och relationer",
    "Vardagsrutiner",
];

/// Those who work with the case.
pub struct Colleagues<'a> {
    pub karin: Person<'a>,
    pub malin: Person<'a>,
    pub deputy: Person<'a>,
    pub manager: Person<'a>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_walked_through_with_the_keyboard_alone() {
    let browser = Browser::start().await;
    walks(browser, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_walked_through_without_any_script() {
    let browser = Browser::start().await;
    browser.runs_no_scripts().await;
    walks(browser, false).await;
}

async fn walks(mut browser: Browser, scripted: bool) {
    let app = App::start().await;
    browser.visits(&app).await;
    app.coordinator().await.adds_a_home_with_agreement("hvb", "2 800").await;
    let hired = async |role| Person::hired(&app, role).await;
    let (karin, malin) = (hired(Role::Coordinator).await, hired(Role::Caseworker).await);
    let (deputy, manager) = (hired(Role::Caseworker).await, hired(Role::Manager).await);
    let mut colleagues = Colleagues { karin, malin, deputy, manager };
    let hands = Hands { browser: &browser };

    takes_in(&hands, &mut colleagues.malin).await;
    let case = opens(&hands, &mut colleagues).await;
    knows_the_person(&hands, &colleagues.malin, &case).await;
    assesses_the_threat(&hands, &colleagues, &case).await;
    investigates(&hands, &app, &colleagues, &case).await;
    grants(&hands, &app, &mut colleagues, &case).await;
    places(&hands, &colleagues.malin, &case).await;
    sees_to_deviations(&hands, &colleagues, &case).await;
    follows_up(&hands).await;
    ends(&hands).await;
    closes(&hands, &colleagues.karin, &case).await;
    others_see_nothing(&hands, &app, &case).await;
    if scripted {
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
}

async fn takes_in(hands: &Hands<'_>, malin: &mut Person<'_>) {
    hands.signs_in(malin).await;
    hands.chooses_in_the_menu("Aktualiseringar").await;
    hands.follows("Ny aktualisering").await;
    hands.writes("Kom in", TODAY).await;
    hands.selects("Källa", "Kriminalvården").await;
    hands.picks("Hur identifieras personen?", "Personnummer eller samordningsnummer").await;
    hands.writes("Personnummer", "19121212-1212").await;
    hands.writes("Förnamn", "Tolvan").await;
    hands.looks_back().await;
    hands.writes("Efternamn", "Tolvansson").await;
    hands.picks("Kön", "Man").await;
    hands.writes("Det som har berättats", "Vill lämna ett nätverk.").await;
    hands.presses("Spara aktualiseringen").await;
    hands.reads("Aktualiseringen är mottagen.").await;
}

/// The coordinator makes a case of it and says who works with it; the reference of the case.
async fn opens(hands: &Hands<'_>, colleagues: &mut Colleagues<'_>) -> String {
    hands.signs_in(&mut colleagues.karin).await;
    hands.chooses_in_the_menu("Aktualiseringar").await;
    hands.follows(TODAY).await;
    hands.follows("Skapa ärende").await;
    hands.writes("Öppnat", TODAY).await;
    hands.picks("Varför ansvarar kommunen?", "Bosättningskommun (SoL 29:1)").await;
    hands.selects("Behov", "Beroende och kriminell livsstil").await;
    hands.picks("Skydd", "Ordinarie skydd").await;
    hands.selects("Samordnare", &colleagues.karin.name).await;
    hands.presses("Skapa ärende").await;
    let case = hands.browser.path().await.rsplit('/').next().unwrap_or_default().to_owned();
    let named = [("Ansvarig handläggare", &colleagues.malin), ("Ersättare", &colleagues.deputy)];
    for (task, colleague) in named {
        hands.follows("Behörighet").await;
        hands.follows("Tilldela kollega").await;
        hands.picks("Uppgift i ärendet", task).await;
        hands.selects("Kollega", &colleague.name).await;
        hands.writes("Skäl", "Arbetar med ärendet från början.").await;
        hands.presses("Tilldela").await;
    }
    becomes(hands, "Under bedömning").await;
    case
}

/// Moves the case on.
pub async fn becomes(hands: &Hands<'_>, status: &str) {
    hands.acts("Ändra status").await;
    hands.picks("Status", status).await;
    hands.presses("Spara").await;
    hands.reads(status).await;
}

async fn knows_the_person(hands: &Hands<'_>, malin: &Person<'_>, case: &str) {
    hands.becomes(malin).await;
    hands.follows(case).await;
    hands.follows("Person").await;
    hands.follows("Ny kontaktuppgift").await;
    hands.picks("Sorts uppgift", "Säker kontakt genom").await;
    hands.writes("Kontaktuppgift", "Kontaktperson på frivården").await;
    hands.picks("Säkert att använda?", "Ja, säkert att använda").await;
    hands.writes("Gäller från", TODAY).await;
    hands.presses("Spara kontaktuppgiften").await;

    hands.follows("Poliskontakter").await;
    hands.follows("Ny poliskontakt").await;
    hands.writes("Datum", "2026-12-31").await;
    hands.writes("Klockslag", "09.15").await;
    hands.selects("Vem hos polisen", "Lokalpolisområdet").await;
    hands.selects("Hur", "Telefon").await;
    hands.picks("Fick polisen veta vem det gäller?", "Polisen fick veta vem det gäller").await;
    hands.picks("Grund", "Förebygga/förhindra/upptäcka/utreda brott m.m. (OSL 10:15 a)").await;
    hands.writes("Avvägning", WEIGHING).await;
    hands.writes("Vad som sades", "Polisen återkommer med sin bedömning.").await;
    hands.presses("Spara kontakten").await;

    hands.follows("Samverkan").await;
    hands.follows("Nytt samtycke").await;
    hands.selects("Vad samtycket gäller", "Informationsutbyte").await;
    hands.ticks("Vem som får ta del av uppgifterna", "Polisen – LPO").await;
    hands.ticks("Vilka uppgifter", "Identitet").await;
    hands.writes("Ändamål", "Planera skyddet tillsammans.").await;
    hands.picks("Hur samtycket lämnades", "Muntligt (journalfört)").await;
    hands.writes("Lämnat", TODAY).await;
    hands.ticks("", "Personen har fått veta").await;
    hands.presses("Spara samtycket").await;

    hands.follows("Utredning").await;
    hands.follows("Ny motivationsbedömning").await;
    hands.writes("Bedömd", TODAY).await;
    hands.picks("Hur långt har personen kommit?", "Beslutad").await;
    hands.writes("Med personens egna ord", "Jag vill bort.").await;
    hands.presses("Signera bedömningen").await;
}

/// Registered by one and confirmed by another.
async fn assesses_the_threat(hands: &Hands<'_>, colleagues: &Colleagues<'_>, case: &str) {
    hands.follows("Hotbedömning").await;
    hands.follows("Registrera hotbedömning").await;
    hands.writes("Bedömningsdatum", "2026-12-30").await;
    hands.writes("Kom in till oss", TODAY).await;
    hands.selects("Hur den kom in", "Möte").await;
    hands.selects("Bedömd av", "Lokalpolisområdet").await;
    hands.picks("Hotbild", "Hög").await;
    hands.picks("Typ av hotbild", "Konkret hotbild").await;
    hands.picks("Skyddsbehov", "Behöver annan ort").await;
    hands.picks("Grad av kriminalitet", "Aktiv").await;
    hands.picks("Kan personen återvända till kommunen?", "Nej").await;
    hands.writes("Osäkra områden", "Granvik").await;
    for condition in [
        "Uppfyller definitionen av avhoppare",
        "Är motiverad",
        "Samtycker till informationsutbyte",
        "Har skrivit under polisens villkor",
        "Är inte bevisperson",
    ] {
        hands.picks(condition, "Ja").await;
    }
    hands.presses("Spara bedömning").await;
    hands.reads("ska fastställa bedömningen").await;

    hands.becomes(&colleagues.karin).await;
    hands.opens_the_case("Ärenden", case).await;
    hands.follows("Hotbedömning").await;
    hands.follows("Version 1").await;
    hands.presses("Fastställ bedömningen").await;
    hands.reads("Fastställd").await;
}

async fn investigates(hands: &Hands<'_>, app: &App, colleagues: &Colleagues<'_>, case: &str) {
    hands.becomes(&colleagues.malin).await;
    hands.follows(case).await;
    hands.follows("Beslut").await;
    hands.follows("Nytt beslut").await;
    hands.selects("Vad beslutet gäller", "Inleda utredning").await;
    hands.picks("Utfall", "Bifall").await;
    hands.writes("Vad som beslutas", "En utredning inleds.").await;
    hands.writes("Gäller från", TODAY).await;
    hands.writes("Gäller till och med", "2027-06-30").await;
    hands.ticks("Lagrum", "14 kap. 2 § SoL").await;
    hands.writes("Skäl", REASONS).await;
    hands.picks("Beslutas av", "På delegation").await;
    hands.presses("Spara utkast").await;
    hands.presses("Skicka för beslut").await;
    hands.decides(app, &colleagues.malin).await;
    becomes(hands, "Under utredning").await;

    hands.follows("Utredning").await;
    hands.follows("Inled utredning").await;
    hands.picks("Hur utredningen inleds", "Ansökan").await;
    hands.selects("Beslut att inleda utredning", "Beslut 1").await;
    hands.writes("Inledd", TODAY).await;
    hands.presses("Inled utredningen").await;
    hands.follows("Skriv i utredningen").await;
    hands.writes("Sammanfattning", "Bor hos en vän.").await;
    hands.writes("Analys", "Stödet behöver vara samlat.").await;
    hands.writes("Förslag", "Vård i hem för vård eller boende.").await;
    hands.presses("Spara").await;
    hands.follows("Bedöm stödbehov").await;
    for area in AREAS {
        hands.picks_in(area, "Behov av stöd", "Måttligt").await;
        hands.writes_in(area, "Fakta", "Har framkommit.").await;
        hands.writes_in(area, "Personens egen syn", "Vill ha hjälp.").await;
        hands.writes_in(area, "Din bedömning", "Behöver stöd.").await;
    }
    hands.presses("Spara ny version").await;
    hands.follows("Utredning").await;
    hands.follows("Utredning 1").await;
    hands.follows("Lägg till barn").await;
    hands.writes("Kallas här", "Barn 1").await;
    hands.writes("Födelseår", "2019").await;
    hands.picks("Har barnet fått information?", "Ja").await;
    hands.picks("Har barnet kommit till tals?", "Ja").await;
    hands.writes("Vad insatsen innebär för barnet", "Umgänget kan fortsätta.").await;
    hands.writes("Bedömning av barnets bästa", "Barnet behöver trygga umgängen.").await;
    hands.picks("Behövs en orosanmälan?", "Nej").await;
    hands.presses("Spara").await;
    hands.follows("Parten har inte fått ta del av materialet, och inget undantag är valt").await;
    hands.selects("Undantag", "Uppenbart obehövligt").await;
    hands.presses("Spara").await;
    hands.follows("Färdigställ utredningen").await;
    hands.presses("Färdigställ utredningen").await;
    hands.reads("Färdig").await;
}

/// Written by the social worker, made by the manager.
async fn grants(hands: &Hands<'_>, app: &App, colleagues: &mut Colleagues<'_>, case: &str) {
    hands.follows("Beslut").await;
    hands.follows("Nytt beslut").await;
    hands.selects("Vad beslutet gäller", "Vård i hem för vård eller boende (HVB)").await;
    hands.picks("Utfall", "Bifall").await;
    hands.writes("Vad som beslutas", "Vård beviljas i sex månader.").await;
    hands.writes("Gäller från", TODAY).await;
    hands.writes("Gäller till och med", "2027-06-29").await;
    hands.writes("Högsta kostnad", "550 000").await;
    hands.selects("Hur platsen köps", "Inom ramavtal").await;
    hands.ticks("Lagrum", "11 kap. 1 § SoL").await;
    hands.writes("Skäl", REASONS).await;
    hands.picks("Beslutas av", "På delegation").await;
    hands.presses("Spara utkast").await;
    hands.presses("Skicka för beslut").await;

    hands.signs_in(&mut colleagues.manager).await;
    hands.opens_the_case("Ärenden", case).await;
    hands.follows("Beslut").await;
    hands.follows("Beslut 2").await;
    hands.decides(app, &colleagues.manager).await;

    hands.becomes(&colleagues.malin).await;
    hands.follows(case).await;
    hands.follows("Beslut").await;
    hands.follows("Beslut 2").await;
    hands.follows("Registrera underrättelse").await;
    hands.writes("Underrättad", TODAY).await;
    hands.picks("Hur parten underrättades", "Personligen").await;
    hands.presses("Spara").await;
    hands.follows("Utredning").await;
    hands.follows("Utredning 1").await;
    hands.follows("Registrera beslutet").await;
    hands.selects("Beslut", "Beslut 2").await;
    hands.presses("Spara").await;
}
