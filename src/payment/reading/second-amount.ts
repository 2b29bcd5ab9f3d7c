import { currencyDecimals } from '../money.ts';
import { spellingsOf } from './quotation-marks.ts';

/**
 * Whether a text beside the amount in the signed text reads like an amount itself, in any usual spelling: "125 kr",
 * "125 kronor", "$125", "sek500", "5 0 0 S E K", "S´E´K 500", "125:-". Cups, dates, account kinds and reference numbers do not.
 *
 * It is a rule for new payments and may become stricter at any time: it is never applied to what was signed.
 */
export function readsLikeAmount(value: string): boolean {
  return spellingsOf(value).some((spelling) => {
    const folded = fold(spelling);
    return amounts.some((amount) => amount.test(folded)) || codeInsideWord.test(folded);
  });
}

/** Resolves compatibility forms, folds case through upper case (so ſ becomes s), and turns the letter o after a digit into a zero. */
function fold(value: string): string {
  const folded = value.normalize('NFKC').toUpperCase().toLowerCase();
  return folded.replaceAll(/(?<=[0-9])o+/g, (letters) => '0'.repeat(letters.length));
}

/** Also a Swedish kind of account (ISK) and a first name (Ron): these read like money only after a number or before decimals. */
const ambiguous = ['isk', 'ron'];
const ambiguousCodes = either(...ambiguous);

/** The other currencies of payments, former ones included. */
const clear = Object.keys(currencyDecimals)
  .map((code) => code.toLowerCase())
  .filter((code) => !ambiguous.includes(code));

/** Those, and two that travellers know, spelt with or without spaces, dots and hyphens. */
const codes = either(...clear, 'usd', 'gbp');

const letter = '[a-z\\u00aa-\\u017f]';
const gap = '[^0-9a-z\\u00aa-\\u017f]*';
const symbol = '[€$£]';
/** A year of these two centuries: "Tre Kronor 2026", "Euro 2028". */
const year = '(?:19|20)[0-9]{2}(?![0-9])';
const numberWord = '(?:hundra|tusen|miljon|miljoner|hundred|thousand|million)';
const abbreviations = '(?:kr|tkr|kkr|mkr|[ktm]sek|[ktm]eur|öre)';
const kronor = either('krona', 'kronor');
const units = '(?:euros?|dollars?|pund|pounds?|spänn)';

const amounts: readonly RegExp[] = [
  // 125 kr, 125kr, 125 kronor, 500-kronorsbiljett, 12,50 USD, 125 €
  `[0-9]${gap}(?:${codes}|${ambiguousCodes}|${abbreviations})(?!${letter})`,
  `[0-9]${gap}(?:${kronor}|${symbol}|${units}(?!${letter}))`,
  // 125:-  125,-  125.–
  '[0-9] ?[:,.;] ?[-–—](?! *[0-9])',
  // kr 125, SEK: 125, €125, $ 125
  `(?<!${letter})(?:${codes}|${abbreviations}|dollars?)${gap}[0-9]`,
  `${symbol}${gap}[0-9]`,
  // kronor 125, euro 125; not the team, the cup and the hotel beside a year
  `(?<!${letter})(?:${kronor}|euros?)${gap}(?!${year})[0-9]`,
  // ISK 5 000, ISK 12.50; not ISK 1234567
  `(?<!${letter})${ambiguousCodes}${gap}(?:[0-9]{1,3}(?:[ .][0-9]{3})+(?! ?[0-9])|[0-9]+[.,][0-9]{2}(?![0-9]))`,
  // femhundra kronor, two thousand euros
  `${numberWord} *(?:${codes}|${abbreviations}|${kronor}|${units})`,
].map((source) => new RegExp(source));

/** "500sekAB": none of these codes is part of a common Swedish or English word beside a number. */
const codeInsideWord = new RegExp(`[0-9](?:${clear.join('|')})|(?:${clear.join('|')})[0-9]`);

function either(...words: string[]): string {
  return `(?:${words.map((word) => [...word].join('[ .-]*')).join('|')})`;
}
