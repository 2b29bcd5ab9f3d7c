import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { openPki } from '../../simulator/pki/pki.ts';
import { AuditTrail } from '../../src/audit/audit-trail.ts';
import { ANSWER_KIND } from '../../src/bankid-sign/received-answer.ts';
import { Database, type Tx } from '../../src/database/database.ts';
import type { EvidenceRecord, SealedEvidence } from '../../src/evidence/evidence.ts';
import { EvidenceStore } from '../../src/evidence/evidence-store.ts';
import { SignatureTrust } from '../../src/evidence/signature-trust.ts';
import type { OrderId } from '../../src/kernel/ids.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import { buildNonVisibleData, consentToJson, type SignedConsentFacts } from '../../src/payment/non-visible.ts';
import { compress } from '../../src/vault/compressed.ts';
import { Envelope } from '../../src/vault/envelope.ts';
import { isVerified, type VerifiedSignature } from '../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../src/verification/verify-consent.ts';
import { insertDataKey } from '../service/data-key.ts';
import { runSql } from '../token/contenders.ts';
import { factsOf, makeItem, type Item } from '../verify/material.ts';

const PAYERS = 64;
/** How many are stored in one transaction. */
const BATCH = 250;

export interface Filling {
  readonly service: INestApplicationContext;
  readonly ownerUrl: string;
  readonly pkiFolder: string;
  readonly consents: number;
  /** How many of them are signed, the first. The others carry the signatures of these, which are not theirs. */
  readonly signatures: number;
}

/** A consent with a signature that was verified. */
interface Signed extends Item {
  readonly verified: VerifiedSignature;
}

/**
 * Puts signed consents into the database, sealed by the service's own store, each under a data key of its own. The rows that authorise
 * are made from these, with triggers and foreign keys off.
 */
export async function fillConsents(filling: Filling): Promise<void> {
  const { service, ownerUrl, pkiFolder, consents, signatures } = filling;
  const at = new Date();
  const pki = await openPki(pkiFolder, at);
  const database = service.get(Database);
  const event = { type: 'consent.authorised', at, actor: 'service', detail: {} };
  const signed: Signed[] = [];
  for (let done = 0; done < consents; done += BATCH) {
    const items: Signed[] = [];
    for (let index = done; index < Math.min(done + BATCH, consents); index++) {
      const own = signed[index % signatures];
      const item = own
        ? withFacts(own, factsOf(index, at))
        : verify(service, await makeItem(pki, index, index % PAYERS, at));
      if (signatures < consents && !own) signed.push(item);
      items.push(item);
    }
    const sealed: SealedItem[] = [];
    await database.inTransaction(async (tx) => {
      for (const item of items) sealed.push(await seal(service, tx, item));
      await service.get(AuditTrail).appendEvents(tx, new Map(items.map((item) => [subjectOf(item), event])));
    });
    await insert(ownerUrl, sealed);
    if (done % 10_000 === 0) process.stderr.write(`${done + items.length} of ${consents} stored\n`);
  }
  await runSql(ownerUrl, AUTHORISE);
}

/** Authorised one millisecond after the other, all before they were stored; numbered in that order. */
const AUTHORISE = `
  set session_replication_role = replica;
  insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                             payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
    select consent_id, id, digest, order_id, environment, bank, client_id, '{}', '\\x026b31'::bytea || digest,
           '\\x026b31'::bytea || digest, digest, 'payer', signed_at,
           stored_at - row_number() over (order by consent_id desc) * interval '1 ms'
      from evidence;
  insert into consent (id, bank, client_id, interaction_id, state, bank_name, tpp_name, authorisation_number, initiation, created_at,
                       expires_at, authorised_at)
    select consent_id, bank, client_id, right(replace(consent_id::text, '-', ''), 22), 'authorised', 'Bank', 'TPP', 'PSD-1', '{}',
           authorised_at, authorised_at + interval '1 day', authorised_at
      from authorisation;
  insert into ledger_leaf (bank, number, kind, evidence_id, digest)
    select bank, row_number() over (partition by bank order by authorised_at, evidence_id), 'evidence', evidence_id, evidence_digest
      from authorisation;
  delete from ledger_pending;
  analyze;
  checkpoint;`;

interface SealedItem {
  readonly evidence: SealedEvidence;
  /** BankID's answer, which holds the signature. */
  readonly answer: Buffer;
}

async function insert(ownerUrl: string, sealed: readonly SealedItem[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query('begin');
    for (const { evidence, answer } of sealed) {
      const { summary: row, subject, sealed: body, rootSha256 } = evidence;
      const values = [row.orderId, answer, row.receivedAt];
      await client.query(
        'insert into bankid_answer (order_id, answer_sealed, received_at) values ($1, $2, $3)',
        values,
      );
      await client.query(
        `insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, indication, digest, sealed,
                               signed_at, received_at, stored_at, retention_ends_at, root_sha256)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
        [
          ...[row.evidenceId, row.kind, subject, row.consentId, row.bank, row.clientId, row.orderId, row.environment],
          ...[
            row.indication,
            row.evidenceDigest,
            body,
            row.signedAt,
            row.receivedAt,
            row.storedAt,
            row.retentionEndsAt,
            rootSha256,
          ],
        ],
      );
    }
    await client.query('commit');
  } finally {
    await client.end();
  }
}

function verify(service: INestApplicationContext, item: Item): Signed {
  const { completion, expectation } = item;
  const { anchors: trust, policy } = service.get(SignatureTrust);
  const verified = verifyConsent(completion, expectation, { trust, policy, now: expectation.receivedAt });
  if (!isVerified(verified)) throw new Error(`sound material is refused: ${JSON.stringify(verified.checks)}`);
  return { ...item, verified };
}

/** Another consent with the same signature. An export takes as long for it, and `sigill verify` refuses it. */
function withFacts(signed: Signed, facts: SignedConsentFacts): Signed {
  return { ...signed, expectation: { ...signed.expectation, facts, nonVisibleData: buildNonVisibleData(facts) } };
}

async function seal(service: INestApplicationContext, tx: Tx, item: Signed): Promise<SealedItem> {
  const { completion, expectation, verified } = item;
  const { facts, receivedAt } = expectation;
  const record: EvidenceRecord = {
    consentId: facts.consentId,
    bank: facts.bank,
    clientId: facts.clientId,
    environment: 'sandbox',
    orderId: randomUUID() as OrderId,
    signatureText: completion.signature,
    ocspBase64: completion.ocspResponse,
    personalNumber: completion.personalNumber ?? '',
    consentJson: consentToJson(facts),
    visibleText: expectation.visibleData,
    nonVisibleData: expectation.nonVisibleData,
    circumstances: { device: 'this', browser: { ip: '192.0.2.1', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' } },
    relyingPartyName: expectation.relyingPartyName,
    receivedAt,
  };
  const key = await insertDataKey(tx, service.get(Envelope), subjectOf(item));
  const { signature, ocspResponse } = completion;
  const answer = compress(Buffer.from(JSON.stringify({ completionData: { signature, ocspResponse } }), 'utf8'));
  return {
    evidence: service.get(EvidenceStore).sealAccepted(key, verified, record),
    answer: key.seal(ANSWER_KIND, record.orderId, answer),
  };
}

function subjectOf({ expectation: { facts } }: Item): string {
  return consentSubject(facts.bank, facts.consentId);
}
