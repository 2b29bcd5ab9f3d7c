import type { Language } from '../../design/language.ts';
import { formatSwedishDay } from '../../kernel/clock.ts';
import { purposeWords } from '../../uploads/purpose-words.ts';
import type { SubjectAnswer, ConsentOfAnswer } from '../subject/subject-answer.ts';
import { lastDayBefore, oneLine, paymentLine, ruleWords } from './words.ts';

const words = {
  sv: {
    title: 'Uppgifter om dig',
    case: 'Ärende',
    intro: (bank: string) =>
      `${bank} är personuppgiftsansvarig och svarar på en begäran enligt artikel 15 i dataskyddsförordningen (EU) 2016/679. Uppgifterna finns hos bankens personuppgiftsbiträde för underskrifter med BankID.`,
    about: [
      'Varför: för att du ska kunna godkänna en betalning som en tjänst har begärt åt dig, och för att banken ska kunna visa att du gjorde det (artikel 6.1 c; lagen (2010:751) om betaltjänster, delegerad förordning (EU) 2018/389).',
      'Vilka uppgifter: personnummer och namn i BankID:s certifikat, konto, betalningens innehåll, underskriften, tidpunkter, och den IP-adress och programvara som användes.',
      'Varifrån: betalningen och i förekommande fall ditt personnummer från tjänsten som begärde den; namn, personnummer och underskrift från BankID.',
      'Mottagare: banken, tjänsten som begärde betalningen, och de läsningar som nämns nedan. Inga uppgifter förs till ett land utanför EU och EES, och inget automatiserat beslut enligt artikel 22 fattas.',
      'Du kan begära rättelse, radering eller begränsning, och klaga hos Integritetsskyddsmyndigheten (www.imy.se).',
    ],
    nothing: 'Banken har inga betalningar här som pekar på dig.',
    payment: 'Betalning',
    asked: 'begärd',
    by: 'genom',
    state: 'läge',
    role: { named: 'Du angavs som betalare.', signer: 'Du skrev under.' },
    reference: 'bankens referens',
    until: 'sparas till och med',
    because: 'enligt',
    read: 'läst',
    signed: 'Det här läste du och skrev under:',
  },
  en: {
    title: 'Data about you',
    case: 'Case',
    intro: (bank: string) =>
      `${bank} is the controller and answers a request under Article 15 of Regulation (EU) 2016/679 (GDPR). The data is with the bank's processor for signatures by BankID.`,
    about: [
      'Why: so that you can approve a payment that a service asked for on your behalf, and so that the bank can show that you did (Article 6(1)(c); the Swedish Payment Services Act (2010:751), Delegated Regulation (EU) 2018/389).',
      "Which data: personal number and names in BankID's certificate, account, the payment itself, the signature, times, and the IP address and software that were used.",
      'From where: the payment and, where it was given, your personal number from the service that asked for it; names, personal number and signature from BankID.',
      'Recipients: the bank, the service that asked for the payment, and the readings that are listed below. No data goes to a country outside the EU and EEA, and no automated decision under Article 22 is made.',
      'You can ask for rectification, erasure or restriction, and complain to the Swedish Authority for Privacy Protection (www.imy.se).',
    ],
    nothing: 'The bank has no payments here that point to you.',
    payment: 'Payment',
    asked: 'asked for',
    by: 'through',
    state: 'state',
    role: { named: 'You were named as the payer.', signer: 'You signed.' },
    reference: "the bank's reference",
    until: 'kept to the end of',
    because: 'under',
    read: 'read',
    signed: 'This is what you read and signed:',
  },
} as const;

/** The answer as text, which the bank sends when a second person has approved it. */
export function subjectLetter(answer: SubjectAnswer, language: Language): string {
  const say = words[language];
  const paragraphs = [
    say.title,
    `${say.case} ${answer.caseReference}`,
    say.intro(oneLine(answer.bank.name)),
    ...say.about,
    ...(answer.consents.length === 0 ? [say.nothing] : answer.consents.map((one) => paragraphOf(one, language))),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function paragraphOf(consent: ConsentOfAnswer, language: Language): string {
  const say = words[language];
  const { payment, askedAt, tpp, state, roles, paymentReference, retentionEndsAt, rule, readings, signedText } =
    consent;
  const reference = paymentReference === undefined ? [] : [`  ${say.reference} ${oneLine(paymentReference)}`];
  const signed =
    signedText === undefined ? [] : [`  ${say.signed}`, ...signedText.split(/\r?\n/).map((line) => `    | ${line}`)];
  return [
    `${say.payment} ${consent.consentId}`,
    `  ${paymentLine(payment, language)}`,
    `  ${say.asked} ${formatSwedishDay(askedAt)} ${say.by} ${oneLine(tpp.name)}, ${say.state} ${state}`,
    ...roles.map((role) => `  ${say.role[role as keyof typeof say.role]}`),
    ...reference,
    `  ${say.until} ${lastDayBefore(retentionEndsAt)}, ${say.because} ${ruleWords[language][rule]}`,
    ...readings.map(({ at, purpose }) => `  ${say.read} ${formatSwedishDay(at)}: ${purposeWords[language][purpose]}`),
    ...signed,
  ].join('\n');
}
