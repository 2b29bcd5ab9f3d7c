import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { PhoneClient } from '../bankid-sign/phone-orders.ts';
import { inService, operator } from './command-context.ts';
import type { Printing } from './rights/in-holds.ts';
import { listHolds, placeHold, releaseHold } from './rights/hold.ts';
import { printEnded } from './rights/retention.ts';
import { answerSubject } from './rights/subject.ts';

/** Of sysexits.h. */
const EX_USAGE = 64;

interface PhoneOrdersOptions {
  readonly lift?: string;
  readonly json?: true;
}

/** `sigill phone-orders`: which clients ask for signatures and identifications in phone calls, and whom a limit has stopped. */
export function registerPhoneOrders(program: Command): void {
  program
    .command('phone-orders')
    .description('list the clients that place orders in phone calls, with how many of their latest were declined')
    .option('--lift <client>', 'let a client that was stopped place them again; what came before counts no more')
    .option('--json', 'one JSON document on standard output')
    .action(phoneOrders);
}

/** `sigill hold`: legal holds, which stop the erasure of what they cover. */
export function registerHold(program: Command): void {
  const hold = program.command('hold').description('place, list and release legal holds, which stop erasure');
  hold
    .command('place')
    .description('stop the erasure of a consent or a login, or of all of a person, a TPP or a period')
    .option('--consent <id>', 'this consent')
    .option('--login <id>', 'this login')
    .option('--person', 'the person whose number standard input holds, also in what comes later')
    .option('--tpp <client>', 'what this client asks for, also later')
    .option('--from <time>', 'what was open from then on (a day in UTC, or RFC 3339)')
    .option('--to <time>', 'what was open before then')
    .option('--bank <client>', 'at this bank alone')
    .requiredOption('--case <reference>', 'why: the reference of the case, without personal data')
    .requiredOption('--review <day>', 'when the hold is to be looked at again')
    .option('--json', 'one JSON document on standard output')
    .action(placeHold);
  hold
    .command('list')
    .description('list the holds that stand; with --all, the released ones too')
    .option('--all', 'also what was released')
    .option('--json', 'one JSON document on standard output')
    .action(listHolds);
  hold
    .command('release')
    .description('release a hold as the owner of the database (MIGRATION_DATABASE_URL, SIGILL_ENV)')
    .argument('<hold>', 'its id')
    .requiredOption('--case <reference>', 'why: the reference of the decision')
    .action(releaseHold);
}

/** `sigill subject`: what a bank has of a person, for the person's own request. */
export function registerSubject(program: Command): void {
  program
    .command('subject')
    .description('print, as JSON, what a bank has of the person whose number standard input holds')
    .requiredOption('--bank <client>', 'the bank that was asked: it answers the person')
    .requiredOption('--case <reference>', 'the reference of the request; recorded in the chain of each consent')
    .action(answerSubject);
}

/** `sigill retention`: what the next erasure takes, and what holds keep. */
export function registerRetention(program: Command): void {
  const retention = program.command('retention').description('what is not erased although its retention has ended');
  retention
    .command('due')
    .description('list what the next erasure takes')
    .option('--json', 'one JSON document on standard output')
    .action((options: Printing) => printEnded('due', options));
  retention
    .command('held')
    .description('list what holds keep from being erased, and which')
    .option('--json', 'one JSON document on standard output')
    .action((options: Printing) => printEnded('held', options));
}

async function phoneOrders({ lift, json }: PhoneOrdersOptions): Promise<void> {
  await inService(async (context) => {
    const clients = await listClients(context, lift);
    if (!clients) {
      process.stderr.write(`--lift names no registered client: ${lift}\n`);
      process.exitCode = EX_USAGE;
      return;
    }
    process.stdout.write(json ? `${JSON.stringify(clients)}\n` : clients.map(describe).join(''));
  }, 'the list could not be made');
}

/** The list, after the lift. Undefined where no such client is registered. */
async function listClients(
  context: INestApplicationContext,
  lift: string | undefined,
): Promise<readonly PhoneClient[] | undefined> {
  const { PhoneOrders } = await import('../bankid-sign/phone-orders.ts');
  const { Clients } = await import('../clients/clients.ts');
  const phones = context.get(PhoneOrders, { strict: false });
  if (lift !== undefined) {
    const client = context.get(Clients, { strict: false }).findClient(lift);
    if (!client) return undefined;
    await phones.lift(client.id, operator());
  }
  return phones.listClients();
}

function describe({ clientId, orders, declined, isStopped, liftedAt, liftedBy }: PhoneClient): string {
  const state = isStopped ? 'STOPPED' : 'allowed';
  const lifted = liftedAt ? `, lifted ${liftedAt.toISOString()} by ${liftedBy}` : '';
  return `${clientId}: ${state}, ${declined} of the latest ${orders} declined or not opened${lifted}\n`;
}
