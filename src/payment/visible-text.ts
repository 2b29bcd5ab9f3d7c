import type { Account } from './account.ts';
import type { Money } from './money.ts';
import { english, formatAccount, formatMoney, swedish } from './templates/format.ts';
import type { TemplateVersion } from './templates/tables.ts';
import { renderVersion1, type Template1, type VisibleFacts1 } from './templates/version-1.ts';
import { payeeCheckRows, renderVersion2, type Template2, type VisibleFacts2 } from './templates/version-2.ts';

export const templateIds = ['sv-1', 'en-1', 'sv-2', 'en-2'] as const;

/** Language and version. A template never changes; a better text is a new version beside it. */
export type TemplateId = (typeof templateIds)[number];

/** What the text is made of: everything in it is also in the non-visible data of its version. */
export type VisibleFacts = VisibleFacts1 | VisibleFacts2;

export function isTemplateId(value: string): value is TemplateId {
  return (templateIds as readonly string[]).includes(value);
}

/** The template of new orders in a language. */
export function templateOf(language: 'sv' | 'en'): Template2 {
  return language === 'sv' ? 'sv-2' : 'en-2';
}

export function isTemplate1(template: TemplateId): template is Template1 {
  return template === 'sv-1' || template === 'en-1';
}

/** The version of a template, which is also that of the non-visible data signed with it. */
export function versionOf(template: TemplateId): TemplateVersion {
  return isTemplate1(template) ? 1 : 2;
}

/**
 * The text that the payer reads and signs, lines separated by LF: the TPP, the payment, a warning. The same facts
 * always give the same bytes: no Intl, none of the runtime's Unicode tables. Values are never changed; they were
 * checked when the consent was pushed.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1)(a), 5(2)
 */
export function renderVisibleText(facts: VisibleFacts): string {
  return isVersion1(facts) ? renderVersion1(facts) : renderVersion2(facts);
}

/** The lines of that text about the verification of the payee, label and value, for the page that comes before it. */
export function payeeCheckLines(
  language: 'sv' | 'en',
  facts: Omit<Parameters<typeof payeeCheckRows>[0], 'template'>,
): readonly (readonly [label: string, value: string | undefined])[] {
  return payeeCheckRows({ ...facts, template: templateOf(language) });
}

/** An amount as the signed text of the newest version writes it: `1 250,00 SEK`, `1,250.00 SEK`. */
export function formatSignedMoney(money: Money, language: 'sv' | 'en'): string {
  return formatMoney(money, spellings[language]);
}

/** Kind and number of an account as that text writes it: `Bankgiro 5050-1055`. */
export function formatSignedAccount(account: Account, language: 'sv' | 'en'): string {
  return formatAccount(account, spellings[language]);
}

const spellings = { sv: swedish, en: english } as const;

function isVersion1(facts: VisibleFacts): facts is VisibleFacts1 {
  return isTemplate1(facts.template);
}
