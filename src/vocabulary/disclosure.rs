//! The words of disclosure: to whom, how, on whose initiative and what (domain 2.11, 3.3 and 3.4). Why stands in
//! [`super::DisclosureGround`].

use super::{ConsentRecipient, DisclosureCategory};

vocabulary! {
    /// To whom something is handed over.
    DisclosureRecipient = "disclosure_recipient" {
        PoliceLpo = "police_lpo", "Polisen – LPO";
        PoliceNoa = "police_noa", "Polisen – NOA";
        PoliceBops = "police_bops", "Polisen – BOPS";
        PoliceRegion = "police_region", "Polisregionen";
        SecurityService = "security_service", "Säkerhetspolisen";
        Customs = "customs", "Tullverket";
        CoastGuard = "coast_guard", "Kustbevakningen";
        EconomicCrime = "economic_crime", "Ekobrottsmyndigheten";
        Prosecutor = "prosecutor", "Åklagarmyndigheten";
        Court = "court", "Domstol";
        Enforcement = "enforcement", "Kronofogdemyndigheten";
        TaxAgency = "tax_agency", "Skatteverket";
        Inspectorate = "inspectorate", "Inspektionen för vård och omsorg (IVO)";
        PrivacyAuthority = "privacy_authority", "Integritetsskyddsmyndigheten (IMY)";
        Ombudsman = "ombudsman", "Justitieombudsmannen (JO)";
        Auditor = "auditor", "Kommunens revisorer";
        WelfareBoard = "welfare_board", "Socialstyrelsen";
        Region = "region", "Regionens hälso- och sjukvård";
        Gaf = "gaf", "GAF";
        OtherCommittee = "other_committee", "Annan nämnd";
        OtherMunicipality = "other_municipality", "Annan kommun";
        Provider = "provider", "Utförare (HVB, stödboende eller skyddat boende)";
        Association = "association", "Ideell organisation, till exempel Fryshuset";
        Person = "person", "Den enskilde";
    }
}

impl DisclosureRecipient {
    /// The police's organisations, whose contacts have a page of their own.
    pub const POLICE: [Self; 4] = [Self::PoliceLpo, Self::PoliceNoa, Self::PoliceBops, Self::PoliceRegion];

    pub fn is_police(self) -> bool {
        Self::POLICE.contains(&self)
    }

    pub const fn is_authority(self) -> bool {
        !matches!(self, Self::Provider | Self::Association | Self::Person)
    }

    /// As whom a consent names it; none for those that a consent cannot name.
    pub const fn in_consent(self) -> Option<ConsentRecipient> {
        match self {
            Self::PoliceLpo => Some(ConsentRecipient::PoliceLpo),
            Self::PoliceNoa => Some(ConsentRecipient::PoliceNoa),
            Self::PoliceBops => Some(ConsentRecipient::PoliceBops),
            Self::PoliceRegion => Some(ConsentRecipient::PoliceRegion),
            Self::Region => Some(ConsentRecipient::Region),
            Self::Gaf => Some(ConsentRecipient::Gaf),
            Self::OtherCommittee => Some(ConsentRecipient::OtherCommittee),
            Self::Provider => Some(ConsentRecipient::Provider),
            _ => None,
        }
    }
}

vocabulary! {
    /// Who took the first step.
    DisclosureInitiative = "disclosure_initiative" {
        Request = "request", "Begäran";
        OwnInitiative = "own_initiative", "Eget initiativ";
    }
}

vocabulary! {
    /// The way that it takes.
    DisclosureChannel = "disclosure_channel" {
        PolicePortal = "police_portal", "Polisens sida";
        Oral = "oral", "Muntligt";
        SecureMessage = "secure_message", "Säkert meddelande";
        Paper = "paper", "Papper";
        Meeting = "meeting", "Möte";
    }
}

vocabulary! {
    /// How far a disclosure has come. That its days are over is no status: the days tell.
    DisclosureStatus = "disclosure_status" {
        Draft = "draft", "Utkast";
        Decided = "decided", "Beslutad";
        Released = "released", "Utlämnad";
        Revoked = "revoked", "Återkallad";
        Refused = "refused", "Avslagen";
    }
}

vocabulary! {
    /// What is handed over (I1 to I10, and anything else).
    DisclosureItemKind = "disclosure_item_kind" {
        CaseCard = "case_card", "Ärendekort";
        DecisionExists = "decision_exists", "Beslut om insats finns";
        DeviationFeedback = "deviation_feedback", "Återkoppling på avvikelse";
        MeetingCall = "meeting_call", "Kallelse eller gemensamt möte";
        AssessmentEcho = "assessment_echo", "Er bedömning som registrerad";
        ChangedRisk = "changed_risk", "Förändrad risk";
        Whereabouts = "whereabouts", "Vistelse";
        ContactDetail = "contact_detail", "Kontaktuppgift";
        FundBasis = "fund_basis", "Underlag för ansökan om medel";
        CaseEnded = "case_ended", "Ärendet avslutat";
        Other = "other", "Annan uppgift";
    }
}

impl DisclosureItemKind {
    /// What a consent has to cover for it. Anything else says by itself what it is.
    pub const fn categories(self) -> &'static [DisclosureCategory] {
        use DisclosureCategory::{
            Contact, Cost, DecisionExists, Deviation, Identity, Outcome, Programme, ThreatInfo, WhereaboutsYesNo,
        };
        match self {
            Self::CaseCard => &[Identity, Programme],
            Self::DecisionExists => &[DecisionExists],
            Self::DeviationFeedback => &[Deviation],
            Self::MeetingCall => &[Programme],
            Self::AssessmentEcho | Self::ChangedRisk => &[ThreatInfo],
            Self::Whereabouts => &[WhereaboutsYesNo],
            Self::ContactDetail => &[Contact],
            Self::FundBasis => &[Programme, Cost],
            Self::CaseEnded => &[Outcome],
            Self::Other => &[],
        }
    }
}

impl DisclosureCategory {
    /// What never leaves through the police's page (domain 3.3).
    pub const fn is_kept_from_police_page(self) -> bool {
        matches!(
            self,
            Self::SupportNeeds
                | Self::Health
                | Self::Substance
                | Self::FamilyChildren
                | Self::Economy
                | Self::Plan
                | Self::WhereaboutsMunicipality
                | Self::WhereaboutsAddress
                | Self::DecisionContent
        )
    }
}

vocabulary! {
    /// What 10 kap. 15 a § OSL lets an authority be told for.
    CrimePurpose = "crime_purpose" {
        Prevent = "prevent", "Förebygga brottslig verksamhet";
        Hinder = "hinder", "Förhindra brottslig verksamhet";
        Detect = "detect", "Upptäcka brottslig verksamhet";
        Investigate = "investigate", "Utreda brott";
        Prosecute = "prosecute", "Lagföra brott";
    }
}

vocabulary! {
    /// Whom 26 kap. 9 § OSL is about.
    CareNeed = "care_need" {
        Under18 = "under_18", "Personen är under 18 år";
        Substance = "substance", "Personen missbrukar fortgående";
        CompulsoryCare = "compulsory_care", "Personen vårdas enligt LPT eller LRV";
    }
}
