import type { OrderFault } from '../orders/faults.ts';

export const scenarioIds = [
  'someone-else',
  'high-risk',
  'moderate-risk',
  'bankid-issued-today',
  'revoked',
  'ocsp-unknown',
  'slow-answer',
  'call-declined',
  'expired',
  'cancelled',
  'maintenance',
] as const;

export type ScenarioId = (typeof scenarioIds)[number];

/** A scenario as people read it: a line for each question that they have. */
export interface ScenarioTexts {
  readonly title: string;
  /** What the app and BankID do. */
  readonly happens: string;
  /** What the relying party's client, a TPP, reads. */
  readonly tpp: string;
  /** What the page says to the payer. */
  readonly payer: string;
}

/** One outcome of a whole payment, to be played on demand. */
export interface Scenario {
  readonly id: ScenarioId;
  /** When an order takes it: as it is placed, or as its payer opens the app. */
  readonly takenAt: 'placing' | 'opening';
  /** What is wrong with the order. @param now the present moment, for what depends on it */
  readonly fault: (now: Date) => OrderFault;
  readonly sv: ScenarioTexts;
  readonly en: ScenarioTexts;
}
