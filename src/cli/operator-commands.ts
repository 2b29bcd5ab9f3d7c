import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { PhoneClient } from '../bankid-sign/phone-orders.ts';
import { inService, operator } from './command-context.ts';
import { printFigures } from './figures/print-figures.ts';
import {
  registerErase,
  registerHold,
  registerRequest,
  registerRetention,
  registerSteward,
  registerSubject,
} from './rights/register.ts';

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

/** `sigill figures`: counts and sums of a bank's payments, for its reports on payment fraud. */
export function registerFigures(program: Command): void {
  program
    .command('figures')
    .description("count and sum a bank's payments by TPP, channel and half-year, as inputs to EBA/GL/2018/05")
    .requiredOption('--bank <client>', 'the bank, by client id')
    .option('--half-year <half>', 'a half-year in Swedish time, as 2026-H2')
    .option('--from <time>', 'instead: from this moment on (RFC 3339, or a date in UTC)')
    .option('--to <time>', 'before this moment')
    .option('--csv', 'RFC 4180 on standard output')
    .option('--json', 'one JSON document on standard output')
    .action(printFigures);
}

/** Retention, holds, erasure and the rights of persons. */
export function registerRights(program: Command): void {
  for (const register of [registerHold, registerRetention, registerSubject, registerErase, registerRequest])
    register(program);
  registerSteward(program);
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
