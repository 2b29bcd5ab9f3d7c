import { join } from 'node:path';
import type { CustomFetch } from 'openid-client';
import { AuditDesk } from '../audit-desk/desk.ts';
import { SignatureOrders } from '../audit-desk/signature-orders.ts';
import { BankDesk } from '../bank-desk/desk.ts';
import { BankProviders } from '../identity/bank-providers.ts';
import { ShopLogins } from '../shop/logins.ts';
import { ShopPayments } from '../shop/payments.ts';
import type { System } from '../system.ts';
import { connectSiteParties } from './parties.ts';
import { Recorder } from './recorder.ts';
import type { Site } from './routes.ts';

export interface SiteFacts {
  readonly system: System;
  /** Where the sandbox keeps keys and data. */
  readonly folder: string;
  /** Reaches the service on this machine, also if only a test suite resolves its name. */
  readonly reach: CustomFetch;
  /** Its own origin. */
  readonly url: string;
}

/** Below which the identity providers of the banks are. @param url of the site */
export function identityOrigin(url: string): string {
  return `${url}/idp`;
}

/** Connects the parties whose part a person takes in the sandbox, and prepares what they do. */
export async function openSite({ system, folder, reach, url }: SiteFacts): Promise<Site> {
  const { issuer, clients, simulator, metricsUrl, app } = system;
  const recorder = new Recorder();
  const parties = await connectSiteParties({ issuer, clients, folder: join(folder, 'service'), recorder, reach });
  const returnUri = `${url}/auditor/login`;
  const banks = parties.banks.map(({ id }) => id);
  return {
    parties,
    recorder,
    payments: new ShopPayments(parties, recorder),
    logins: new ShopLogins(parties, recorder),
    bankDesk: new BankDesk(recorder),
    auditDesk: new AuditDesk(recorder, app),
    signatureOrders: new SignatureOrders(recorder, returnUri),
    identity: await BankProviders.open(identityOrigin(url), banks, returnUri),
    links: { appUrl: simulator.appUrl, rpUrl: simulator.rpUrl, issuer, metricsUrl, folder },
    reach: (url) => reach(url, { method: 'GET', headers: {}, body: undefined, redirect: 'manual' }),
  };
}
