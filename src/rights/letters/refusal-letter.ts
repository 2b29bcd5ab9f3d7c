import type { Language } from '../../design/language.ts';
import { formatSwedishDay } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { RetentionRule } from '../subject/retention-rule.ts';
import { lastDayBefore, oneLine, paymentLine, ruleWords } from './words.ts';

/** What is not erased yet, though its person asked for it. */
export interface KeptConsent {
  readonly askedAt: Date;
  readonly tpp: string;
  readonly payment: JsonObject;
  readonly retentionEndsAt: Date;
  readonly rule: RetentionRule;
}

/** The answer to a person who asked a bank to erase (GDPR Art. 17, 12(3) and (4)). */
export interface ErasureAnswer {
  readonly bankName: string;
  readonly caseReference: string;
  readonly kept: readonly KeptConsent[];
  /** Consents whose retention has ended, and whose erasure is asked for now. */
  readonly due: number;
}

const words = {
  sv: {
    title: 'Svar på en begäran om radering',
    case: 'Ärende',
    asked: (bank: string) => `${bank} har prövat en begäran enligt artikel 17 i dataskyddsförordningen (EU) 2016/679.`,
    nothing: 'Banken har inga uppgifter här om den som har begärt det.',
    kept: 'De här uppgifterna raderas inte ännu, eftersom banken enligt lag måste spara dem (artikel 17.3 b). De kan raderas först när tiden har gått ut:',
    by: 'genom',
    until: 'sparas till och med',
    because: 'enligt',
    due: (count: number) =>
      `För ${count} ${count === 1 ? 'betalning' : 'betalningar'} har tiden gått ut. Uppgifterna raderas när två personer har granskat det.`,
    appeal:
      'Den som inte är nöjd med svaret kan klaga hos Integritetsskyddsmyndigheten (www.imy.se), och kan vända sig till domstol.',
  },
  en: {
    title: 'Answer to a request for erasure',
    case: 'Case',
    asked: (bank: string) => `${bank} has considered a request under Article 17 of Regulation (EU) 2016/679 (GDPR).`,
    nothing: 'The bank has no data here of the person who asked.',
    kept: 'The following is not erased yet, because the law obliges the bank to keep it (Article 17(3)(b)). It can be erased when the time has passed, and not before:',
    by: 'through',
    until: 'kept to the end of',
    because: 'under',
    due: (count: number) =>
      `For ${count} ${count === 1 ? 'payment' : 'payments'} the time has passed. The data is erased when two persons have reviewed it.`,
    appeal:
      'A person who does not accept this answer can complain to the Swedish Authority for Privacy Protection (www.imy.se), and can go to court.',
  },
} as const;

/** The document as text, which the bank sends. It speaks neither of holds nor of other persons. */
export function refusalLetter({ bankName, caseReference, kept, due }: ErasureAnswer, language: Language): string {
  const say = words[language];
  const list = kept.flatMap(({ askedAt, tpp, payment, retentionEndsAt, rule }) => [
    `  ${formatSwedishDay(askedAt)}  ${paymentLine(payment, language)}, ${say.by} ${oneLine(tpp)}`,
    `    ${say.until} ${lastDayBefore(retentionEndsAt)}, ${say.because} ${ruleWords[language][rule]}`,
  ]);
  const paragraphs = [
    say.title,
    `${say.case} ${caseReference}`,
    say.asked(oneLine(bankName)),
    ...(kept.length > 0 ? [say.kept, list.join('\n')] : []),
    ...(due > 0 ? [say.due(due)] : []),
    ...(kept.length === 0 && due === 0 ? [say.nothing] : []),
    say.appeal,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}
