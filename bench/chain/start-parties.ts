import type { ChildProcess } from 'node:child_process';
import type { Undo } from '../../sandbox/undo.ts';
import { startHelper } from '../helper-process.ts';
import type { Prepared } from '../service/prepare.ts';

/** TPP, payer, pretend app and bank, in a process that carries out commands (load.ts) against the prepared service. */
export function startParties(prepared: Prepared, undo: Undo): Promise<ChildProcess> {
  return startHelper('chain/parties-process', partiesArguments(prepared), undo);
}

/** What parties-facts.ts reads. */
export function partiesArguments({ issuer, simulator, clients }: Prepared): readonly string[] {
  const facts = {
    issuer,
    app: simulator.facts.appUrl,
    tpp: JSON.stringify(clients.tpp),
    bank: JSON.stringify(clients.bank),
  };
  return Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value]);
}
