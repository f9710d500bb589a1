//! How many planted mentions are found, and how many innocent texts are stopped.

use super::*;

/// All invented but the shape: names as homes, streets and municipalities have them, some of them everyday words.
const PLACES: [Place<'static>; 10] = [
    place("Klippan", "Åmåsa", "Klippvägen 3, 912 34 Åmåsa", "Nås på 070-174 06 05"),
    place("Lövhaga", "Östlunda", "Lövhagavägen 12", ""),
    place("Villa Solbacken", "Vikbyholm", "Storgatan 41 B, 561 77 Vikbyholm", ""),
    place("Björkens behandlingshem", "Säterfors", "Industrigatan 7", "Ring 0911-742 15"),
    place("Vändpunkten", "Orsa", "Kyrkogatan 2, 794 10 Orsa", ""),
    place("Gläntan", "Ale", "Skogsbrynet 19", ""),
    place("Furuhöjdens HVB", "Norra Tallsjö", "Tallsjövägen 100", ""),
    place("Strandgården", "Kråkvik", "Hamnpromenaden 5", "Portkod 4471, jour 08-174 64 12"),
    place("Ekliden", "Mosseröd", "Ekstigen 8, 263 91 Mosseröd", ""),
    place("Nystart i Hallabro", "Hallabro", "Bruksgränden 4", ""),
];

const fn place(
    name: &'static str,
    municipality: &'static str,
    address: &'static str,
    note: &'static str,
) -> Place<'static> {
    Place { name, municipality, address, note }
}

/// What somebody might write, by the place that it gives away.
const PLANTED: [(usize, &str); 80] = [
    (0, "Hen trivs på Klippan och vill stanna."),
    (0, "Besök på klippans avdelning två."),
    (0, "Åkte tåg till Åmåsa på morgonen."),
    (0, "Akte till Amasa igar."),
    (0, "Möte i åmåsa med boendet."),
    (0, "Skickas till Klippvägen 3."),
    (0, "Bor på Klippv. 3 tills vidare."),
    (0, "Klipp vägen, röda huset."),
    (0, "Posten går till 912 34."),
    (0, "Postnummer 91234 gäller."),
    (0, "Ring 0701740605 kvällstid."),
    (0, "Ring 070 174 06 05."),
    (0, "Telefon +46 70 174 06 05."),
    (0, "Åmåsabostäder kan ha en lägenhet."),
    (0, "Kilppan ringde om schemat."),
    (0, "Klippann ringde."),
    (0, "Lpippan ringde om kvällen, säger Klipan."),
    (0, "KLIPPAN HAR RINGT"),
    (0, "Åmåsas vårdcentral har bokat en tid."),
    (1, "Lövhaga har en ledig plats."),
    (1, "Lovhaga har plats."),
    (1, "Löfhaga ligger nära."),
    (1, "Östlunda kommun har svarat."),
    (1, "Flyttar till östlunda i maj."),
    (1, "Lövhagavägen är avstängd."),
    (1, "Hen cyklar längs Lövhagav 12."),
    (1, "Hämtas i Östlynda."),
    (1, "Lövhagas chef ringde."),
    (2, "Solbacken tar emot på måndag."),
    (2, "Villa Solbackens personal."),
    (2, "Sol backen är bokad."),
    (2, "Vikbyholms bibliotek."),
    (2, "I vikbyhom finns en gymnasieskola."),
    (2, "Adressen är Storgatan 41 B."),
    (2, "Går till 56177."),
    (2, "Storg. 41 är rätt ingång."),
    (3, "Björkens har sänt en rapport."),
    (3, "Björken ringde."),
    (3, "I Säterfors finns en mottagning."),
    (3, "Tåget till Säterfos är inställt."),
    (3, "Säterforsvägen är hal."),
    (3, "Industrigatan 7 en trappa upp."),
    (3, "Ring 0911 742 15."),
    (3, "Nummer 091174215."),
    (4, "Vändpunkten vill förlänga."),
    (4, "Vändpunktens föreståndare."),
    (4, "Vänd punkten har ringt."),
    (4, "Praktik i Orsa från hösten."),
    (4, "Hen bor i orsa nu."),
    (4, "Orsas ungdomsgård."),
    (4, "Kyrkogatan 2 är adressen."),
    (4, "79410 är postnumret."),
    (5, "Gläntan har två platser kvar."),
    (5, "Glentan har plats."),
    (5, "Ska till Ale på fredag."),
    (5, "Åker mot ale med buss."),
    (5, "Skogsbrynet 19, grön dörr."),
    (5, "Gläntans bil är trasig."),
    (6, "Furuhöjden vill ha besked."),
    (6, "Furuhöjdens kök."),
    (6, "Furuhojden ringde."),
    (6, "Norra Tallsjö ligger långt bort."),
    (6, "Tallsjö vårdcentral."),
    (6, "Tallsjövägen 100."),
    (6, "Talsjövägen plogas sent."),
    (7, "Strandgården har jour."),
    (7, "Strandgårdens matsal."),
    (7, "Kråkviks station."),
    (7, "Krakvik har ingen tandläkare."),
    (7, "Hamnpromenaden är stängd."),
    (7, "Jouren nås på 08 174 64 12."),
    (8, "Ekliden tar inte emot på helger."),
    (8, "Eklidens dagbok."),
    (8, "Mosseröd har en bra skola."),
    (8, "Mosserödsskolan har svarat."),
    (8, "Ekstigen 8."),
    (9, "Hallabro är för litet."),
    (9, "Halabro ligger vid en å."),
    (9, "Bruksgränden 4."),
    (9, "Nystart har ringt två gånger."),
];

/// As case notes are: everyday words, other places, figures, capitals.
const INNOCENT: [&str; 66] = [
    "Den enskilde uppger att hen vill lämna det kriminella nätverket och behöver stöd med boende och sysselsättning.",
    "Telefonsamtal med polisens kontaktperson. Ny bedömning väntas före den 15 mars 2026.",
    "Hen har sovit dåligt i två veckor och har bokat tid på vårdcentralen.",
    "Möte på kontoret i Granvik. Närvarande: den enskilde, handläggaren och samordnaren.",
    "Klippte håret inför anställningsintervjun och var nöjd efteråt.",
    "Skulderna hos Kronofogden är 184 500 kr. Budgetrådgivaren har fått fullmakt.",
    "Hen har tagit steget att säga upp kontakten med två tidigare vänner.",
    "Barnet går i årskurs 3 och har börjat spela fotboll.",
    "Bedömning: behovet av stöd är stort inom områdena boende, ekonomi och nätverk.",
    "Björn och Eva deltog från Arbetsförmedlingen.",
    "Sol hela veckan, hen har gått långa promenader och mår bättre.",
    "Vändningen kom efter samtalet med modern, säger hen.",
    "En punkt återstår: samtycket till uppföljning av återfall.",
    "Hen ringde från ett dolt nummer. Uppmanades att ringa växeln på 08-123 45 00.",
    "Beslut enligt 11 kap. 1 § socialtjänstlagen, dygnskostnad 2 450 kr, 123 dygn.",
    "Placeringen fungerar väl. Personalen beskriver hen som lugn och hjälpsam.",
    "Drogtest den 3 april visade inget avvikande.",
    "Strandade ansökan om försörjningsstöd kompletteras på måndag.",
    "Hen skrattar åt att gården var full av kråkor i morse.",
    "Ny start i höst: studier på komvux, matematik 1 och svenska 2.",
    "Halva bron var avstängd och bussen blev sen.",
    "Föreståndaren ringer varje torsdag kl. 10.",
    "Hen vill varken vara kvar i stan eller hos sin bror.",
    "Storasyster är trygg vuxen för barnet.",
    "Skogspromenad med kontaktpersonen, hen berättade om sin uppväxt.",
    "Industrin söker svetsare och hen har tidigare gått en utbildning.",
    "Kyrkan har en öppen mottagning på onsdagar.",
    "Löven föll och hen mindes hösten då allt började.",
    "Hen har ett tal inlärt men vågar inte säga det.",
    "Tallriken gick i golvet under grälet, ingen skadades.",
    "Polisen bedömer hotet som förhöjt. Nästa slagning senast den 3 mars.",
    "Ekonomin är ansträngd men hen har en plan.",
    "Mossa på taket, fukt i lägenheten, värden ska kontaktas.",
    "Var i veckan träffas gruppen? Handläggaren undersöker saken.",
    "Sammanträde med nämndens utskott den 12 maj, ärende 41.",
    "Hen har legitimation som går ut 2027 och pass saknas.",
    "Modern bor i Malmö, fadern i Norrköping, kontakten är sporadisk.",
    "Vill flytta till Umeå eller Luleå på sikt.",
    "Erbjuden stödboende men tackade nej, se anteckning från april.",
    "Enligt avtalet betalas 3 000 kr per dygn i tolv månader och därefter hälften.",
    "Orsaken till avbrottet är okänd.",
    "Orsakas oron av brevet får vi ta om samtalet.",
    "Hen åt frukost och gick till gymmet på egen hand.",
    "Alla papper är inlämnade. Alexander från GAF bekräftar.",
    "Strategin är att undvika sociala medier och byta telefon.",
    "Vikten har gått upp fyra kilo sedan inskrivningen.",
    "Byholmens ridskola ligger i hemkommunen och barnet rider där.",
    "Gjorde en lista över vad som är svårt: kvällar, ensamhet, pengar.",
    "Barnets skola är informerad om att adressen är skyddad.",
    "Kontakt med frivården. Nästa besök är bokat den 20 juni kl. 13.30.",
    "Hen har bytt nummer igen och vill nås via handläggaren.",
    "Solen gick ner och vi avslutade samtalet i bilen.",
    "Backade ur praktiken efter två dagar, skälet är rädsla att bli igenkänd.",
    "Strand och skog i närheten gör gott, säger hen.",
    "Hamnade i bråk på krogen i februari, har inte druckit sedan dess.",
    "Promenaden till samtalet tar en kvart.",
    "Brukade cannabis dagligen till i våras.",
    "Gränden bakom krogen är platsen där hotet framfördes.",
    "Furu eller ek spelar ingen roll, sade hen om möblerna och log.",
    // Everyday words that are also the name of one of the homes: these are stopped, and have to be.
    "Vi satt på klippan vid havet och pratade om hösten.",
    "Det var vändpunkten i hens liv.",
    "Hen växte upp på Storgatan i hemstaden.",
    "Barnen lekte i gläntan bakom skolan.",
    "Nystart hos Arbetsförmedlingen är beviljat.",
    "Björken utanför kontoret ska fällas.",
    "Liden av skogen brann förra sommaren, hen hjälpte till att släcka.",
];

fn is_found(place: &Place<'_>, text: &str) -> bool {
    !of_text(text).is_disjoint(&place.words())
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "a few hundred texts")]
fn nearly_every_mention_is_found_and_few_innocent_texts_are_stopped() {
    let missed: Vec<_> = PLANTED.iter().filter(|(at, text)| !is_found(&PLACES[*at], text)).collect();
    let stopped: Vec<_> = INNOCENT
        .iter()
        .flat_map(|text| PLACES.iter().filter(|place| is_found(place, text)).map(move |place| (place.name, text)))
        .collect();
    let found = 1.0 - missed.len() as f64 / PLANTED.len() as f64;
    let alarms = stopped.len() as f64 / (INNOCENT.len() * PLACES.len()) as f64;
    println!(
        "found {:.1} %, false alarms {:.1} %\nmissed {missed:?}\nstopped {stopped:?}",
        found * 100.0,
        alarms * 100.0
    );
    assert!(found >= 0.95, "{found}: {missed:?}");
    assert!(alarms <= 0.05, "{alarms}: {stopped:?}");
}

/// One slip each: a letter left out, doubled, swapped with the next, without its sign, in capitals, in a longer word.
#[test]
#[expect(clippy::cast_precision_loss, reason = "a few hundred texts")]
fn a_long_name_is_found_with_any_single_slip() {
    let (mut all, mut missed) = (0, Vec::new());
    for place in &PLACES {
        for word in [place.name, place.municipality].iter().flat_map(|name| name.split(' ')) {
            let letters: Vec<char> = word.chars().collect();
            if letters.len() < LONG || EVERYWHERE.contains(&fold(word).as_str()) {
                continue;
            }
            let mut slips = vec![fold(word), word.to_uppercase(), format!("{word}s"), format!("{word}sborna")];
            for at in 1..letters.len() - 1 {
                let (before, after) = (&letters[..at], &letters[at + 1..]);
                let text = |middle: &[char]| [before, middle, after].concat().into_iter().collect::<String>();
                slips.extend([text(&[]), text(&[letters[at], letters[at]]), text(&['x'])]);
                let mut swapped = letters.clone();
                swapped.swap(at, at + 1);
                slips.push(swapped.into_iter().collect());
            }
            all += slips.len();
            missed.extend(slips.into_iter().filter(|slip| !is_found(place, &format!("Hen är på {slip} nu."))));
        }
    }
    let found = 1.0 - missed.len() as f64 / f64::from(i32::try_from(all).unwrap());
    println!("found {:.1} % of {all}, missed {missed:?}", found * 100.0);
    assert!(found >= 0.95, "{found}: {missed:?}");
}

#[test]
fn a_number_is_the_same_however_it_is_grouped() {
    for text in ["070-174 06 05", "0701740605", "+46 70 174 06 05", "+46(0)70-1740605", "070 1740 605"] {
        assert!(numbers(text).contains("#0701740605"), "{text}");
    }
    assert!(numbers("912 34 Åmåsa").contains("#91234"));
    assert!(numbers("Klippvägen 3, 91234").contains("#91234"));
    assert!(numbers("den 3 mars kl. 10").is_empty());
}

#[test]
fn a_text_of_the_greatest_length_is_searched_in_reasonable_pieces() {
    let text = INNOCENT.join(" ").repeat(20);
    assert!(of_text(&text).len() < 20_000);
}
