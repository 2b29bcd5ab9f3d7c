import type { ChildProcess } from 'node:child_process';
import type { Undo } from '../../sandbox/undo.ts';
import { startHelper } from '../helper-process.ts';
import type { Prepared } from '../service/prepare.ts';

/** TPP, payer, pretend app and bank, in a process that carries out commands (load.ts) against the prepared service. */
export function startParties({ issuer, simulator, clients }: Prepared, undo: Undo): Promise<ChildProcess> {
  const facts = {
    issuer,
    app: simulator.facts.appUrl,
    tpp: JSON.stringify(clients.tpp),
    bank: JSON.stringify(clients.bank),
  };
  const args = Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value]);
  return startHelper('chain/parties-process', args, undo);
}
