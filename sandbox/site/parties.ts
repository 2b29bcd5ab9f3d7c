import type { CustomFetch } from 'openid-client';
import { SandboxBank } from '../bank.ts';
import type { SandboxClient, SandboxClients } from '../clients.ts';
import { withKeptDpopKey } from '../dpop-key.ts';
import { SandboxRp } from '../rp.ts';
import { SandboxTpp } from '../tpp.ts';
import type { Recorder } from './recorder.ts';

/** A bank of the sandbox, and its auditor, who reads its evidence. */
export interface SiteBank {
  readonly id: string;
  readonly name: string;
  readonly bank: SandboxBank;
  readonly auditorName: string;
  readonly auditor: SandboxBank;
}

/** The parties whose part a person takes in the sandbox. */
export interface SiteParties {
  readonly tpp: SandboxTpp;
  readonly rp: SandboxRp;
  readonly banks: readonly [SiteBank, SiteBank];
}

export interface PartyFacts {
  readonly issuer: string;
  readonly clients: SandboxClients;
  /** Of the clients' keys. */
  readonly folder: string;
  readonly recorder: Recorder;
  readonly reach: CustomFetch;
}

/** Connects all of them over HTTP; what they send is recorded. */
export async function connectSiteParties(facts: PartyFacts): Promise<SiteParties> {
  const { clients } = facts;
  const [tpp, rp, first, second] = await Promise.all([
    connect(SandboxTpp, facts, clients.tpp),
    connect(SandboxRp, facts, clients.rp),
    connectBank(facts, 'Exempelbanken', clients.bank, 'Exempelrevision', clients.auditor),
    connectBank(facts, 'Provbanken', clients.otherBank, 'Provrevision', clients.otherAuditor),
  ]);
  return { tpp, rp, banks: [first, second] };
}

interface Kind<T> {
  connect(issuer: string, client: SandboxClient, reach: CustomFetch): Promise<T>;
}

async function connect<T>(kind: Kind<T>, facts: PartyFacts, client: SandboxClient): Promise<T> {
  const { issuer, folder, recorder, reach } = facts;
  return kind.connect(issuer, await withKeptDpopKey(folder, client), recorder.fetchOf(client.id, reach));
}

async function connectBank(
  facts: PartyFacts,
  name: string,
  bank: SandboxClient,
  auditorName: string,
  auditor: SandboxClient,
): Promise<SiteBank> {
  const [own, reading] = await Promise.all([connect(SandboxBank, facts, bank), connect(SandboxBank, facts, auditor)]);
  return { id: bank.id, name, bank: own, auditorName, auditor: reading };
}
