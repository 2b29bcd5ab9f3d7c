import { IBAN } from '../limits.ts';
import { hasModulus97Digits } from './modulus-97.ts';

/** Country and length of its IBAN, as of November 2026; a country is never removed. @see ISO 13616 registry (SWIFT), release 101 */
const lengths: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 ' +
    'YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** What is wrong with a text that {@link findIban} does not take for an IBAN. */
export function ibanFault(value: string): string {
  if (!IBAN.test(value)) return 'An IBAN has only letters, digits and spaces.';
  const iban = value.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}/.test(iban)) return 'An IBAN begins with two letters and two digits.';
  const length = lengths.get(iban.slice(0, 2));
  if (length === undefined) return 'There is no country whose IBANs begin with these letters.';
  return length === iban.length
    ? 'The check digits of the IBAN are wrong.'
    : `An IBAN of this country has ${length} characters.`;
}

/**
 * The IBAN in its electronic form, upper case and without spaces; `undefined` when the country has none, the length is not
 * the country's or the check digits are wrong.
 * @see ISO 13616, ISO 7064 MOD 97-10
 */
export function findIban(value: string): string | undefined {
  if (!IBAN.test(value)) return undefined;
  const iban = value.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return undefined;
  if (lengths.get(iban.slice(0, 2)) !== iban.length) return undefined;
  return hasModulus97Digits(iban) ? iban : undefined;
}
