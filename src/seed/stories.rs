//! What happened with plans, support and follow-ups in the reference cases (domain 7.0), all invented.

use time::macros::date;

use super::data::{AISHA, MALIN};
use super::decisions::{DemoDecision, Far};
use super::plans::{Story, Told};
use crate::vocabulary::GoalResult::{Not, Partly, Reached, Revised};
use crate::vocabulary::{DecisionType, FollowUpForm, FollowUpKind, LegalBasis, PlanKind};

const NOBODY_ELSE: &str = "Ingen annan huvudman har ansvar just nu. Det prövas på nytt vid varje uppföljning.";

pub(super) const STORIES: [Story; 6] = [
    // C7.
    Story {
        case: 0,
        told: &[
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2024 - 09 - 16),
                follow_up_on: date!(2025 - 03 - 12),
                goals: &[
                    ("Bryta all kontakt med grupperingen", date!(2025 - 03 - 01), "Robin"),
                    ("Få ordning på skulderna", date!(2025 - 09 - 01), "Handläggaren"),
                ],
                interventions: "HVB med samtal om att lämna en kriminell livsstil, två gånger i veckan.",
                others: "Regionen ansvarar för utredning av sömnsvårigheter.",
                view: "Vill bort från staden och börja om. Är orolig för sin bror.",
            },
            Told::FollowUp {
                kind: FollowUpKind::Placement,
                planned: date!(2024 - 09 - 16),
                day: date!(2025 - 03 - 12),
            },
            Told::Held {
                kind: FollowUpKind::Placement,
                on: date!(2025 - 03 - 12),
                form: FollowUpForm::Visit,
                person: "Sover bättre och har inte haft någon kontakt. Vill börja arbeta.",
                provider: "Deltar i alla samtal. Håller överenskommelserna.",
                police: "",
                results: &[Reached, Partly],
                next: Some(date!(2025 - 09 - 10)),
            },
            Told::Held {
                kind: FollowUpKind::Placement,
                on: date!(2025 - 09 - 10),
                form: FollowUpForm::Visit,
                person: "Har börjat praktik och vill hjälpa andra som vill lämna.",
                provider: "Tar egna initiativ. Behöver mindre stöd.",
                police: "",
                results: &[Reached, Reached],
                next: Some(date!(2026 - 04 - 15)),
            },
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2025 - 09 - 15),
                follow_up_on: date!(2026 - 04 - 15),
                goals: &[
                    ("Egen bostad", date!(2026 - 03 - 09), "Handläggaren"),
                    ("Fast arbete", date!(2026 - 03 - 09), "Robin"),
                ],
                interventions: "HVB med utslussning. Stöd i att söka arbete och bostad.",
                others: "Arbetsförmedlingen ansvarar för praktikplatsen.",
                view: "Känner sig redo att klara sig själv.",
            },
            Told::PlanEnded {
                kind: PlanKind::CarePlan,
                on: date!(2026 - 04 - 30),
                why: "Målen är uppnådda och insatserna är avslutade.",
            },
            Told::FollowUp {
                kind: FollowUpKind::AfterClosing,
                planned: date!(2026 - 04 - 30),
                day: date!(2026 - 10 - 30),
            },
            Told::Held {
                kind: FollowUpKind::AfterClosing,
                on: date!(2026 - 10 - 29),
                form: FollowUpForm::Phone,
                person: "Har arbete och bostad. Föreläser ibland för andra som vill lämna.",
                provider: "",
                police: "",
                results: &[],
                next: Some(date!(2027 - 04 - 30)),
            },
        ],
    },
    // C2.
    Story {
        case: 1,
        told: &[
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2025 - 06 - 16),
                follow_up_on: date!(2025 - 12 - 10),
                goals: &[
                    ("Drogfri", date!(2025 - 12 - 01), "Dani"),
                    ("Inga nya skulder", date!(2026 - 03 - 31), "Dani"),
                ],
                interventions: "HVB med behandling mot beroende och samtal om att lämna en kriminell livsstil.",
                others: "Regionens beroendemottagning ansvarar för läkemedel och provtagning.",
                view: "Vill bli fri från drogerna först och ta resten sedan.",
            },
            Told::Decided(DemoDecision {
                case: 1,
                author: MALIN,
                kind: DecisionType::Outpatient,
                basis: LegalBasis::Sol111,
                from: date!(2026 - 04 - 01),
                to: Some(date!(2026 - 09 - 30)),
                price: None,
                scope: "Öppenvård en gång i veckan under tiden i boendet.",
                reasons: "Behandlingen behöver följas av samtal på hemmaplan för att resultaten ska hålla i sig.",
                far: Far::Made {
                    by: MALIN,
                    on: date!(2026 - 03 - 25),
                    told: Some(date!(2026 - 03 - 26)),
                    executed: None,
                    ended: None,
                },
            }),
            Told::Support {
                kind: DecisionType::Outpatient,
                planned: date!(2026 - 04 - 01),
                extent: "Samtal en timme i veckan på mottagningen.",
                begun: Some(date!(2026 - 04 - 02)),
            },
            Told::SupportEnded { on: date!(2026 - 09 - 30), why: "Öppenvården är avslutad som planerat." },
            Told::PlanEnded {
                kind: PlanKind::CarePlan,
                on: date!(2026 - 10 - 30),
                why: "Insatserna är avslutade och personen klarar sig utan stöd.",
            },
        ],
    },
    // C1.
    Story {
        case: 2,
        told: &[
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2026 - 01 - 20),
                follow_up_on: date!(2026 - 04 - 15),
                goals: &[
                    ("Ingen kontakt med grupperingen", date!(2026 - 04 - 15), "Milo"),
                    ("Kartlägga skulder och borgenärer", date!(2026 - 04 - 15), "Handläggaren"),
                    ("Börja träna regelbundet", date!(2026 - 06 - 30), "Milo"),
                ],
                interventions: "HVB med avhopparinriktning. Samtal varje dag de första veckorna.",
                others: "Regionen ansvarar för psykologkontakt. Kriminalvården har inget ansvar längre.",
                view: "Vill vara långt bort. Tycker att planen är rimlig men att det går fort fram.",
            },
            Told::FollowUp {
                kind: FollowUpKind::Placement,
                planned: date!(2026 - 01 - 20),
                day: date!(2026 - 04 - 15),
            },
            Told::FollowUp { kind: FollowUpKind::Joint, planned: date!(2026 - 01 - 20), day: date!(2026 - 05 - 20) },
            Told::Held {
                kind: FollowUpKind::Placement,
                on: date!(2026 - 04 - 15),
                form: FollowUpForm::Visit,
                person: "Trivs med personalen. Saknar sin syster.",
                provider: "Har svårt att somna men deltar i allt. Inga avvikelser.",
                police: "",
                results: &[Reached, Partly, Not],
                next: Some(date!(2026 - 09 - 16)),
            },
            Told::Held {
                kind: FollowUpKind::Joint,
                on: date!(2026 - 05 - 20),
                form: FollowUpForm::Meeting,
                person: "",
                provider: "Inga tecken på att någon söker efter personen.",
                police: "Hotet kvarstår. Ingen har sökt efter personen sedan i våras.",
                results: &[],
                next: Some(date!(2027 - 01 - 20)),
            },
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2026 - 06 - 15),
                follow_up_on: date!(2026 - 09 - 16),
                goals: &[
                    ("Ingen kontakt med grupperingen", date!(2026 - 12 - 31), "Milo"),
                    ("Avbetalningsplan för skulderna", date!(2026 - 10 - 31), "Handläggaren"),
                ],
                interventions: "HVB med avhopparinriktning. Samtal två gånger i veckan och arbetsträning.",
                others: "Regionen ansvarar för psykologkontakt. Kronofogden ger råd om skulderna.",
                view: "Vill arbeta med händerna och ha egna pengar.",
            },
            Told::Held {
                kind: FollowUpKind::Placement,
                on: date!(2026 - 09 - 16),
                form: FollowUpForm::Video,
                person: "Stolt över arbetsträningen. Vill träffa sin syster.",
                provider: "Kommer i tid varje dag. Tar ansvar i köket.",
                police: "",
                results: &[Reached, Revised],
                next: Some(date!(2027 - 01 - 13)),
            },
        ],
    },
    // C4.
    Story {
        case: 4,
        told: &[
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2026 - 04 - 28),
                follow_up_on: date!(2026 - 06 - 10),
                goals: &[
                    ("Vara trygg i vardagen", date!(2026 - 06 - 20), "Boendet"),
                    ("Ny telefon och nya konton", date!(2026 - 05 - 15), "Handläggaren"),
                ],
                interventions: "Skyddat boende med samtal. Stöd i att byta telefon och konton.",
                others: "Regionen ansvarar för samtal om våldet. Polisen ger råd om säkerhet.",
                view: "Vill framför allt kunna sova. Vill inte att familjen får veta något.",
            },
            Told::FollowUp { kind: FollowUpKind::CarePlan, planned: date!(2026 - 04 - 28), day: date!(2026 - 06 - 10) },
            Told::Held {
                kind: FollowUpKind::CarePlan,
                on: date!(2026 - 06 - 10),
                form: FollowUpForm::Video,
                person: "Sover hela nätter. Vill flytta till något mer långsiktigt.",
                provider: "Är tryggare. Klarar vardagen utan stöd.",
                police: "",
                results: &[Partly, Reached],
                next: Some(date!(2026 - 10 - 07)),
            },
            Told::Plan {
                kind: PlanKind::CarePlan,
                on: date!(2026 - 06 - 22),
                follow_up_on: date!(2026 - 10 - 07),
                goals: &[
                    ("Läsa klart gymnasiet", date!(2027 - 06 - 15), "Lova"),
                    ("Eget nätverk utanför grupperingen", date!(2027 - 12 - 20), "Lova"),
                ],
                interventions: "HVB med avhopparinriktning och studier på distans.",
                others: "Regionen ansvarar för samtal om våldet. Komvux ansvarar för studierna.",
                view: "Vill bli undersköterska.",
            },
            Told::Held {
                kind: FollowUpKind::CarePlan,
                on: date!(2026 - 10 - 07),
                form: FollowUpForm::Visit,
                person: "Studierna går bra. Känner sig ensam på helgerna.",
                provider: "Godkänd i två kurser. Behöver hjälp att hitta något att göra på fritiden.",
                police: "",
                results: &[Partly, Not],
                // Late in the demonstration: somebody has it to do.
                next: Some(date!(2026 - 11 - 18)),
            },
        ],
    },
    // C5.
    Story {
        case: 5,
        told: &[
            Told::Plan {
                kind: PlanKind::ImplementationPlan,
                on: date!(2026 - 08 - 17),
                follow_up_on: date!(2026 - 10 - 14),
                goals: &[
                    ("Egna rutiner för mat och sömn", date!(2026 - 12 - 31), "Elis"),
                    ("Komma till alla samtal", date!(2027 - 02 - 09), "Elis"),
                ],
                interventions: "Öppenvård en gång i veckan. Boendestöd i hemmet två gånger i veckan.",
                others: NOBODY_ELSE,
                view: "Vill bo kvar hemma och slippa ha så många vuxna omkring sig.",
            },
            Told::Support {
                kind: DecisionType::Outpatient,
                planned: date!(2026 - 08 - 17),
                extent: "Samtal en gång i veckan. Börjar när utföraren har en tid.",
                begun: None,
            },
            Told::FollowUp { kind: FollowUpKind::Joint, planned: date!(2026 - 08 - 17), day: date!(2026 - 10 - 14) },
            Told::Decided(DemoDecision {
                case: 5,
                author: AISHA,
                kind: DecisionType::HousingSupport,
                basis: LegalBasis::Sol111,
                from: date!(2026 - 09 - 01),
                to: Some(date!(2027 - 02 - 28)),
                price: None,
                scope: "Boendestöd fyra timmar i veckan i sex månader.",
                reasons: "Stödet behövs för att vardagen ska fungera under tiden som öppenvården kommer i gång.",
                far: Far::Made {
                    by: AISHA,
                    on: date!(2026 - 08 - 28),
                    told: Some(date!(2026 - 08 - 31)),
                    executed: None,
                    ended: None,
                },
            }),
            Told::Support {
                kind: DecisionType::HousingSupport,
                planned: date!(2026 - 09 - 01),
                extent: "Fyra timmar i veckan, två besök.",
                begun: Some(date!(2026 - 09 - 03)),
            },
            Told::Held {
                kind: FollowUpKind::Joint,
                on: date!(2026 - 10 - 14),
                form: FollowUpForm::Meeting,
                person: "Tycker att boendestödet är bra. Vill gärna börja i öppenvården.",
                provider: "Öppnar varje gång. Handlar och lagar mat själv.",
                police: "Inga nya händelser.",
                results: &[Partly],
                next: Some(date!(2027 - 01 - 14)),
            },
        ],
    },
    // C8.
    Story {
        case: 7,
        told: &[Told::Plan {
            kind: PlanKind::CarePlan,
            on: date!(2026 - 09 - 28),
            follow_up_on: date!(2027 - 01 - 11),
            goals: &[
                ("Drogfri", date!(2027 - 03 - 19), "Adrian"),
                ("Överblick över skulderna", date!(2026 - 12 - 31), "Handläggaren"),
            ],
            interventions: "HVB med behandling mot beroende. Budget- och skuldrådgivning planeras.",
            others: "Regionens beroendemottagning ansvarar för läkemedel och provtagning.",
            view: "Vill ha hjälp men är rädd att misslyckas igen.",
        }],
    },
];
