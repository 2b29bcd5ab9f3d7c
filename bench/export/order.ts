import { createContext } from '../../src/app.ts';
import type { Caller } from '../../src/client-auth/access.ts';
import { parseClients } from '../../src/clients/parse-clients.ts';
import { ExportJournal } from '../../src/compliance/orders/export-journal.ts';
import { ExportOrders } from '../../src/compliance/orders/export-orders.ts';
import { ExportWorkers } from '../../src/compliance/orders/export-workers.ts';
import { loadConfigFrom } from '../../src/config/load-config.ts';
import { HeadRounds } from '../../src/ledger/heads/head-rounds.ts';
import { runSql } from '../token/contenders.ts';

/**
 * One order for the folders of all consents, by the workers of the service, in a process of its own: given the owner's URL, it prints
 * how long the attempt took, its processor time, and the most resident memory before it (kB). The approval is left out, and the order is due at once.
 */
const [ownerUrl = ''] = process.argv.slice(2);
const auditor = {
  clientId: 'exempelrevision',
  name: 'bench',
  role: 'auditor',
  bank: 'exempelbanken',
} as unknown as Caller;

const service = await createContext({ config: loadConfigFrom(process.env, parseClients) });
await service.get(HeadRounds).runOnce();
const journal = service.get(ExportJournal);
journal.approvalOf = () => Promise.resolve(undefined);
const body = { format: 'list', from: '2020-01-01T00:00:00Z', to: new Date().toISOString(), purpose: 'audit' };
const placed = await service.get(ExportOrders).place(body, auditor);
await runSql(
  ownerUrl,
  `alter table export_order drop constraint export_order_approval;
   alter table export_order disable trigger export_order_stays_as_ordered;
   update export_order set format = 'folders', begins_at = ordered_at where state = 'waiting';
   alter table export_order enable always trigger export_order_stays_as_ordered`,
);
const rssBefore = process.resourceUsage().maxRSS;
const cpuBefore = process.cpuUsage();
const begun = performance.now();
await service.get(ExportWorkers).runOnce();
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const { state, result } = await service
  .get(ExportOrders)
  .read(placed['exportId'] as string, auditor, { ms: 0, signal: new AbortController().signal });
process.stdout.write(JSON.stringify({ seconds, cpuMs: (user + system) / 1000, rssBefore, state, result }));
await service.close();
