import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { PhoneClient } from '../bankid-sign/phone-orders.ts';
import { openCommandContext } from './command-context.ts';

/** Exit codes of sysexits.h. */
const exitCodes = { usage: 64, unavailable: 69, config: 78 } as const;

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

async function phoneOrders({ lift, json }: PhoneOrdersOptions): Promise<void> {
  const { ConfigError } = await import('../config/config.ts');
  try {
    const clients = await run(lift);
    if (!clients) {
      process.stderr.write(`--lift names no registered client: ${lift}\n`);
      process.exitCode = exitCodes.usage;
      return;
    }
    process.stdout.write(json ? `${JSON.stringify(clients)}\n` : clients.map(describe).join(''));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the list could not be made'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
  }
}

/** The list, after the lift. Undefined where no such client is registered. */
async function run(lift: string | undefined): Promise<readonly PhoneClient[] | undefined> {
  const context = await openCommandContext();
  const { PhoneOrders } = await import('../bankid-sign/phone-orders.ts');
  const { Clients } = await import('../clients/clients.ts');
  try {
    const phones = context.get(PhoneOrders, { strict: false });
    if (lift !== undefined) {
      const client = context.get(Clients, { strict: false }).findClient(lift);
      if (!client) return undefined;
      await phones.lift(client.id, `operator:${userInfo().username}`);
    }
    return await phones.listClients();
  } finally {
    await context.close();
  }
}

function describe({ clientId, orders, declined, isStopped, liftedAt, liftedBy }: PhoneClient): string {
  const state = isStopped ? 'STOPPED' : 'allowed';
  const lifted = liftedAt ? `, lifted ${liftedAt.toISOString()} by ${liftedBy}` : '';
  return `${clientId}: ${state}, ${declined} of the latest ${orders} declined or not opened${lifted}\n`;
}
