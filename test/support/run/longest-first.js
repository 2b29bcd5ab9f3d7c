import Sequencer from '@jest/test-sequencer';

/** They start processes, browsers or judges that are built first, and wait for them: begun last, one of them would keep the run waiting by itself. */
const LONGEST = [
  'bank/evidence-of-a-payment',
  'auditor/other-verifiers/ledger',
  'bank/ledger/stock-witness',
  'operator/sandbox/developing',
  'operator/sandbox/starting-the-sandbox',
  'payer/browser/looks',
  'payer/consent/killed-service',
  'operator/sandbox/pasted-commands',
  'auditor/reading-the-audit',
  'payer/orders/bankid-faults',
  'tpp/api-samples',
  'auditor/verify-script/careless-auditor',
  'payer/browser/launch-page',
  'tpp/documented-commands',
  'auditor/other-verifiers/documents',
  'tpp/schema-edges',
  'payer/consent/killed-backchannel',
  'attacker/races/one-instance',
  'tpp/conformance-suite',
].map((name) => `/test/${name}.spec.ts`);

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((name) => path.endsWith(name));
  return rank === -1 ? LONGEST.length : rank;
};

/** jest's order, behind the suites that take longest. A fresh clone knows nothing of how long a suite took. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
