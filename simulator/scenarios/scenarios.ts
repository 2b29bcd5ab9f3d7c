import { scenariosEn } from './texts.en.ts';
import { scenariosSv } from './texts.sv.ts';
import { scenarioIds, type Scenario, type ScenarioId } from './scenario.ts';

/** Cecilia Dahl of people.ts. */
const OTHER_PERSON = '197202292384';
const SLOW_MS = 10_000;

const faults: Readonly<Record<ScenarioId, Scenario['fault']>> = {
  'someone-else': () => ({ personalNumber: OTHER_PERSON }),
  'high-risk': () => ({ risk: 'high' }),
  'moderate-risk': () => ({ risk: 'moderate' }),
  'bankid-issued-today': (now) => ({ bankIdIssueDate: now.toISOString().slice(0, 10) }),
  revoked: () => ({ revocation: 'revoked' }),
  'ocsp-unknown': () => ({ revocation: 'unknown' }),
  'slow-answer': () => ({ answerAfterMs: SLOW_MS }),
  'call-declined': () => ({ declinesCall: true }),
  expired: () => ({ failedHint: 'expiredTransaction' }),
  cancelled: () => ({ failedHint: 'userCancel' }),
  maintenance: () => ({ inMaintenance: true }),
};

/** All scenarios, in the order of the menu. The API, the pages and docs/sandbox.md say what stands here. */
export const scenarios: readonly Scenario[] = scenarioIds.map((id) => ({
  id,
  takenAt: id === 'maintenance' ? 'placing' : 'opening',
  fault: faults[id],
  sv: scenariosSv[id],
  en: scenariosEn[id],
}));

export function findScenario(id: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.id === id);
}
