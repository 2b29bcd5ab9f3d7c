import { parseArgs } from 'node:util';
import type { SandboxClient } from '../../sandbox/clients.ts';
import type { PartiesFacts } from './payment-chain.ts';

/** Where a process of parties finds the service and who they are, from its arguments. */
export function readFacts(): PartiesFacts {
  const { values } = parseArgs({
    options: {
      issuer: { type: 'string', default: '' },
      app: { type: 'string', default: '' },
      tpp: { type: 'string', default: '' },
      bank: { type: 'string', default: '' },
    },
  });
  return {
    issuer: values.issuer,
    appUrl: values.app,
    tpp: JSON.parse(values.tpp) as SandboxClient,
    bank: JSON.parse(values.bank) as SandboxClient,
  };
}
