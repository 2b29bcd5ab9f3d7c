import type { Language } from '../design/language.ts';
import type { ReadingPurpose } from './purpose.ts';

/** Each purpose as a page says it. */
export const purposeWords: Readonly<Record<Language, Readonly<Record<ReadingPurpose, string>>>> = {
  sv: {
    'payment-execution': 'för att utföra betalningen',
    'payment-investigation': 'för att utreda en betalning',
    dispute: 'en tvist',
    complaint: 'ett klagomål',
    'fraud-investigation': 'för att utreda bedrägeri',
    'authority-request': 'en myndighets begäran',
    'legal-proceedings': 'ett rättsligt förfarande',
    audit: 'en granskning',
  },
  en: {
    'payment-execution': 'to execute the payment',
    'payment-investigation': 'to investigate a payment',
    dispute: 'a dispute',
    complaint: 'a complaint',
    'fraud-investigation': 'to investigate fraud',
    'authority-request': "an authority's request",
    'legal-proceedings': 'legal proceedings',
    audit: 'an audit',
  },
};
