/** ISO 4217, the active codes. A value must not read like a second amount: "500 EUR" as the name of a payee. */
const codes =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
  'CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD ' +
  'HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL ' +
  'MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD ' +
  'RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD ' +
  'USN UYI UYU UZS VED VES VND VUV WST XAF XAG XAU XCD XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG ZWL';

/** Found even inside a word ("500sekAB"): of these, none is a part of common Swedish or English words beside numbers. */
const anywhere = 'sek|eur|nok|dkk|chf|pln|czk|huf|bgn';

/** A word of its own, spelt with or without spaces: "Hyra mars 2026" holds no Argentine pesos. */
const words = codes
  .toLowerCase()
  .split(' ')
  .map((code) => [...code].join(' *'))
  .join('|');

const gap = '[^0-9a-z\\u00aa-\\u017f]*';
const letter = '[a-z\\u00aa-\\u017f]';
const asWord = `(?<!${letter})(?:${words})(?!${letter})`;
const wordBesideNumber = new RegExp(`[0-9]${gap}${asWord}|${asWord}${gap}[0-9]`);
const codeBesideDigit = new RegExp(`[0-9](?:${anywhere})|(?:${anywhere})[0-9]`);

/** Whether a number stands beside an ISO 4217 code, whatever the case and however spaced. */
export function isNumberBesideCurrency(value: string): boolean {
  const folded = value.normalize('NFKC').toUpperCase().toLowerCase();
  return wordBesideNumber.test(folded) || codeBesideDigit.test(folded.replaceAll(' ', ''));
}
